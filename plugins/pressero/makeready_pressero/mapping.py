"""From Pressero's order items, products and engine calls to ours, and back. Pure functions."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from makeready_hooks.errors import Refused
from makeready_hooks.model.order import Address, Artwork, Buyer, Order, OrderLine, Party
from makeready_hooks.model.product import ProductDraft, ShopProduct
from msgspec import structs

from makeready_pressero.assumptions import Assumptions
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.wire import day, moment, money, number, text, text_or_none

Row = dict[str, Any]
MAX_QUANTITY = 999_999


def orders_from(rows: Iterable[Row], settings: PresseroSettings) -> tuple[Order, ...]:
    """Order items, as a search returns them, put together to orders, by rising number.

    Raises Refused that names the order and the member that cannot be read.
    """
    by_number: dict[int, list[Row]] = {}
    for row in rows:
        by_number.setdefault(number(row.get("OrderNumber")), []).append(row)
    return tuple(_order(key, found, settings) for key, found in sorted(by_number.items()) if key > 0)


def _order(order_number: int, rows: list[Row], settings: PresseroSettings) -> Order:
    first = rows[0]
    try:
        placed_at = moment(first.get("OrderDate"))
        lines = tuple(sorted((_line(row) for row in rows), key=lambda line: line.number))
    except ValueError as exc:
        raise Refused(
            f"Order {order_number} cannot be read: {exc}.", fix="Look at the order in Pressero."
        ) from None
    if placed_at is None:
        raise Refused(f"Order {order_number} has no OrderDate.", fix="Look at the order in Pressero.")
    return Order(
        number=str(order_number),
        id=text(first.get("OrderId")),
        site=text(first.get("Domain")),
        account_id=settings.subscriber_id,
        placed_at=placed_at,
        buyer=Buyer(
            id=text(first.get(settings.assumptions.user_id_in_order)),
            first_name=text(first.get("OrderedByFirstName")),
            last_name=text(first.get("OrderedByLastName")),
            email=text(first.get("OrderedByEmail")),
            department=text(first.get("OrderedByDepartment")),
        ),
        bill_to=_party(first, "BillTo", "BilltoStateProvince"),
        po_number=text(first.get("PONumber")),
        lines=lines,
    )


def _line(row: Row) -> OrderLine:
    product = row.get("Product") if isinstance(row.get("Product"), dict) else {}
    return OrderLine(
        number=number(row.get("OrderItemNumber") or row.get("OrderItemSeq")),
        id=text(row.get("OrderItemId")),
        part_number=text(row.get("PrinterPartNumber")) or text((product or {}).get("PrintersPartNum")),
        description=text(row.get("ProductName")) or text(row.get("ItemName")),
        quantity=number(row.get("Quantity")),
        net=money(row.get("Price")),
        tax=money(row.get("ItemTax")),
        shipping_net=money(row.get("Shipping")),
        ship_to=_party(row, "ShipTo", "ShiptoStateProvince"),
        required_on=day(row.get("RequestedShipDate")),
        approved=row.get("IsApproved") is True,
        denied=row.get("IsDenied") is True,
        stage_id=text(row.get("WorkflowStageId")),
        stage=text(row.get("WorkflowStagePrinter")),
        options=text(row.get("OrderItemOptionsText")),
        notes=text(row.get("ItemNotes")),
        mis_number=text(row.get("MisId")),
    )


def _party(row: Row, prefix: str, state_member: str) -> Party:
    """One side's address. The member for the state is spelt with a small t there (seen)."""
    return Party(
        first_name=text(row.get(f"{prefix}FirstName")),
        last_name=text(row.get(f"{prefix}LastName")),
        business=text(row.get(f"{prefix}Business")),
        email=text_or_none(row.get(f"{prefix}Email")),
        phone=text_or_none(row.get(f"{prefix}Phone")),
        address=Address(
            line1=text(row.get(f"{prefix}Address1")),
            line2=text_or_none(row.get(f"{prefix}Address2")),
            line3=text_or_none(row.get(f"{prefix}Address3")),
            city=text(row.get(f"{prefix}City")),
            region=text_or_none(row.get(state_member)),
            postcode=text(row.get(f"{prefix}Postal")),
            country=text(row.get(f"{prefix}Country")),
        ),
    )


