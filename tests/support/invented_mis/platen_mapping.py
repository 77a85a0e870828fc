"""From Platen's words to the contract's, and back. Pure."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from makeready_hooks.errors import OutcomeUnknown
from makeready_hooks.model.order import Artwork
from makeready_hooks.model.product import (
    Count,
    LeadTime,
    MisProduct,
    PriceBreak,
    ProductKind,
)
from makeready_hooks.model.progress import OrderProgress, ProgressKind, Shipment, ShippedLine
from makeready_hooks.model.submission import (
    AcceptedLine,
    AcceptedOrder,
    Consignment,
    MisLine,
    MisOrder,
    OrderContents,
    OrderRequest,
)

KINDS = {
    "part": ProgressKind.PART_SHIPPED,
    "sent": ProgressKind.SHIPPED,
    "closed": ProgressKind.DONE,
    "rejected": ProgressKind.REFUSED,
    "void": ProgressKind.CANCELLED,
}


def consignment(one: Consignment, request: OrderRequest) -> dict[str, Any]:
    to, by, lines = one.ship_to, one.carriage, request.order.lines
    where = {
        "name": to.business or to.full_name,
        "street": to.address.line1,
        "city": to.address.city,
        "postcode": to.address.postcode,
        "country": to.address.country,
    }
    rows = [{"row": row + 1, "quantity": lines[row].pieces} for row in one.rows]
    return {
        "to": where,
        "carrier": by.carrier if by else None,
        "service": (by.service or None) if by else None,
        "rows": rows,
    }


def product(item: dict[str, Any]) -> MisProduct:
    kind = ProductKind.BLUEPRINT if item["made_as"] else ProductKind.STOCK
    days = item["days"]
    return MisProduct(
        id=item["ref"],
        code=item["ref"],
        name=item["title"],
        kind=kind,
        price_breaks=tuple(
            PriceBreak(from_quantity=count(one["from"]), unit_price=Decimal(one["price"]))
            for one in item["breaks"]
        ),
        stock=None if item["free"] is None else Decimal(item["free"]),
        variants=tuple(item["made_as"]),
        options=tuple(item["choices"].items()),
        lead_time=None if days is None else LeadTime(days=days, working=item["day_kind"] == "work"),
    )


def count(text: str) -> Count:
    number = Decimal(text)
    return int(number) if number == int(number) else number


def accepted_order(told: dict[str, Any]) -> AcceptedOrder:
    if not told.get("order"):
        raise OutcomeUnknown("Platen names no order.")
    return AcceptedOrder(id=told["order"], number=told["number"], lines=accepted_lines(told))


def accepted_lines(told: dict[str, Any]) -> tuple[AcceptedLine, ...]:
    return tuple(AcceptedLine(number=one["line"], id=one["ref"]) for one in told["lines"])


def path_of(accepted: AcceptedOrder, line: dict[str, Any]) -> str:
    return f"orders/{quote(accepted.id, safe='')}/lines/{quote(line['ref'], safe='')}/files"


def is_this(file: dict[str, Any], one: Artwork) -> bool:
    if file["digest"]:
        return bool(file["digest"] == one.sha256)
    return bool(file["name"] == one.file_name and file["url"] == one.url)


def mis_order(told: dict[str, Any]) -> MisOrder:
    lines = tuple(MisLine(product_id=one["item"], quantity=one["quantity"]) for one in told["lines"])
    wanted_on = date.fromisoformat(told["wanted_on"]) if told["wanted_on"] else None
    contents = OrderContents(customer=told["customer"], required_on=wanted_on, lines=lines)
    names: dict[str, Any] = {
        "id": told["order"],
        "number": told["number"],
        "key": told["our_ref"],
        "lines": accepted_lines(told),
    }
    return MisOrder(**names, status=told["state"], contents=contents)


def progress(accepted: AcceptedOrder, told: dict[str, Any]) -> OrderProgress:
    return OrderProgress(
        accepted=accepted,
        status=told["state"],
        kind=KINDS.get(told["state"], ProgressKind.RUNNING),
        reason=told["reason"],
        shipments=tuple(shipment(one, told["lines"]) for one in told["parcels"]),
    )


def shipment(parcel: dict[str, Any], lines: list[dict[str, Any]]) -> Shipment:
    """Rows of one item of the shop, such as a kit's, are told each."""
    return Shipment(
        tracking=parcel["code"],
        id=parcel["parcel"],
        carrier=parcel["carrier"],
        service=parcel["service"],
        lines=tuple(
            ShippedLine(line=lines[one["row"] - 1]["line"], quantity=one["quantity"])
            for one in parcel["rows"]
        ),
    )
