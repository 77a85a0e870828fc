"""An MIS that exists only in a test."""

import asyncio
from collections.abc import Callable

import msgspec
from invented import product
from makeready_hooks import Capability, ListKind, hookimpl
from makeready_hooks.model.event import Event, EventKind, WebhookEvent
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.order import Artwork, FileRole, FileWay, TakenFile
from makeready_hooks.model.product import (
    MisProduct,
    ProductPage,
    ProductSearch,
    StockLevel,
)
from makeready_hooks.model.progress import OrderProgress, ProgressKind, Shipment
from makeready_hooks.model.setup import Option
from makeready_hooks.model.submission import (
    AcceptedLine,
    AcceptedOrder,
    FindResult,
    FoundChange,
    MisOrder,
    OrderContents,
    OrderRequest,
    Origin,
    PreparedOrder,
    ResolvedId,
)
from pretend_prices import MisPrices


class Mis(MisPrices):
    """Takes orders; a test says how it answers."""

    def __init__(self) -> None:
        self.customers: dict[str, str] | None = None
        """Its ids of customers, by ours; None: it has no ids of its own."""
        self.made: list[str] = []
        """Ours of the customers that were made."""
        self.resolve_trouble: list[Exception] = []
        """Raised by the next look for a customer, one each."""
        self.page_size = 1_000_000
        """Of its products, at most."""
        self.counts = True
        """Whether it tells how many products match."""
        self.currencies: dict[str, str] = {}
        """What it says that its amounts are in, by site."""
        self.limits: tuple[Limit, ...] = ()
        """What it says that its members can hold."""
        self.received: list[PreparedOrder] = []
        self.trouble: list[Exception] = []
        """Raised by the next submissions, one each, after the order was taken."""
        self.before_effect: list[Exception] = []
        self.before_call: Callable[[], None] = lambda: None
        """What passes between the intent and the call."""
        """Raised by the next submissions, one each, before anything was taken."""
        self.taken = tuple(TakenFile(role=role, ways=(FileWay.ADDRESS, FileWay.UPLOAD)) for role in FileRole)
        """Which files it takes."""
        self.lines: tuple[AcceptedLine, ...] = ()
        """What it says of the lines of an order that it takes."""
        self.attached: list[tuple[Artwork, bytes]] = []
        self.attached_to: list[tuple[str, AcceptedLine]] = []
        """The number of the order, and the line, of each."""
        self.replaced: list[tuple[int, Artwork, Artwork]] = []
        """The line, the old and the new of each."""
        self.replace_trouble: list[Exception] = []
        """Raised by the next replacements, one each, after they were done."""
        self.before_replacing: list[Exception] = []
        """The same, before anything was done."""
        self.files_asked: list[str] = []
        """Names of the files of which it was asked whether they are there."""
        self.shows_files = True
        """Whether it tells which files it has."""
        self.attach_trouble: list[Exception] = []
        self.can: frozenset[Capability] = frozenset()
        """What it says that it can do."""
        self.find: Callable[[str], FindResult] = lambda key: FindResult(certain=False)
        self.contents = OrderContents()
        """What it says that an order is about."""
        self.origins: tuple[Origin, ...] = ()
        """Where it says that something in an order comes from."""
        self.shown: dict[str, FindResult] = {}
        """What it finds by our key, whatever ``find`` says."""
        self.numbered: dict[str, MisOrder] | None = None
        """Its orders by number, for who asks by number; None: it cannot be asked so."""
        self.progress: dict[str, tuple[str, tuple[Shipment, ...]]] = {}
        """Status and parcels of the orders, by their numbers."""
        self.kinds: dict[str, tuple[ProgressKind, str]] = {}
        """What it says that the status of an order means, and why."""
        self.asked: list[tuple[str, ...]] = []
        """The numbers of the orders that each look asked about."""
        self.amended: list[tuple[str, PreparedOrder | None]] = []
        """Changes of its orders, by their numbers; None: cancelled."""
        self.amend_trouble: list[Exception] = []
        """Raised by the next changes, one each, after they were done."""
        self.before_amending: list[Exception] = []
        """The same, before anything was done."""
        self.looked_for: list[str] = []
        """Numbers of the orders of which it was asked whether they are changed."""
        self.shows_changes = True
        """Whether it tells if an order was changed."""
        self.levels: tuple[StockLevel, ...] = ()
        """What it says of its stock."""
        self.stock_asked: list[tuple[str, ...]] = []
        self.stock_trouble: list[Exception] = []
        """Raised by the next questions about stock, one each."""
        super().__init__()
        self.products_asked: list[tuple[str, ...]] = []
        """The ids of each reading of products."""
        self.products_trouble: list[Exception] = []
        """Raised by the next readings of products, one each."""
        self.products = {"2284": product("2284", "Opening kit"), "4107": product("4107", "Tote bag")}

    @hookimpl
    def list_limits(self) -> tuple[Limit, ...]:
        return self.limits

    @hookimpl
    def currency(self, site: str) -> str | None:
        return self.currencies.get(site)

    @hookimpl
    def unavailable(self) -> frozenset[Capability]:
        return frozenset(Capability) - self.can

    @hookimpl
    async def resolve_ids(self, request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...] | None:
        """A customer by the buyer's own id, made if it is not there."""
        if self.customers is None:
            return None
        if self.resolve_trouble:
            raise self.resolve_trouble.pop(0)
        name = request.order.buyer.external_id or "nobody"
        if name not in self.customers:
            if not may_make:
                return ()
            await asyncio.sleep(0)  # a call: others go on meanwhile
            self.made.append(name)
            self.customers[name] = f"C/{len(self.customers) + 1}"
        return (ResolvedId(kind="customer", id=self.customers[name], text=f"found by the id {name}"),)

    @hookimpl
    async def read_stock(self, product_ids: tuple[str, ...]) -> tuple[StockLevel, ...]:
        self.stock_asked.append(product_ids)
        if self.stock_trouble:
            raise self.stock_trouble.pop(0)
        return self.levels

    @hookimpl
    async def list_options(self, kind: ListKind) -> tuple[Option, ...] | None:
        names = ("DHL / Express", "Bike") if kind is ListKind.CARRIERS else ()
        return tuple(Option(value=name) for name in names) or None

    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        payload = msgspec.json.encode(request)
        return PreparedOrder(key=request.key, payload=payload, contents=self.contents, origins=self.origins)

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        self.before_call()
        if self.before_effect:
            raise self.before_effect.pop(0)
        self.received.append(prepared)
        if self.trouble:
            raise self.trouble.pop(0)
        number = len(self.received)
        return AcceptedOrder(id=str(number), number=f"SO-{number}", lines=self.lines)

    @hookimpl
    async def update_mis_order(self, accepted: AcceptedOrder, prepared: PreparedOrder) -> str:
        self._amend(accepted, prepared)
        return "Amended"

    @hookimpl
    async def cancel_mis_order(self, accepted: AcceptedOrder) -> str:
        self._amend(accepted, None)
        return "Withdrawn by customer"

    def _amend(self, accepted: AcceptedOrder, prepared: PreparedOrder | None) -> None:
        if self.before_amending:
            raise self.before_amending.pop(0)
        self.amended.append((accepted.number, prepared))
        if self.amend_trouble:
            raise self.amend_trouble.pop(0)

    @hookimpl
    async def find_mis_change(
        self, accepted: AcceptedOrder, prepared: PreparedOrder | None
    ) -> FoundChange | None:
        self.looked_for.append(accepted.number)
        if not self.shows_changes:
            return None
        return FoundChange(done=self._is_done(accepted, prepared), words="seen there")

    def _is_done(self, accepted: AcceptedOrder, prepared: PreparedOrder | None) -> bool:
        return (accepted.number, prepared) in self.amended

    @hookimpl
    async def read_order_progress(self, accepted: tuple[AcceptedOrder, ...]) -> tuple[OrderProgress, ...]:
        self.asked.append(tuple(one.number for one in accepted))
        return tuple(
            OrderProgress(accepted=one, status=status, shipments=shipments, kind=kind, reason=reason)
            for one in accepted
            for status, shipments in [self.progress.get(one.number, ("Received", ()))]
            for kind, reason in [self.kinds.get(one.number, (ProgressKind.RUNNING, ""))]
        )

    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        """The body is our key, the id or the number of an order, or nothing."""
        event = Event(kind=EventKind.PROGRESS, name="Moved", mis_reference=call.body.decode())
        return WebhookEvent(event=event, message_id=call.headers.get("x-id", ""))

    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        return self.shown.get(prepared.key) or self.find(prepared.key)

    @hookimpl
    async def read_mis_orders(self, numbers: tuple[str, ...]) -> tuple[MisOrder, ...] | None:
        if self.numbered is None:
            return None
        return tuple(self.numbered[one] for one in numbers if one in self.numbered)

    @hookimpl
    def list_taken_files(self) -> tuple[TakenFile, ...]:
        return self.taken

    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> bool:
        self.add(accepted, line, artwork, content)
        if self.attach_trouble:
            raise self.attach_trouble.pop(0)
        return True

    @hookimpl
    async def replace_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, old: Artwork, new: Artwork, content: bytes
    ) -> str:
        if self.before_replacing:
            raise self.before_replacing.pop(0)
        self.put_in_place(line.number, old, new)
        if self.replace_trouble:
            raise self.replace_trouble.pop(0)
        return "Exchanged"

    def add(self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes) -> None:
        self.attached.append((artwork, content))
        self.attached_to.append((accepted.number, line))

    def put_in_place(self, line: int, old: Artwork, new: Artwork) -> None:
        self.replaced.append((line, old, new))

    @hookimpl
    async def find_replacement(
        self, accepted: AcceptedOrder, line: AcceptedLine, old: Artwork, new: Artwork
    ) -> FoundChange | None:
        self.files_asked.append(new.file_name)
        if not self.shows_files:
            return None
        return self.has_in_place(line.number, new)

    def has_in_place(self, line: int, new: Artwork) -> FoundChange:
        return FoundChange(done=(line, new.sha256) in [(n, one.sha256) for n, _, one in self.replaced])

    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        words = search.text.casefold()
        found = [
            one for one in self.products.values() if words in f"{one.id} {one.code} {one.name}".casefold()
        ]
        start = int(search.cursor or 0)
        end = start + min(search.page_size, self.page_size)
        following = str(end) if end < len(found) else ""
        return ProductPage(
            products=tuple(found[start:end]), next=following, total=len(found) if self.counts else None
        )

    @hookimpl
    async def read_mis_products(self, product_ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
        if self.products_trouble:
            raise self.products_trouble.pop(0)
        self.products_asked.append(product_ids)
        return tuple(self.products[one] for one in product_ids if one in self.products)
