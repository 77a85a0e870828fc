"""The connector: hooks in, client and mapping behind them."""

from makeready_hooks import Capability, ConnectorContext, ConnectorType, ListKind, Role, hookimpl
from makeready_hooks.errors import NotPriced, NotSupported, Refused
from makeready_hooks.model.event import EventKind, WebhookEvent
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.limits import Limit, limits
from makeready_hooks.model.names import OrderNames, ProductNames, fill_address
from makeready_hooks.model.order import Artwork, Buyer, TakenFile
from makeready_hooks.model.price import NoPriceCause, PriceOption, PriceQuery, Quote
from makeready_hooks.model.product import MisProduct, ProductKind, ProductPage, ProductSearch, StockLevel
from makeready_hooks.model.progress import OrderProgress
from makeready_hooks.model.setup import Check, Option, VendorFinding
from makeready_hooks.model.submission import (
    AcceptedLine,
    AcceptedOrder,
    FindResult,
    MisOrder,
    OrderRequest,
    PreparedOrder,
)

from makeready_tharstern import webhooks, wire
from makeready_tharstern.client import TharsternClient
from makeready_tharstern.customers import customer_code
from makeready_tharstern.orders import files
from makeready_tharstern.orders.contents import mis_order
from makeready_tharstern.orders.mapping import prepare_order
from makeready_tharstern.orders.progress import asked_by_number, progress_of
from makeready_tharstern.pricing.estimates import Estimates
from makeready_tharstern.pricing.price_lists import quote_from
from makeready_tharstern.products.mapping import kind_of, mis_product
from makeready_tharstern.settings import TharsternSettings
from makeready_tharstern.setup import check, duplicates, options
from makeready_tharstern.stock.levels import StockReader

MOST_DIGITS = 9
"""Of a place in the list of products."""


