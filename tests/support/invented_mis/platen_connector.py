"""The connector of Platen, as `platen_format` describes it."""

from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from makeready_hooks import Capability, ConnectorContext, ConnectorType, ListKind, Role, Secret, hookimpl
from makeready_hooks.errors import MakereadyError, NotPriced, Refused, RetryLater
from makeready_hooks.model.event import Change, ChangePage, Event, EventKind
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.order import Artwork, Buyer, Carriage, FileRole, FileWay, TakenFile
from makeready_hooks.model.price import NoPriceCause, PriceQuery, Quote
from makeready_hooks.model.product import (
    MisProduct,
    ProductKind,
    ProductPage,
    ProductSearch,
    StockLevel,
)
from makeready_hooks.model.progress import OrderProgress
from makeready_hooks.model.setup import Check, Option
from makeready_hooks.model.submission import (
    AcceptedLine,
    AcceptedOrder,
    BegunOrder,
    FindResult,
    FoundChange,
    MisLine,
    MisOrder,
    OrderContents,
    OrderRequest,
    PreparedOrder,
    ResolvedId,
)
from makeready_hooks.secret import GIVEN_SECRETS
from msgspec import Meta, Struct
from platen_client import PlatenClient, Said
from platen_mapping import accepted_order, consignment, is_this, mis_order, path_of, product, progress

STEPS = 3
"""Calls that one submission makes at most."""


ROLES = {FileRole.ARTWORK: "print", FileRole.PROOF: "proof", FileRole.INSTRUCTION: "note"}
TAKEN = (
    TakenFile(role=FileRole.ARTWORK, ways=(FileWay.UPLOAD,)),
    TakenFile(role=FileRole.PROOF, ways=(FileWay.LASTING_ADDRESS, FileWay.UPLOAD)),
    TakenFile(role=FileRole.INSTRUCTION, ways=(FileWay.ADDRESS,)),
)


class PlatenSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    server_url: Annotated[str, Meta(title="Server", extra_json_schema=GIVEN_SECRETS)]
    key: Secret
    currency: str = "EUR"
    make_customers: bool = True
    call_within_s: float = 20.0