def files_from(details: Row, names: Assumptions) -> tuple[Artwork, ...]:
    """The files of an item, from its details. None at all where the account does not tell them."""
    found = details.get(names.files_member)
    files = found if isinstance(found, list) else []
    return tuple(
        Artwork(
            file_name=text(one.get(names.file_name)) or _last_part(text(one.get(names.file_url))),
            url=text(one.get(names.file_url)),
        )
        for one in files
        if isinstance(one, dict) and text(one.get(names.file_url))
    )


def _last_part(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def with_buyer(order: Order, user: Row, names: Assumptions) -> Order:
    """The order with what the shop knows of its buyer."""
    buyer = structs.replace(
        order.buyer, id=text(user.get("UserId")), external_id=text(user.get(names.user_external_id))
    )
    return structs.replace(order, buyer=buyer)


def product_body(draft: ProductDraft, stock_id: str, settings: PresseroSettings) -> Row:
    """The body that creates a product. Members that nobody has seen are named by the assumptions."""
    names = settings.assumptions
    info = {
        "ProductName": draft.name,
        "UrlName": draft.url_name,
        "PrintersPartNum": draft.part_number,
        "PublicPartNum": draft.public_part_number,
        "WorkflowId": draft.workflow_id,
        "StockId": stock_id,
        names.product_mis_id: draft.engine_product_id,
    }
    body: Row = {
        "ProductInfo": {name: value for name, value in info.items() if name and value},
        "AllowedGroups": [group.id for group in draft.groups],
        "ProductGroupCalculators": [
            _pairing(draft, group.id, place, names) for place, group in enumerate(draft.groups, 1)
        ],
    }
    if draft.markup_percent:
        body["Markups"] = [{"MinQty": 1, "MaxQty": MAX_QUANTITY, "Markup": draft.markup_percent}]
    if draft.categories and names.categories_member:
        body[names.categories_member] = [category.id for category in draft.categories]
    if draft.upload_required and names.uploads_member:
        body[names.uploads_member] = [{"Name": settings.upload_name, "Required": True}]
    return body


def _pairing(draft: ProductDraft, group_id: str, place: int, names: Assumptions) -> Row:
    """A product cannot be saved without one: a user group, and the engine that prices for it."""
    pairing: Row = {"CalculatorId": draft.engine_id, "GroupId": group_id, "Priority": place}
    if names.engine_product_id:
        pairing[names.engine_product_id] = draft.engine_product_id
    return pairing


def left_to_do(draft: ProductDraft, answer: Row, settings: PresseroSettings) -> tuple[str, ...]:
    """What the shop's answer does not show as done: a sentence each, for a person in the admin."""
    names = settings.assumptions
    todo = []
    if draft.upload_required and not answer.get(names.uploads_member):
        todo.append(
            f"Require an upload: Catalog > Products > {draft.name} > File Upload, name {settings.upload_name}."
        )
    if draft.categories and not answer.get(names.categories_member):
        wanted = ", ".join(category.name for category in draft.categories)
        todo.append(f"Assign the categories {wanted}: Catalog > Products > {draft.name} > Categories.")
    if not _paired(answer, names):
        todo.append(
            f"Enter the MIS Product ID {draft.engine_product_id}: Catalog > Products > {draft.name} > Pricing, "
            f"engine {settings.pricing_engine_name}."
        )
    return tuple(todo)


def _paired(answer: Row, names: Assumptions) -> bool:
    pairings = answer.get("ProductGroupCalculators")
    return isinstance(pairings, list) and any(
        isinstance(one, dict) and one.get(names.engine_product_id) for one in pairings
    )


def shop_product(row: Row, by_hand: tuple[str, ...] = ()) -> ShopProduct:
    """A product from a list, from details, or from the answer to a create: three spellings (seen)."""
    info = row.get("ProductInfo") if isinstance(row.get("ProductInfo"), dict) else row
    found: Row = info or {}
    return ShopProduct(
        id=text(found.get("ProductId")),
        name=text(found.get("ProductName")),
        part_number=text(found.get("PrintersPartNum")),
        public_part_number=text(found.get("PublicPartNum") or found.get("PublicPartNumber")),
        url_name=text(found.get("UrlName")),
        by_hand=by_hand,
    )


def whole(level: Decimal | None) -> int:
    """A stock level as the shop counts it: whole pieces, not below zero."""
    return max(0, int(level or 0))
