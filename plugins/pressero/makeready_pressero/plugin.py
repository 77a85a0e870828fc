"""The connector: hooks in, client and mapping behind them."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from makeready_hooks import CallLimit, Capability, ConnectorContext, ConnectorType, ListKind, Role, hookimpl
from makeready_hooks.errors import NotSupported, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.event import WebhookEvent
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.limits import Limit, limits
from makeready_hooks.model.names import OrderNames, ProductNames, fill_address
from makeready_hooks.model.order import Artwork, Order, OrderLine, OrderPage, OrderRef
from makeready_hooks.model.price import NoPrice, OptionsQuestion, PriceOption, PriceQuestion, Quote
from makeready_hooks.model.product import (
    Choice,
    ImportFile,
    ProductBinding,
    ProductDraft,
    ShopProduct,
    ShopStock,
    Site,
    SiteChoices,
    Unfinished,
)
from makeready_hooks.model.progress import Shipment, Stage
from makeready_hooks.model.setup import Check, Installed, Option
from makeready_hooks.model.submission import AcceptedOrder
from msgspec import structs

from makeready_pressero import storefront, webhooks
from makeready_pressero.client import PresseroClient
from makeready_pressero.orders.details import OrderDetails
from makeready_pressero.orders.mapping import stages_from
from makeready_pressero.orders.reading import OrderListing, OrderReader
from makeready_pressero.orders.shipments import method_of, shipment_info, shows
from makeready_pressero.pricing import engine
from makeready_pressero.products import mapping
from makeready_pressero.products.markups import ShopMarkups
from makeready_pressero.session import Row
from makeready_pressero.settings import PresseroSettings
from makeready_pressero.setup import check, options
from makeready_pressero.setup.install import Installer
from makeready_pressero.stock import find, levels
from makeready_pressero.wire import text

STAGES_REMEMBERED_S = 300.0
"""Workflows change rarely, and many items share one."""


class Pressero(ShopMarkups):
    """One subscriber's Pressero account."""

    def __init__(
        self,
        settings: PresseroSettings,
        client: PresseroClient,
        context: ConnectorContext,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._names = settings.assumptions
        self._client = client
        self._orders = OrderReader(client, settings, clock)
        self._context = context
        self._clock = clock
        self._details = OrderDetails(settings, client, self._orders, clock)
        self._stages: dict[str, tuple[float, tuple[Stage, ...]]] = {}
        self._taken: dict[mapping.Part, bool] = {}
        self._reading_back = asyncio.Lock()
        self._seen_only = False

    @hookimpl
    def product_address(self, product: ProductNames) -> str | None:
        return fill_address(self._names.product_page, product)

    @hookimpl
    def order_address(self, order: OrderNames) -> str | None:
        return fill_address(self._names.order_page, order)

    @hookimpl
    def unavailable(self) -> frozenset[Capability]:
        names = self._names
        needs = {
            Capability.STOCK_MIRROR: names.stock_transactions_path,
            Capability.CHANGE_MARKUP: names.markups_member,
        }
        return frozenset(one for one, name in needs.items() if not name)

    @hookimpl
    def list_limits(self) -> tuple[Limit, ...]:
        return limits(self._names.product_lengths)

    # Pricing

    @hookimpl
    def decode_price_call(self, call: IncomingCall) -> PriceQuestion | OptionsQuestion | CallAnswer:
        return engine.read_call(call, self._settings, self._context.pricing_url)

    @hookimpl
    def encode_price(self, question: PriceQuestion, answer: Quote | NoPrice) -> CallAnswer:
        return engine.write_price(question, answer, self._settings)

    @hookimpl
    def encode_options(
        self, question: OptionsQuestion, options: tuple[PriceOption, ...] | NoPrice
    ) -> CallAnswer:
        return engine.write_options(question, options)

    # Import

    @hookimpl
    async def list_sites(self) -> tuple[Site, ...]:
        try:
            rows = await self._client.sites()
        except Refused as exc:  # an inferred call
            raise NotSupported(exc.message, fix="Enter the sites' domains by hand.") from exc
        return tuple(
            Site(
                domain=text(row.get("PrimaryDomain") or row.get("Domain")),
                id=text(row.get("SiteId")),
                name=text(row.get("SiteName")),
            )
            for row in rows
        )

    @hookimpl
    async def read_site_choices(self, site: str) -> SiteChoices:
        return SiteChoices(
            groups=await self._groups(site),
            categories=await self._categories(site),
            workflows=_choices(await self._client.workflows(), self._names.workflow_id, "Description"),
        )

    async def _groups(self, site: str) -> tuple[Choice, ...] | None:
        try:
            rows = await self._client.groups(site)
        except (Refused, NotSupported):  # an inferred call
            await self._client.product_by_url_name(site, "-")  # a seen one: it refuses an unknown site
            return None
        return _choices(rows, "GroupId", "GroupName")

    async def _categories(self, site: str) -> tuple[Choice, ...] | None:
        try:
            rows = await self._client.categories(site)
        except (Refused, NotSupported):  # an inferred call: an account without it can still import
            return None
        return _choices(rows, self._names.category_id, self._names.category_name)

    @hookimpl
    async def find_shop_product(self, site: str, url_name: str) -> ShopProduct | None:
        row = await self._client.product_by_url_name(site, url_name)
        return None if row is None else mapping.shop_product(row)

    @hookimpl
    async def list_shop_products(self, site: str) -> tuple[ShopProduct, ...]:
        return tuple(map(mapping.shop_product, await self._client.products(site)))

    @hookimpl
    async def create_shop_product(self, draft: ProductDraft) -> ShopProduct:
        made = mapping.shop_product(await self._create(draft, await find.stock_item_of(self._client, draft)))
        if not made.id:
            raise OutcomeUnknown("Pressero's answer to a new product does not name it.")
        try:
            return structs.replace(made, by_hand=await self.list_missing_fields(draft, made.id))
        except RetryLater as exc:  # it is there, so it must not look as if it could be made again
            raise OutcomeUnknown(f"The new product {draft.name} could not be read back: {exc}") from exc

    async def _create(self, draft: ProductDraft, stock_id: str) -> Row:
        """An account may refuse the members that nobody has seen: then they are left to a person."""
        if not self._seen_only:
            body = mapping.product_body(draft, stock_id, self._settings)
            try:
                return await self._client.create_product(draft.site, body)
            except Refused:
                bare = mapping.product_body(draft, stock_id, self._settings, seen_only=True)
                made = await self._client.create_product(draft.site, bare)
                self._seen_only = True
                return made
        bare = mapping.product_body(draft, stock_id, self._settings, seen_only=True)
        return await self._client.create_product(draft.site, bare)

    @hookimpl
    async def list_missing_fields(self, draft: ProductDraft, shop_product_id: str) -> tuple[str, ...]:
        """What an account takes is read back from its first product with it, and holds for the others."""
        asked = mapping.parts_of(draft)
        async with self._reading_back:
            if not asked <= self._taken.keys():
                missing = await self._missing(draft, shop_product_id)
                self._taken |= {part: part not in missing for part in asked}
        left = frozenset(part for part in asked if not self._taken[part])
        return mapping.sentences(draft, left, self._settings)

    async def _missing(self, draft: ProductDraft, shop_product_id: str) -> frozenset[mapping.Part]:
        try:
            details = await self._client.product_details(draft.site, shop_product_id)
        except Refused:  # what cannot be read back is not known to be done
            details = {}
        return mapping.missing_parts(draft, details, self._settings)

    @hookimpl
    async def read_shop_binding(self, site: str, shop_product_id: str) -> ProductBinding:
        details = await self._client.product_details(site, shop_product_id)
        return mapping.binding_from(details, self._names)

    @hookimpl
    async def write_shop_binding(
        self, site: str, shop_product_id: str, binding: ProductBinding
    ) -> tuple[str, ...]:
        body = mapping.binding_body(binding, self._names)
        try:
            shown = await self._client.update_product(site, shop_product_id, body)
        except Refused:  # the account does not let us: a person does all of it
            return mapping.binding_left(binding, {}, self._settings)
        if "ProductGroupCalculators" not in shown:
            shown = await self._client.product_details(site, shop_product_id)
        return mapping.binding_left(binding, shown, self._settings)

    @hookimpl
    def encode_import_file(self, products: tuple[Unfinished, ...]) -> ImportFile:
        return mapping.import_file(products, self._settings)

    # Stock

    @hookimpl
    async def read_shop_stock(self, site: str, names: tuple[str, ...]) -> tuple[ShopStock, ...]:
        if not names:
            return ()
        return levels.of_names(await self._client.stock_items(site, levels.shared_part(names)), names)

    @hookimpl
    async def update_shop_stock(self, site: str, stock: ShopStock, change: int) -> bool:
        await self._client.adjust_stock(site, stock.id, change, "Set by the MIS")
        return True

    # Orders

    @hookimpl
    async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        return await self._orders.read(refs)

    @hookimpl
    async def list_orders(self, start: datetime, end: datetime, cursor: object) -> OrderPage:
        listing = cursor
        if not isinstance(listing, OrderListing):
            listing = OrderListing(self._client, start, end, self._settings)
        return await listing.next_page()

    @hookimpl
    async def read_order_details(self, order: Order, lines: tuple[int, ...], files_may_follow: bool) -> Order:
        return await self._details.complete(order, lines, files_may_follow=files_may_follow)

    @hookimpl
    async def list_line_files(self, order_number: str, line_number: int) -> tuple[Artwork, ...]:
        return await self._details.files_of_line(order_number, line_number)

    @hookimpl
    async def write_mis_number(self, order_number: str, line_number: int, accepted: AcceptedOrder) -> bool:
        await self._client.set_mis_id(order_number, line_number, accepted.label)
        return True

    @hookimpl
    async def clear_mis_number(self, order_number: str, line_number: int, number: str) -> bool:
        item = await self._client.item_details(order_number, line_number)
        if text(item.get("MisId")) == number:
            await self._client.set_mis_id(order_number, line_number, self._names.no_mis_id)
        return True

    # Progress

    @hookimpl
    async def list_workflow_stages(self, workflow_id: str) -> tuple[Stage, ...]:
        if not workflow_id:
            raise NotSupported(
                "Pressero does not tell the workflow of an item.", fix="Move items to their stages by hand."
            )
        return await self._stages_of(workflow_id)

    async def _stages_of(self, workflow_id: str) -> tuple[Stage, ...]:
        now, kept = self._clock(), self._stages.get(workflow_id)
        if kept is None or now - kept[0] >= STAGES_REMEMBERED_S:
            kept = (now, stages_from(await self._client.stages(workflow_id)))
            self._stages[workflow_id] = kept
        return kept[1]

    @hookimpl
    async def move_line_to_stage(self, order_number: str, line_number: int, stage: Stage, note: str) -> bool:
        await self._client.set_stage(order_number, line_number, stage.id, note)
        return True

    @hookimpl
    async def create_shipment(self, order: Order, lines: tuple[int, ...], shipment: Shipment) -> bool:
        """Items with other shipping methods are other shipments: a shipment names one."""
        by_method: dict[str, list[OrderLine]] = {}
        for line in (one for one in order.lines if one.number in lines):
            shown = await self._client.shipments(order.number, line.number)
            if not shows(shown, shipment, self._settings, line.id):
                by_method.setdefault(method_of(line, shipment), []).append(line)
        for method, items in by_method.items():
            await self._client.add_shipment(order.id, method, shipment_info(items, shipment, self._settings))
        return True

    @hookimpl
    async def shows_shipment(self, order_number: str, line_number: int, shipment: Shipment) -> bool:
        return shows(await self._client.shipments(order_number, line_number), shipment, self._settings)

    # Webhooks and set-up

    @hookimpl
    def decode_webhook(self, call: IncomingCall) -> WebhookEvent:
        return webhooks.decode_webhook(call, self._webhook_key(), self._names)

    def _webhook_key(self) -> str:
        by_hand = self._settings.webhook_key
        return by_hand.reveal() if by_hand else self._context.signing_key

    @hookimpl
    async def check_connection(self) -> tuple[Check, ...]:
        return await check.checks(self._client, self._settings, self.list_sites)

    @hookimpl
    async def list_options(self, kind: ListKind) -> tuple[Option, ...] | None:
        match kind:
            case ListKind.SITES:
                return options.of_names(site.domain for site in await self.list_sites())
            case ListKind.STAGES:
                return await options.stages(self._client, self._names, self._stages_of)
            case ListKind.USER_GROUPS:
                return await options.groups(await self.list_sites(), self._groups)
            case ListKind.SHIPPING_METHODS:
                rows = await self._client.shipping_methods()
                return options.of_names(text(row.get("MethodName")) for row in rows)
        return None

    @hookimpl
    def storefront_snippet(self, site: str) -> str | None:
        return storefront.snippet(self._context.files_url) if self._context.files_url else None

    @hookimpl
    async def install(self) -> tuple[Installed, ...]:
        installer = Installer(self._client, self._settings, self._context, self._webhook_key())
        return (await installer.webhook(), await installer.pricing_engine())

    @hookimpl
    async def list_installed(self) -> tuple[Installed, ...]:
        installer = Installer(self._client, self._settings, self._context, self._webhook_key())
        found = (await installer.find_webhook(), await installer.find_pricing_engine())
        return tuple(one for one in found if one is not None)

    @hookimpl
    async def list_other_instances(self) -> tuple[str, ...]:
        installer = Installer(self._client, self._settings, self._context, self._webhook_key())
        return await installer.other_instances()


def _choices(rows: list[Row], key: str, name: str) -> tuple[Choice, ...]:
    return tuple(Choice(id=text(row.get(key)), name=text(row.get(name))) for row in rows if row.get(key))


def build(settings: PresseroSettings, context: ConnectorContext) -> Pressero:
    return Pressero(settings, PresseroClient(settings, context.http), context)


def limit(settings: PresseroSettings) -> CallLimit:
    """More than 10 calls in 10 seconds from one public address are answered with 429 (seen)."""
    return CallLimit(calls=settings.calls_per_10_s, per_s=10.0)


CONNECTOR = ConnectorType(
    name="pressero",
    title="Aleyant Pressero",
    role=Role.STOREFRONT,
    edition=2,
    exempt=(("currency", "No answer names one: a company's prices.currencies says it."),),
    settings=PresseroSettings,
    build=build,
    limit=limit,
    tells=frozenset(webhooks.KINDS.values()),
    storefront_files=storefront.files,
)