class Platen:
    def __init__(self, settings: PlatenSettings, client: PlatenClient) -> None:
        self._settings = settings
        self._client = client

    @hookimpl
    def currency(self, site: str) -> str:
        return self._settings.currency

    @hookimpl
    def list_limits(self) -> tuple[Limit, ...]:
        return (
            Limit(member="po_number", longest=12, allowed="A-Z0-9 -"),
            Limit(member="description", longest=40),
        )

    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        try:
            account = await self._client.read("account", has="currency")
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
        found = (await self._client.read("carriers", has="carriers"))["carriers"]
        ways = [
            Carriage(carrier=one["name"], service=way) for one in found for way in one["services"] or [""]
        ]
        return tuple(Option(value=one.text) for one in ways)

    # Products and prices

    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        asked = {"q": search.text, "limit": str(search.page_size), "after": search.cursor}
        query = [(name, text) for name, text in asked.items() if text]
        page = await self._client.read("items", *query, has="items")
        return ProductPage(products=tuple(map(product, page["items"])), next=page["next"] or "")

    @hookimpl
    async def read_mis_products(self, product_ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
        if not product_ids:
            return ()
        found = await self._client.read("items/named", *(("ref", one) for one in product_ids), has="items")
        return tuple(product(one) for one in found["items"] if one["ref"] in product_ids)

    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        try:
            whose = (("customer", query.customer),) if query.customer else ()
            asked = (("ref", query.product_id), ("quantity", str(query.quantity)), *whose)
            found = await self._client.read("prices", *asked, has="amount")
        except Refused as exc:
            raise NotPriced(exc.message, cause=NoPriceCause.NO_PRICE) from exc
        return Quote(total=Decimal(found["amount"]))

    @hookimpl
    def customer_code(self, site: str, buyer: Buyer) -> str:
        return buyer.external_id

    @hookimpl
    async def read_stock(self, product_ids: tuple[str, ...]) -> tuple[StockLevel, ...]:
        if not product_ids:
            return ()
        found = await self._client.read("stock", *(("ref", one) for one in product_ids), has="stock")
        return tuple(
            StockLevel(product_id=one["ref"], on_hand=Decimal(one["shelf"]), allocated=Decimal(one["held"]))
            for one in found["stock"]
            if one["ref"] in product_ids
        )

    # Orders

    @hookimpl
    async def resolve_ids(self, request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...]:
        if request.customer:
            return (ResolvedId(kind="customer", id=request.customer, text="given by a person"),)
        order = request.order
        email = order.buyer.email or order.bill_to.email or ""
        rows = (await self._client.read("customers", ("email", email), has="customers"))["customers"]
        text = f"found by the e-mail address {email}"
        for one in rows:
            if one["email"] == email:
                return (ResolvedId(kind="customer", id=one["ref"], text=text),)
        if rows:
            raise RetryLater(f"Platen shows other customers than {email}.")
        if not self._settings.make_customers:
            raise Refused(f"Platen has no customer {email}.", fix="Make it there; then send the order again.")
        if not may_make:
            return ()
        made = await self._client.change(
            "POST", "customers", {"email": email, "name": order.bill_to.full_name}
        )
        return (
            ResolvedId(kind="customer", id=made.checked("ref")["ref"], text=text.replace("found", "made")),
        )

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
                "quantity": known.quantity,
                "amount": str(one.net),
                "text": one.description,
                "line": one.number,
                "files": [
                    {"role": ROLES[file.role], "name": file.file_name, "url": file.url} for file in one.files
                ],
            }
            for known, one in zip(products, lines, strict=True)
        ]
        content = {
            "our_ref": request.key,
            "customer": customer,
            "currency": self._settings.currency,
            "wanted_on": wanted_on,
            "po": request.order.po_number,
            "note": request.note,
            "lines": mapped,
            "consignments": [consignment(one, request) for one in request.consignments],
        }
        return PreparedOrder(
            key=request.key,
            payload=msgspec.json.encode(content),
            contents=OrderContents(customer=customer, required_on=wanted_on, lines=products),
            deadline_s=STEPS * self._settings.call_within_s,
        )

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        draft = await self._draft(prepared)
        said = await self._client.change("POST", f"drafts/{quote(draft, safe='')}/confirm", {})
        if said.code == "confirmed":
            return accepted_order(said.body)
        return accepted_order(said.checked("order", "number", "lines"))

    async def _draft(self, prepared: PreparedOrder) -> str:
        """An open one with this very content."""
        if prepared.begun:
            return await self._filled(prepared.begun, prepared)
        said = await self._put("POST", "drafts", prepared)
        if said.code == "open":
            found = BegunOrder(id=said.body["draft"], payload_hash=said.body["fingerprint"])
            return await self._filled(found, prepared)
        return str(said.checked("draft")["draft"])

    async def _filled(self, begun: BegunOrder, prepared: PreparedOrder) -> str:
        if not msgspec.structs.replace(prepared, begun=begun).is_of_this:
            said = await self._put("PUT", f"drafts/{quote(begun.id, safe='')}", prepared)
            said.checked("draft")
        return begun.id

    async def _put(self, method: str, path: str, prepared: PreparedOrder) -> Said:
        fingerprint = {"X-Platen-Fingerprint": prepared.payload_hash}
        return await self._client.change(method, path, prepared.payload, fingerprint)

    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        found = await self._client.read("found", ("our_ref", prepared.key), has="orders")
        orders, drafts = (
            [one for one in found[name] if one["our_ref"] == prepared.key] for name in ("orders", "drafts")
        )
        if orders:
            first, *others = map(mis_order, orders)
            return FindResult(order=first, others=tuple(others))
        for one in drafts:
            return FindResult(begun=BegunOrder(id=one["draft"], payload_hash=one["fingerprint"]))
        return FindResult(certain=not found["orders"] and not found["drafts"])

    @hookimpl
    async def read_mis_orders(self, numbers: tuple[str, ...]) -> tuple[MisOrder, ...]:
        return tuple(map(mis_order, await self._named(numbers)))

    async def _named(self, names: tuple[str, ...]) -> list[dict[str, Any]]:
        if not names:
            return []
        answer = await self._client.read("orders", *(("name", one) for one in names), has="orders")
        return [one for one in answer["orders"] if one["order"] in names or one["number"] in names]

    # Files

    @hookimpl
    def list_taken_files(self) -> tuple[TakenFile, ...]:
        return TAKEN

    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> bool:
        found = await self._line(accepted, line)
        named = (("role", ROLES[artwork.role]), ("name", artwork.file_name))
        (await self._client.change("POST", path_of(accepted, found), content, query=named)).checked("file")
        return True

    @hookimpl
    async def replace_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, old: Artwork, new: Artwork, content: bytes
    ) -> str:
        found = await self._line(accepted, line)
        file = next((one for one in found["files"] if is_this(one, old)), None)
        if file is None:
            raise Refused(f"Platen does not have {old.file_name} at this line.", fix="Look there.")
        path = f"{path_of(accepted, found)}/{quote(file['file'], safe='')}"
        (await self._client.change("PUT", path, content, query=(("name", new.file_name),))).checked("file")
        return ""

    @hookimpl
    async def find_replacement(
        self, accepted: AcceptedOrder, line: AcceptedLine, old: Artwork, new: Artwork
    ) -> FoundChange | None:
        files = (await self._line(accepted, line))["files"]
        has_old, has_new = (any(is_this(file, one) for file in files) for one in (old, new))
        return None if has_old == has_new else FoundChange(done=has_new)

    async def _line(self, accepted: AcceptedOrder, line: AcceptedLine) -> dict[str, Any]:
        """Raises Refused if it cannot be told which it is."""
        lines = [one for order in await self._named((accepted.id,)) for one in order["lines"]]
        found = [
            one for one in lines if one["ref"] == line.id or (not line.id and one["line"] == line.number)
        ]
        if not found:
            raise Refused(
                f"Platen does not show which of its lines is item {line.number}.", fix="Look there."
            )
        return dict(found[0])

    @hookimpl
    async def read_order_progress(self, accepted: tuple[AcceptedOrder, ...]) -> tuple[OrderProgress, ...]:
        names = {one["order"]: one for one in await self._named(tuple(one.id for one in accepted))}
        names |= {one["number"]: one for one in names.values()}
        return tuple(progress(one, names[one.id]) for one in accepted if one.id in names)

    @hookimpl
    async def read_changes(self, cursor: str) -> ChangePage:
        found = await self._client.read("changes", *([("after", cursor)] if cursor else []), has="changes")
        changes = tuple(
            Change(
                id=one["id"],
                event=Event(kind=EventKind.PROGRESS, name="changed", mis_reference=one["order"]),
            )
            for one in found["changes"]
        )
        return ChangePage(changes=changes, next=found["next"], more=bool(changes))


def client_of(settings: PlatenSettings, context: ConnectorContext) -> PlatenClient:
    return PlatenClient(settings.server_url, settings.key, context.http, settings.call_within_s)


def build(settings: PlatenSettings, context: ConnectorContext) -> Platen:
    return Platen(settings, client_of(settings, context))


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