class Tharstern:
    """One subscriber's Tharstern."""

    def __init__(
        self, settings: TharsternSettings, client: TharsternClient, context: ConnectorContext
    ) -> None:
        self._settings = settings
        self._client = client
        self._context = context
        self._estimates = Estimates(settings, client)
        self._stock = StockReader(client, settings)

    @hookimpl
    def product_address(self, product: ProductNames) -> str | None:
        return fill_address(self._settings.assumptions.product_page, product)

    @hookimpl
    def order_address(self, order: OrderNames) -> str | None:
        return fill_address(self._settings.assumptions.order_page, order)

    @hookimpl
    def unavailable(self) -> frozenset[Capability]:
        names = self._settings.assumptions
        known = {
            Capability.FIND_SUBMITTED_ORDER: names.order_reference_filter,
            Capability.CARRIERS: names.item_carrier,
        }
        return frozenset(capability for capability, name in known.items() if not name)

    @hookimpl
    def list_limits(self) -> tuple[Limit, ...]:
        return limits(self._settings.assumptions.member_lengths)

    @hookimpl
    async def search_mis_products(self, search: ProductSearch) -> ProductPage:
        """No text filter of Tharstern's is known: all are read, and searched here."""
        words = search.text.casefold().split()
        found = [product for product in await self._for_sale() if _matches(product, words)]
        start = _place(search.cursor)
        end = start + search.page_size
        return ProductPage(
            products=tuple(found[start:end]), next=str(end) if end < len(found) else "", total=len(found)
        )

    async def _for_sale(self) -> list[MisProduct]:
        products = [mis_product(one, self._settings.assumptions) for one in await self._client.all_products()]
        return [product for product in products if product.kind is not ProductKind.OTHER]

    @hookimpl
    async def read_mis_products(self, product_ids: tuple[str, ...]) -> tuple[MisProduct, ...]:
        found = await self._client.products_by_id(product_ids)
        return tuple(mis_product(product, self._settings.assumptions) for product in found)

    @hookimpl
    def customer_code(self, site: str, buyer: Buyer) -> str:
        return customer_code(site, buyer, self._settings)

    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        product = await self._product(query.product_id, query.customer)
        names = self._settings.assumptions
        if kind_of(product, names) is ProductKind.MADE_TO_ORDER and query.quantity > 0:
            return await self._estimates.quote(product, query)
        return quote_from(product, query, names)

    @hookimpl
    async def list_price_options(self, product_id: str) -> tuple[PriceOption, ...] | None:
        if not self._settings.estimate_options:
            return ()
        try:
            return self._estimates.options(await self._product(product_id, ""))
        except NotPriced:
            return None

    async def _product(self, product_id: str, customer: str) -> wire.Product:
        """As it is now; a made-to-order one may have been read a while ago. Raises NotPriced if it is not there."""
        if remembered := self._estimates.remembered(product_id, customer):
            return remembered
        product = await self._client.product_for(product_id, customer)
        if product is None:
            whom = f" for customer {customer}" if customer else ""
            raise NotPriced(
                f"Tharstern shows no product {product_id}{whom}.", cause=NoPriceCause.UNKNOWN_PRODUCT
            )
        self._estimates.remember(product, customer)
        return product

    @hookimpl
    async def read_stock(self, product_ids: tuple[str, ...]) -> tuple[StockLevel, ...]:
        return await self._stock.levels(product_ids)

    @hookimpl
    def map_order(self, request: OrderRequest) -> PreparedOrder:
        return prepare_order(request, self._settings)

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        order = await self._client.submit_order(prepared.payload)
        if order.id <= 0:  # status 200 and success, but no order (seen)
            raise Refused(f"Tharstern refuses the order: {order.status_details or 'it gives no reason'}")
        return _accepted(order)

    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        orders = await self._client.orders_by_reference(prepared.key)
        if orders is None:
            return FindResult(certain=False)
        if not orders:
            return FindResult(certain=True)
        first, *others = (mis_order(order, self._settings.assumptions) for order in orders)
        return FindResult(order=first, others=tuple(others))

    @hookimpl
    async def read_mis_orders(self, numbers: tuple[str, ...]) -> tuple[MisOrder, ...]:
        """A number that can be an ID is asked for as both: nobody knows how the two are told apart."""
        found = await self._client.orders(numbers, numbers)
        orders = {order.id: mis_order(order, self._settings.assumptions) for order in found}
        return tuple(orders.values())

    @hookimpl
    def list_taken_files(self) -> tuple[TakenFile, ...]:
        return files.taken_files(self._settings)

    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> bool:
        """The call names an order and no item of it (seen): the file's name does, where there are several."""
        name = files.late_name(accepted, line, artwork, self._settings)
        await self._client.attach(accepted.id, name, content)
        return True

    @hookimpl
    async def read_order_progress(self, accepted: tuple[AcceptedOrder, ...]) -> tuple[OrderProgress, ...]:
        numbers = [one.label for one in accepted if asked_by_number(one)]
        ids = [one.id for one in accepted if not asked_by_number(one)]
        return tuple(progress_of(accepted, await self._client.orders(ids, numbers), self._settings))

    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        by_hand = self._settings.webhook_secret
        key = by_hand.reveal() if by_hand else self._context.signing_key
        return webhooks.decode_webhook(call, key, self._settings.assumptions)

    @hookimpl
    async def submit_test_order(
        self, prepared: PreparedOrder, absent: PreparedOrder
    ) -> tuple[VendorFinding, ...]:
        return await duplicates.submit_test_order(self._client, prepared, absent)

    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        return await check.checks(self._client, self._settings, self._estimates)

    @hookimpl
    async def check_orders(self, orders: tuple[PreparedOrder, ...]) -> tuple[Check, ...]:
        return await check.order_checks(self._client, self._settings, orders)

    @hookimpl
    async def list_options(self, kind: ListKind) -> tuple[Option, ...] | None:
        match kind:
            case ListKind.STATUSES:
                return await options.statuses(self._client)
            case ListKind.CUSTOMERS:
                return await options.customers(self._client, self._settings.assumptions)
            case ListKind.CARRIERS:
                raise NotSupported("Tharstern does not list its carriers.", fix="Type their names.")
        return None


def _place(cursor: str) -> int:
    """A cursor is how many products came before."""
    if cursor and not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= MOST_DIGITS):
        raise Refused(f"{cursor[:20]!r} is no place in the list of products.", fix="Search again.")
    return int(cursor or 0)


def _matches(product: MisProduct, words: list[str]) -> bool:
    text = f"{product.id} {product.code} {product.name}".casefold()
    return all(word in text for word in words)


def _accepted(order: wire.SubmittedOrder) -> AcceptedOrder:
    return AcceptedOrder(id=str(order.id), number=order.number)


def build(settings: TharsternSettings, context: ConnectorContext) -> Tharstern:
    return Tharstern(settings, TharsternClient(settings, context.http), context)


CONNECTOR = ConnectorType(
    name="tharstern",
    title="Tharstern",
    role=Role.MIS,
    edition=2,
    exempt=(("currency", "No answer names one: a company's prices.currencies says it."),),
    also=frozenset({Capability.CARRIERS}),
    product_kinds=frozenset({ProductKind.STOCK, ProductKind.MADE_TO_ORDER, ProductKind.OTHER}),
    settings=TharsternSettings,
    build=build,
    far_end=lambda settings: str(settings.far_end),
    tells=frozenset({EventKind.PROGRESS}),
    public_name="Tharstern",
)
