"""The connector of Platen, as `platen_format` describes it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from makeready_hooks import Capability, ConnectorContext, ConnectorType, ListKind, Role, Secret, hookimpl
from makeready_hooks.errors import MakereadyError, NotPriced, OutcomeUnknown, Refused
from makeready_hooks.model.order import (
    AcceptedOrder,
    BegunOrder,
    Carriage,
    Consignment,
    FindResult,
    MisLine,
    MisOrder,
    OrderContents,
    OrderRequest,
    PreparedOrder,
    ResolvedId,
)
from makeready_hooks.model.price import NoPriceCause, PriceQuery, Quote
from makeready_hooks.model.product import (
    Count,
    LeadTime,
    MisProduct,
    PriceBreak,
    ProductKind,
    ProductPage,
    ProductSearch,
)
from makeready_hooks.model.progress import OrderProgress, ProgressKind, Shipment, ShippedLine
from makeready_hooks.model.setup import Check, Option
from makeready_hooks.secret import GIVEN_SECRETS
from msgspec import Meta, Struct
from platen_client import CALL_S, PlatenClient, Said

KINDS = {
    "part": ProgressKind.PART_SHIPPED,
    "sent": ProgressKind.SHIPPED,
    "closed": ProgressKind.DONE,
    "rejected": ProgressKind.REFUSED,
    "void": ProgressKind.CANCELLED,
}
STEPS = 3
"""Calls that one submission makes at most."""


class PlatenSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    server_url: Annotated[str, Meta(title="Server", extra_json_schema=GIVEN_SECRETS)]
    key: Secret
    currency: str = "EUR"
    make_customers: bool = True


class Platen:
    def __init__(self, settings: PlatenSettings, client: PlatenClient) -> None:
        self._settings = settings
        self._client = client

    @hookimpl
    def currency(self, site: str) -> str:
        return self._settings.currency

    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        try:
            account = await self._client.read("account")
        except MakereadyError as exc:
            return (
                Check(name="connection", ok=False, message=exc.message, fix=exc.fix or "Look at the server."),
            )
        if account["currency"] != self._settings.currency:
            text = f"The account is in {account['currency']}."
            return (
                Check(name="currency", ok=False, message=text, fix="Correct the currency in the settings."),
            )
        return (Check(name="connection", ok=True, message=f"The account is {account['name']}."),)

    @hookimpl
    async def list_options(self, kind: ListKind) -> tuple[Option, ...] | None:
        if kind is not ListKind.CARRIERS:
            return None
        found = (await self._client.read("carriers"))["carriers"]
        ways = [
            Carriage(carrier=one["name"], service=way) for one in found for way in one["services"] or [""]
        ]
        return tuple(Option(value=one.text) for one in ways)

    # Products and prices

    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        asked = {"q": search.text, "limit": str(search.page_size), "after": search.cursor}
        page = await self._client.read("items", *((name, text) for name, text in asked.items() if text))
        return ProductPage(products=tuple(map(_product, page["items"])), next=page["next"] or "")

    @hookimpl
    async def read_mis_products(self, product_ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
        if not product_ids:
            return ()
        found = await self._client.read("items/named", *(("ref", one) for one in product_ids))
        return tuple(map(_product, found["items"]))

    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        try:
            asked = (("ref", query.product_id), ("quantity", str(query.quantity)))
            found = await self._client.read("prices", *asked)
        except Refused as exc:
            raise NotPriced(exc.message, cause=NoPriceCause.NO_PRICE) from exc
        return Quote(total=Decimal(found["amount"]))

    # Orders

    @hookimpl
    async def resolve_ids(self, request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...]:
        order = request.order
        email = order.buyer.email or order.bill_to.email or ""
        found = await self._client.read("customers", ("email", email))
        text = f"found by the e-mail address {email}"
        if found["customers"]:
            return (ResolvedId(kind="customer", id=found["customers"][0]["ref"], text=text),)
        if not self._settings.make_customers:
            raise Refused(f"Platen has no customer {email}.", fix="Make it there; then send the order again.")
        if not may_make:
            return ()
        made = await self._client.change(
            "POST", "customers", {"email": email, "name": order.bill_to.full_name}
        )
        return (ResolvedId(kind="customer", id=made.checked()["ref"], text=text.replace("found", "made")),)

    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        lines = request.order.lines
        if not lines:
            raise Refused("An order for Platen needs a line.")
        wanted_on = min((one.required_on for one in lines if one.required_on), default=None)
        customer = next((one.id for one in request.resolved if one.kind == "customer"), "")
        products = tuple(
            MisLine(product_id=ref, quantity=one.pieces)
            for ref, one in zip(request.product_ids, lines, strict=True)
        )
        mapped = [
            {
                "item": known.product_id,
                "our_line": one.number,
                "quantity": known.quantity,
                "amount": str(one.net),
                "text": one.description,
            }
            for known, one in zip(products, lines, strict=True)
        ]
        content = {
            "our_ref": request.key,
            "customer": customer,
            "currency": self._settings.currency,
            "wanted_on": wanted_on,
            "lines": mapped,
            "consignments": [_consignment(one, request) for one in request.consignments],
        }
        return PreparedOrder(
            key=request.key,
            payload=msgspec.json.encode(content),
            contents=OrderContents(customer=customer, required_on=wanted_on, lines=products),
            deadline_s=STEPS * CALL_S,
        )

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        draft = await self._draft(prepared)
        said = await self._client.change("POST", f"drafts/{quote(draft, safe='')}/confirm", {})
        if said.code == "confirmed":
            return _accepted(said.body)
        return _accepted(said.checked())

    async def _draft(self, prepared: PreparedOrder) -> str:
        """An open one with this very content."""
        if prepared.begun:
            return await self._filled(prepared.begun, prepared)
        said = await self._put("POST", "drafts", prepared)
        if said.code == "open":
            found = BegunOrder(id=said.body["draft"], payload_hash=said.body["fingerprint"])
            return await self._filled(found, prepared)
        return str(said.checked()["draft"])

    async def _filled(self, begun: BegunOrder, prepared: PreparedOrder) -> str:
        if not msgspec.structs.replace(prepared, begun=begun).is_of_this:
            said = await self._put("PUT", f"drafts/{quote(begun.id, safe='')}", prepared)
            said.checked()
        return begun.id

    async def _put(self, method: str, path: str, prepared: PreparedOrder) -> Said:
        fingerprint = {"X-Platen-Fingerprint": prepared.payload_hash}
        return await self._client.change(method, path, prepared.payload, fingerprint)

    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        found = await self._client.read("found", ("our_ref", prepared.key))
        orders = tuple(map(_mis_order, found["orders"]))
        if orders:
            return FindResult(order=orders[0], others=orders[1:])
        for one in found["drafts"]:
            return FindResult(begun=BegunOrder(id=one["draft"], payload_hash=one["fingerprint"]))
        return FindResult(certain=True)

    @hookimpl
    async def read_mis_orders(self, numbers: tuple[str, ...]) -> tuple[MisOrder, ...]:
        return tuple(map(_mis_order, await self._named(numbers)))

    async def _named(self, names: tuple[str, ...]) -> list[dict[str, Any]]:
        if not names:
            return []
        found: list[dict[str, Any]] = (await self._client.read("orders", *(("name", one) for one in names)))[
            "orders"
        ]
        return found

    @hookimpl
    async def read_order_progress(self, accepted: tuple[AcceptedOrder, ...]) -> tuple[OrderProgress, ...]:
        names = {one["order"]: one for one in await self._named(tuple(one.id for one in accepted))}
        names |= {one["number"]: one for one in names.values()}
        return tuple(_progress(one, names[one.id]) for one in accepted if one.id in names)


def _consignment(one: Consignment, request: OrderRequest) -> dict[str, Any]:
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


def _product(item: dict[str, Any]) -> MisProduct:
    kind = ProductKind.BLUEPRINT if item["made_as"] else ProductKind.STOCK
    days = item["days"]
    return MisProduct(
        id=item["ref"],
        code=item["ref"],
        name=item["title"],
        kind=kind,
        price_breaks=tuple(
            PriceBreak(from_quantity=_count(one["from"]), unit_price=Decimal(one["price"]))
            for one in item["breaks"]
        ),
        stock=None if item["free"] is None else Decimal(item["free"]),
        variants=tuple(item["made_as"]),
        options=tuple(item["choices"].items()),
        lead_time=None if days is None else LeadTime(days=days, working=item["day_kind"] == "work"),
    )


def _count(text: str) -> Count:
    number = Decimal(text)
    return int(number) if number == int(number) else number


def _accepted(told: dict[str, Any]) -> AcceptedOrder:
    if not told.get("order"):
        raise OutcomeUnknown("Platen names no order.")
    return AcceptedOrder(id=told["order"], number=told["number"])


def _mis_order(told: dict[str, Any]) -> MisOrder:
    lines = tuple(MisLine(product_id=one["item"], quantity=one["quantity"]) for one in told["lines"])
    wanted_on = date.fromisoformat(told["wanted_on"]) if told["wanted_on"] else None
    contents = OrderContents(customer=told["customer"], required_on=wanted_on, lines=lines)
    names = {"id": told["order"], "number": told["number"], "key": told["our_ref"]}
    return MisOrder(**names, status=told["state"], contents=contents)


def _progress(accepted: AcceptedOrder, told: dict[str, Any]) -> OrderProgress:
    return OrderProgress(
        accepted=accepted,
        status=told["state"],
        kind=KINDS.get(told["state"], ProgressKind.RUNNING),
        reason=told["reason"],
        shipments=tuple(_shipment(one, told["lines"]) for one in told["parcels"]),
    )


def _shipment(parcel: dict[str, Any], lines: list[dict[str, Any]]) -> Shipment:
    """Rows of one item of the shop, such as a kit's, are told each."""
    return Shipment(
        tracking=parcel["code"],
        id=parcel["parcel"],
        carrier=parcel["carrier"],
        service=parcel["service"],
        lines=tuple(
            ShippedLine(line=lines[one["row"] - 1]["our_line"], quantity=one["quantity"])
            for one in parcel["rows"]
        ),
    )


def build(settings: PlatenSettings, context: ConnectorContext) -> Platen:
    return Platen(settings, PlatenClient(settings.server_url, settings.key, context.http))


CONNECTOR = ConnectorType(
    name="platen",
    title="Platen",
    role=Role.MIS,
    edition=2,
    also=frozenset({Capability.SUBMIT_IN_STEPS, Capability.LATER_REFUSAL, Capability.CARRIERS}),
    product_kinds=frozenset({ProductKind.STOCK, ProductKind.BLUEPRINT}),
    counts_decimals=True,
    settings=PlatenSettings,
    build=build,
    far_end=lambda settings: str(settings.server_url),
)
