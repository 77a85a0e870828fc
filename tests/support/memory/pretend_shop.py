"""A shop that exists only in a test."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal

import msgspec
from invented import SITE, STAGE
from makeready_hooks import Capability, ListKind, hookimpl
from makeready_hooks.errors import CallRejected, Refused, RetryLater
from makeready_hooks.model.event import Change, ChangePage, Event, EventKind, WebhookEvent
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.names import OrderNames, ProductNames, fill_address
from makeready_hooks.model.order import Artwork, Order, OrderPage, OrderRef
from makeready_hooks.model.product import (
    Choice,
    ImportFile,
    ProductBinding,
    ProductDraft,
    ShopMarkup,
    ShopProduct,
    Site,
    SiteChoices,
    Unfinished,
)
from makeready_hooks.model.progress import Shipment, Stage
from makeready_hooks.model.setup import Installed, InstallKind, InstallState, Option
from makeready_hooks.model.submission import AcceptedOrder
from pretend_prices import ShopPrices
from pretend_trouble import trouble


class Shop(ShopPrices):
    """Orders and products that a test puts in and looks at."""

    def __init__(self) -> None:
        self.currencies: dict[str, str] = {}
        """What it says that its amounts are in, by site."""
        self.limits: tuple[Limit, ...] = ()
        """What it says that its members can hold."""
        self.sites: tuple[str, ...] = (SITE, "other.example")
        self.orders: dict[str, Order] = {}
        self.products: dict[str, ProductDraft] = {}
        self.can = {Capability.MARK_ITEM, Capability.CHANGE_MARKUP}
        self.neighbours: tuple[str, ...] | Exception = ()
        """Other installations that have left something here."""
        self.asked_for_others = 0
        self.marks: dict[tuple[str, int], str] = {}
        self.clears = True
        """It lets a mark be taken off."""
        self.clear_trouble: list[Exception] = []
        self.files: list[Artwork] = []
        self.leaves_files = False
        """Files that may follow their order are left for later."""
        self.asked_for_files = 0
        self.files_away: list[Exception] = []
        """Raised by the next looks for files, one each."""
        self.may_follow: list[bool] = []
        """What it was told of that at each completion of an order."""
        self.reads: list[tuple[str, ...]] = []
        self.periods: list[tuple[datetime, datetime]] = []
        self.stages = (STAGE, "Press", "Bindery", "Shipping", "Completed", "Cancelled")
        """Of the one workflow, in its order."""
        self.moves: list[tuple[str, int, str]] = []
        self.move_trouble: list[Exception] = []
        """Raised by the next moves, one each, after the effect if it says so."""
        self.shipments: list[tuple[str, tuple[int, ...], Shipment]] = []
        self.shipment_trouble: list[Exception] = []
        """As above, for shipments."""
        self.hides_shipments = False
        """It shows none of them, whoever asks."""
        self.away: Exception | None = None
        """Raised by every reading of orders and of the sites while it is set."""
        self.changes = False
        """Every list changes while it is read."""
        self.page_size = 1000
        """Of lists of orders."""
        self.create_trouble: list[Exception] = []
        """Raised by the next creates, one each, after the product was made if it says so."""
        self.making: Callable[[ProductDraft], Awaitable[ShopProduct]] | None = None
        """Stands before creating, until it calls it."""
        self.find_trouble: list[Exception] = []
        self.finds_nothing = False
        """By URL names."""
        self.listing: Callable[[], Awaitable[None]] | None = None
        """Stands before every list of names."""
        self.others: dict[str, ShopProduct] = {}
        """Products that the shop had before, by id."""
        self.bindings: dict[str, ProductBinding] = {}
        self.order_pages = "https://admin.example/orders/{number}"
        self.changes: list[Change] = []
        """What it tells by a cursor."""
        self.cursors: list[str] = []
        """With which it was asked."""
        self.bind_trouble: list[Exception] = []
        self.markups: dict[str, Decimal | None] = {}
        """Set after a product was made; None: by quantity."""
        self.marked: list[str] = []
        self.markup_trouble: list[Exception] = []
        """Raised by the next bindings, one each, after they were done if it says so."""

    @hookimpl
    def list_limits(self) -> tuple[Limit, ...]:
        return self.limits

    @hookimpl
    def currency(self, site: str) -> str | None:
        return self.currencies.get(site)

    @hookimpl
    def unavailable(self) -> frozenset[Capability]:
        return frozenset(Capability) - frozenset(self.can)

    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        if call.headers.get("x-key") != "right":
            raise CallRejected("The key is wrong.", status=401)
        kind = EventKind.CHANGE if call.body.startswith(b"changed ") else EventKind.ORDER
        number = call.body.decode().removeprefix("changed ").partition("\n")[0]
        return WebhookEvent(event=Event(kind=kind, name="Changed", order_number=number))

    @hookimpl
    async def read_changes(self, cursor: str) -> ChangePage:
        """The cursor is how many were shown; two a page."""
        self.cursors.append(cursor)
        if self.away:
            raise self.away
        start = int(cursor or len(self.changes))
        if start > len(self.changes):
            raise Refused(f"The cursor {cursor} is not known.")
        found = tuple(self.changes[start : start + 2])
        end = start + len(found)
        return ChangePage(changes=found, next=str(end), more=end < len(self.changes))

    @hookimpl
    async def list_other_instances(self) -> tuple[str, ...]:
        self.asked_for_others += 1
        if isinstance(self.neighbours, Exception):
            raise self.neighbours
        return self.neighbours

    @hookimpl
    async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        if self.away:
            raise self.away
        self.reads.append(tuple(ref.number for ref in refs))
        wanted = {ref.number for ref in refs}
        return tuple(order for order in self.orders.values() if order.number in wanted)

    @hookimpl
    async def list_orders(self, start: datetime, end: datetime, cursor: object) -> OrderPage:
        """The cursor is how many were shown."""
        if self.away:
            raise self.away
        first = cursor if isinstance(cursor, int) else 0
        if not first:
            self.periods.append((start, end))
        found = tuple(one for one in self.orders.values() if start <= one.placed_at <= end)
        if self.changes and first >= len(found) and cursor is not None:
            raise RetryLater("The list changed while it was read.")
        after = first + self.page_size
        return OrderPage(
            orders=found[first:after], next=after if self.changes or after < len(found) else None
        )

    @hookimpl
    async def read_order_details(self, order: Order, lines: tuple[int, ...], files_may_follow: bool) -> Order:
        chosen = tuple(line for line in order.lines if line.number in lines)
        self.may_follow.append(files_may_follow)
        if files_may_follow and self.leaves_files:
            chosen = tuple(msgspec.structs.replace(one, files=(), files_follow=True) for one in chosen)
        return msgspec.structs.replace(order, lines=chosen)

    @hookimpl
    def product_address(self, product: ProductNames) -> str | None:
        return fill_address("https://{site}/product/{url_name}", product)

    @hookimpl
    def order_address(self, order: OrderNames) -> str | None:
        return fill_address(self.order_pages, order)

    @hookimpl
    async def write_mis_number(self, order_number: str, line_number: int, accepted: AcceptedOrder) -> bool:
        self.marks[order_number, line_number] = accepted.label
        return True

    @hookimpl
    async def clear_mis_number(self, order_number: str, line_number: int, number: str) -> bool | None:
        if self.clear_trouble:
            raise self.clear_trouble.pop(0)
        if self.clears and self.marks.get((order_number, line_number)) == number:
            del self.marks[order_number, line_number]
        return self.clears or None

    @hookimpl
    async def list_workflow_stages(self, workflow_id: str) -> tuple[Stage, ...]:
        return tuple(Stage(id=f"s-{name}", name=name) for name in self.stages)

    @hookimpl
    async def move_line_to_stage(self, order_number: str, line_number: int, stage: Stage, note: str) -> bool:
        with trouble(self.move_trouble) as happens:
            if happens:
                self.moves.append((order_number, line_number, stage.name))
                self.at_stage(order_number, line_number, stage.name)
        return True

    def at_stage(self, order_number: str, line_number: int, stage: str) -> None:
        """Put an item to a stage, as a person does."""
        order = self.orders[order_number]
        lines = tuple(
            msgspec.structs.replace(one, stage=stage) if one.number == line_number else one
            for one in order.lines
        )
        self.orders[order_number] = msgspec.structs.replace(order, lines=lines)

    @hookimpl
    async def create_shipment(self, order: Order, lines: tuple[int, ...], shipment: Shipment) -> bool:
        shown = self._trackings(order.number)
        with trouble(self.shipment_trouble) as happens:
            if happens and shipment.tracking not in shown:
                self.shipments.append((order.number, lines, shipment))
        return True

    @hookimpl
    async def shows_shipment(self, order_number: str, line_number: int, shipment: Shipment) -> bool:
        return shipment.tracking in self._trackings(order_number)

    def _trackings(self, order_number: str) -> set[str]:
        if self.hides_shipments:
            return set()
        return {one.tracking for number, _, one in self.shipments if number == order_number}

    @hookimpl
    async def list_line_files(self, order_number: str, line_number: int) -> tuple[Artwork, ...]:
        self.asked_for_files += 1
        if self.files_away:
            raise self.files_away.pop(0)
        return (*self.orders[order_number].lines[line_number - 1].files, *self.files)

    @hookimpl
    async def read_site_choices(self, site: str) -> SiteChoices:
        if site not in self.sites:
            raise Refused(f"There is no site {site}.")
        return SiteChoices(
            groups=(Choice(id="g1", name="Everyone"), Choice(id="g2", name="Staff")),
            categories=None,
            workflows=(Choice(id="w1", name="MIS transfer"),),
        )

    @hookimpl
    async def list_sites(self) -> tuple[Site, ...]:
        if self.away:
            raise self.away
        return tuple(Site(domain=site) for site in self.sites)

    @hookimpl
    async def list_options(self, kind: ListKind) -> tuple[Option, ...] | None:
        if self.listing is not None:
            await self.listing()
        names = {
            ListKind.SITES: self.sites,
            ListKind.STAGES: self.stages,
            ListKind.SHIPPING_METHODS: ("Express", "Collect"),
        }
        return tuple(Option(value=name) for name in names[kind]) if kind in names else None

    @hookimpl
    def storefront_snippet(self, site: str) -> str:
        return f'<script src="https://bridge.example/{site}.js"></script>'

    def _made(self, draft: ProductDraft) -> ShopProduct:
        return ShopProduct(
            id=f"p-{draft.url_name}",
            name=draft.name,
            part_number=draft.part_number,
            public_part_number=draft.public_part_number,
            url_name=draft.url_name,
        )

    @hookimpl
    async def list_shop_products(self, site: str) -> tuple[ShopProduct, ...]:
        return (*map(self._made, self.products.values()), *self.others.values())

    @hookimpl
    async def find_shop_product(self, site: str, url_name: str) -> ShopProduct | None:
        if self.find_trouble:
            raise self.find_trouble.pop(0)
        there = (*map(self._made, self.products.values()), *self.others.values())
        return None if self.finds_nothing else next((one for one in there if one.url_name == url_name), None)

    @hookimpl
    async def create_shop_product(self, draft: ProductDraft) -> ShopProduct:
        if self.making is not None:
            making, self.making = self.making, None
            try:
                return await making(draft)
            finally:
                self.making = self.making or making
        trouble = self.create_trouble.pop(0) if self.create_trouble else None
        if trouble is None or getattr(trouble, "after_the_effect", False):
            assert draft.url_name not in self.products, "made twice"
            self.products[draft.url_name] = draft
        if trouble is not None:
            raise trouble
        return msgspec.structs.replace(self._made(draft), by_hand=("Add a picture.",))

    @hookimpl
    async def list_missing_fields(self, draft: ProductDraft, shop_product_id: str) -> tuple[str, ...]:
        return ("Add a picture.",)

    @hookimpl
    async def read_shop_binding(self, site: str, shop_product_id: str) -> ProductBinding:
        return self.bindings[shop_product_id]

    @hookimpl
    async def write_shop_binding(
        self, site: str, shop_product_id: str, binding: ProductBinding
    ) -> tuple[str, ...]:
        trouble = self.bind_trouble.pop(0) if self.bind_trouble else None
        if trouble is None or getattr(trouble, "after_the_effect", False):
            self.bindings[shop_product_id] = binding
            self.others[shop_product_id] = msgspec.structs.replace(
                self.others[shop_product_id], part_number=binding.part_number
            )
        if trouble is not None:
            raise trouble
        return ()

    @hookimpl
    async def read_shop_markup(self, site: str, shop_product_id: str) -> ShopMarkup:
        made = {f"p-{one.url_name}": one.markup_percent for one in self.products.values()}
        percents: dict[str, Decimal | None] = {**made, **self.markups}
        return ShopMarkup(percent=percents.get(shop_product_id, Decimal(0)))

    @hookimpl
    async def write_shop_markup(self, site: str, shop_product_id: str, percent: Decimal) -> tuple[str, ...]:
        trouble = self.markup_trouble.pop(0) if self.markup_trouble else None
        if trouble is None or getattr(trouble, "after_the_effect", False):
            self.markups[shop_product_id] = percent
            self.marked.append(shop_product_id)
        if trouble is not None:
            raise trouble
        return ()

    @hookimpl
    def encode_import_file(self, products: tuple[Unfinished, ...]) -> ImportFile:
        return ImportFile(name="left.csv", content=msgspec.json.encode(products))

    @hookimpl
    async def install(self) -> tuple[Installed, ...]:
        return (
            Installed(
                kind=InstallKind.PRICING_ENGINE, state=InstallState.CREATED, title="Engine", id="engine-1"
            ),
        )
