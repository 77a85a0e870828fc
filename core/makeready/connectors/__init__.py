"""A subscriber's connectors behind one typed facade.

One pluggy manager per subscriber: a hook call reaches that subscriber's connectors and no others. What a call takes
and gives, and what is done with several answers, stands in the specification (`makeready_hooks.specs`): each hook is
a line here. A hook that is asked `of_one` connector takes its name first.
"""

import asyncio
import inspect
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import structlog
from makeready_hooks import Capability, ConnectorType, Role, capabilities_of, new_manager, specs
from makeready_hooks.errors import ConfigError, MakereadyError, NotSupported, RetryLater
from makeready_hooks.fit import Fit, fit
from makeready_hooks.lists import ListKind
from makeready_hooks.markers import Answers, Hook
from makeready_hooks.model.ids import LISTS_OF_IDS, ShopIds
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.names import OrderNames, ProductNames
from makeready_hooks.model.order import Order, OrderRef, TakenFile
from makeready_hooks.model.price import OptionsQuestion, PriceQuery, PriceQuestion, Quote
from makeready_hooks.model.product import Site
from makeready_hooks.model.setup import Option
from makeready_hooks.model.submission import FindResult, OrderRequest, ResolvedId
from makeready_hooks.secret_filter import SecretFilter
from msgspec import Struct
from msgspec.structs import replace
from pluggy import HookImpl

from makeready.connectors.asked import Asked, ask_for, lacking
from makeready.connectors.asker import Asker
from makeready.connectors.trouble import HookKey, HookTroubles
from makeready.plugins import UPDATE

T = TypeVar("T")

log = structlog.get_logger("makeready.connectors")

NEWS = [
    name
    for name, one in vars(specs).items()
    if getattr(one, "answers", None) is Answers.EVERY and inspect.iscoroutinefunction(one)
]
"""Hooks of observers."""


class Connectors:
    """The hooks of one subscriber's connectors, typed and awaited."""

    def __init__(
        self,
        kinds: Mapping[str, ConnectorType],
        objects: Mapping[str, object],
        secrets: SecretFilter | None = None,
        *,
        company: str = "",
        troubles: HookTroubles | None = None,
        ids: ShopIds | None = None,
    ) -> None:
        """``secrets``: those of the subscriber, which leave in no text. ``troubles``: where defects are noted. ``ids``: of
        several shops.

        Raises ConfigError for one that does not implement what its role needs, or not as the contract says.
        """
        self.secrets = secrets or SecretFilter()
        self._kinds = kinds
        self.ids = ids or ShopIds(first=next(iter(self.names(Role.STOREFRONT)), ""))
        self._remembered: dict[object, Any] = {}
        self._company, self._troubles = company, troubles or HookTroubles(time.time)
        self._manager = new_manager()
        self._fits: dict[str, Fit] = {}
        for name, connector in objects.items():
            found = self._fits[name] = fit(kinds[name], name, connector, self._manager)
            if found.why:
                text = f"The connector {name} cannot be used: {found.why}"
                raise ConfigError(text, field=f"connectors.{name}", fix=UPDATE)
        self._making: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._askers: dict[tuple[str | None, str], tuple[Asker, ...]] = {}

    def names(self, role: Role) -> tuple[str, ...]:
        """The connectors of this role, in the order of their names."""
        return tuple(name for name, kind in self._kinds.items() if kind.role is role)

    @property
    def shops(self) -> tuple[str, ...]:
        """The storefronts; "" alone if there is none, of which every question says so."""
        return self.names(Role.STOREFRONT) or ("",)

    def shop_can(self, text: str, capability: Capability) -> bool:
        """Does the shop have it whose id this is?"""
        shop = self.ids.shop_of(text)
        return shop in self._kinds and capability in self.capabilities(shop)

    def mis(self, name: str = "") -> str:
        """The MIS that a person names, or the only one. Raises ConfigError that lists them; NotSupported without any."""
        names = self.names(Role.MIS)
        if name in names or (not name and len(names) == 1):
            return name or names[0]
        if not names:
            raise NotSupported("This subscriber has no MIS.", fix="Add a connector of one.")
        text = f"There is no MIS {name}." if name else "This subscriber has several MIS."
        raise ConfigError(text, field="mis", fix=f"Name one of: {', '.join(names)}.")

    def any_can(self, role: Role, capability: Capability) -> bool:
        """Does any connector of this role have it?"""
        return any(capability in self.capabilities(name) for name in self.names(role))

    # Set up

    currency = ask_for(specs.currency, "").of_one()
    _unavailable = ask_for(specs.unavailable, frozenset[Capability]()).of_one()
    _capabilities = ask_for(specs.capabilities).of_one()

    def capabilities(self, name: str) -> frozenset[Capability]:
        """What a connector has the hooks for, without what its settings rule out. Nothing, by a defect of it."""
        with suppress(RetryLater):
            return self.remember(("capabilities", name), lambda: self._able(name))
        return frozenset()

    def _able(self, name: str) -> frozenset[Capability]:
        kind = self._kinds[name]
        able = (capabilities_of(kind.role, self._hooks(name)) | kind.also) - self._unavailable(name)
        told = self._capabilities(name)
        return able if told is None else able & told

    def remember(self, what: object, make: Callable[[], T]) -> T:
        """What follows from the settings alone is made once: other settings have other connectors."""
        if what not in self._remembered:
            self._remembered[what] = make()
        found: T = self._remembered[what]
        return found

    _list_limits = ask_for(specs.list_limits, ()).of_one()

    def limits(self, name: str) -> tuple[Limit, ...]:
        """What the members of its vendor can hold; none is known by a defect."""
        with suppress(RetryLater):
            return self.remember(("limits", name), lambda: self._list_limits(name))
        return ()

    check_connection = ask_for(specs.check_connection, ()).of_one()
    check_orders = ask_for(specs.check_orders, ()).of_one()
    install = ask_for(specs.install, ()).of_one()
    list_installed = ask_for(specs.list_installed, ()).of_one()
    list_other_instances = ask_for(specs.list_other_instances, ()).of_one()
    submit_test_order = ask_for(specs.submit_test_order).of_one()
    storefront_snippet = ask_for(specs.storefront_snippet, "").of_one()

    async def list_options(self, kind: ListKind, of: ConnectorType | None = None) -> tuple[Option, ...]:
        """As the connector has them whose setting it is; a list that it has not, of those of other roles. For a rule of the
        company, of all. Raises NotSupported if nobody has it, or if an account does not tell.
        """
        own = await self._options_of(of.name, kind) if of else None
        if own is not None:
            return own  # with its own ids, which its settings hold
        names = [name for name, one in self._kinds.items() if of is None or one.role is not of.role]
        others = [self._told_apart(name, kind, await self._options_of(name, kind)) for name in names]
        if all(one is None for one in others):
            raise lacking(specs.list_options)
        return tuple(dict.fromkeys(option for found in others for option in found or ()))

    async def _options_of(self, connector: str, kind: ListKind) -> tuple[Option, ...] | None:
        with self.secrets.kept_back():
            for asker in self.askers(specs.list_options, connector):
                found: tuple[Option, ...] | None = await asker.wait({"kind": kind})
                return found
        return None

    async def shops_tell(self, kind: ListKind) -> bool:
        """Does every storefront tell such a list? Raises as `list_options`."""
        return all([await self._options_of(one, kind) is not None for one in self.names(Role.STOREFRONT)])

    def _told_apart(
        self, name: str, kind: ListKind, options: tuple[Option, ...] | None
    ) -> tuple[Option, ...] | None:
        if options is None or kind not in LISTS_OF_IDS or self._kinds[name].role is not Role.STOREFRONT:
            return options
        return tuple(replace(one, value=self.ids.told_apart(name, one.value)) for one in options)

    # Products

    search_mis_products = ask_for(specs.search_mis_products).of_one()
    read_mis_products = ask_for(specs.read_mis_products).of_one()
    _list_sites = ask_for(specs.list_sites).of_one()
    read_site_choices = ask_for(specs.read_site_choices)
    list_shop_products = ask_for(specs.list_shop_products)
    find_shop_product = ask_for(specs.find_shop_product)
    create_shop_product = ask_for(specs.create_shop_product)
    list_missing_fields = ask_for(specs.list_missing_fields, ())
    read_shop_binding = ask_for(specs.read_shop_binding)
    write_shop_binding = ask_for(specs.write_shop_binding)
    read_shop_markup = ask_for(specs.read_shop_markup)
    write_shop_markup = ask_for(specs.write_shop_markup)
    encode_import_file = ask_for(specs.encode_import_file)

    async def list_sites(self, shop: str = "") -> tuple[Site, ...]:
        """Of this storefront. Without one of all: one that cannot be asked is passed over if another can."""
        found: list[tuple[Site, ...]] = []
        trouble: MakereadyError = lacking(specs.list_sites)
        for name in [shop] if shop else self.shops:
            try:
                found.append(await self._list_sites(name))
            except MakereadyError as exc:
                trouble = exc
        if not found:
            raise trouble
        return tuple(site for sites in found for site in sites)

    # Prices

    decode_price_call: Asked[[str, IncomingCall], PriceQuestion | OptionsQuestion | CallAnswer] = Asked(
        specs.decode_price_call, of_one=True
    )
    encode_price = ask_for(specs.encode_price).of_one()
    encode_options = ask_for(specs.encode_options).of_one()
    customer_code = ask_for(specs.customer_code, "").of_one()
    quote_price = ask_for(specs.quote_price).of_one()
    list_price_options = ask_for(specs.list_price_options, ()).of_one()

    def adjust_quote(self, quote: Quote, query: PriceQuery) -> Quote:
        """Let each plugin change the quote that the one before left. What one with a defect says counts for nothing."""
        for asker in reversed(self.askers(specs.adjust_quote)):
            with suppress(MakereadyError), self.secrets.kept_back():
                changed = asker.ask({"quote": quote, "query": query}) or quote
                if not _is_amount(changed.total):
                    raise asker.defect(f"it makes {changed.total!r} of the price {quote.total}")
                quote = changed
        return quote

    # Stock

    read_stock = ask_for(specs.read_stock).of_one()
    read_shop_stock = ask_for(specs.read_shop_stock)
    update_shop_stock = ask_for(specs.update_shop_stock)

    # Orders

    _read_orders = ask_for(specs.read_orders).of_one()
    _list_orders = ask_for(specs.list_orders).of_one()
    read_order_details = ask_for(specs.read_order_details)
    _resolve_ids = ask_for(specs.resolve_ids, ()).of_one()
    map_order = ask_for(specs.map_order).of_one()
    submit_order = ask_for(specs.submit_order).of_one()
    find_submitted_order = ask_for(specs.find_submitted_order, FindResult(certain=False)).of_one()
    read_mis_orders = ask_for(specs.read_mis_orders).of_one()
    update_mis_order = ask_for(specs.update_mis_order).of_one()
    cancel_mis_order = ask_for(specs.cancel_mis_order).of_one()
    find_mis_change = ask_for(specs.find_mis_change).of_one()
    write_mis_number = ask_for(specs.write_mis_number)
    clear_mis_number = ask_for(specs.clear_mis_number)

    async def resolve_ids(self, mis: str, request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...]:
        """Making is one at a time: orders that a new customer places together find the customer that the first one made."""
        async with self._making[mis] if may_make else nullcontext():
            return await self._resolve_ids(mis, request, may_make)

    async def read_orders(self, refs: Sequence[OrderRef]) -> tuple[Order, ...]:
        """Of each shop its own. Raises as `specs.read_orders`."""
        shares = self.ids.by_shop(refs, lambda ref: ref.number)
        return tuple(
            [one for shop, some in shares.items() for one in await self._read_orders(shop, tuple(some))]
        )

    async def order_pages(
        self, start: datetime, end: datetime, shop: str = ""
    ) -> AsyncIterator[tuple[Order, ...]]:
        """The orders of a period as `specs.list_orders` gives them: many are not held at once; of one storefront, or of all.
        Raises as it does.
        """
        for name in [shop] if shop else self.shops:
            cursor: object = None
            while True:
                page = await self._list_orders(name, start, end, cursor)
                yield page.orders
                if (cursor := page.next) is None:
                    break

    def taker(self, mis: str = "") -> str:
        """The connector that is given new orders: this one, or the only one. Raises NotSupported if none takes any, or if
        nothing says which.
        """
        takers = sorted(one.connector for one in self.askers(specs.submit_order))
        if mis in takers:
            return mis
        if len(takers) > 1:
            raise NotSupported(
                f"Nothing says which MIS is meant: {' or '.join(takers)}.",
                fix="Link the product, or set a route or a fallback in the settings (routes).",
            )
        if not takers:
            raise lacking(specs.submit_order)
        return takers[0]

    # Artwork

    list_line_files = ask_for(specs.list_line_files, ())
    _list_taken_files = ask_for(specs.list_taken_files, ()).of_one()
    attach_asset = ask_for(specs.attach_asset).of_one()
    replace_asset = ask_for(specs.replace_asset).of_one()
    find_replacement = ask_for(specs.find_replacement).of_one()

    def list_taken_files(self, mis: str) -> tuple[TakenFile, ...]:
        """As `specs.list_taken_files`."""
        return self.remember(("taken files", mis), lambda: self._list_taken_files(mis))

    # Fulfilment

    read_order_progress = ask_for(specs.read_order_progress).of_one()
    list_workflow_stages = ask_for(specs.list_workflow_stages).of_one()
    move_line_to_stage = ask_for(specs.move_line_to_stage)
    create_shipment = ask_for(specs.create_shipment)
    shows_shipment = ask_for(specs.shows_shipment)

    # Webhooks

    decode_webhook = ask_for(specs.decode_webhook).of_one()
    read_changes = ask_for(specs.read_changes).of_one()

    # Links: what is no address of the web, such as a script, is never shown as one.

    _product_address = ask_for(specs.product_address, "").of_one()
    _order_address = ask_for(specs.order_address, "").of_one()

    def product_address(self, name: str, product: ProductNames) -> str:
        """Where this connector's vendor shows it to people; "" if no address is known, or by a defect."""
        with suppress(RetryLater):
            return _for_a_browser(self._product_address(name, product))
        return ""

    def order_address(self, name: str, order: OrderNames) -> str:
        """As `product_address`."""
        with suppress(RetryLater):
            return _for_a_browser(self._order_address(name, order))
        return ""

    # Observers

    def observers(self) -> list[tuple[str, str]]:
        """The hooks by which some hear what has happened, and who."""
        return [(hook, asker.connector) for hook in NEWS for asker in self.askers(getattr(specs, hook))]

    async def tell(self, hook: str, news: Struct, connector: str | None = None) -> None:
        """One that listens, or all. Raises as it does."""
        for asker in self.askers(getattr(specs, hook), connector):
            with self.secrets.kept_back():
                await asker.wait({"news": news})

    def has(self, name: str, spec: Hook[..., Any]) -> bool:
        """Whether this connector implements a hook."""
        return spec.__name__ in self._hooks(name)

    def any_has(self, spec: Hook[..., Any]) -> bool:
        return any(self.has(name, spec) for name in self._fits)

    def outdated(self, name: str) -> tuple[str, ...]:
        """What has changed in the contract since a connector was built, a hook each."""
        return self._fits[name].outdated

    def _hooks(self, name: str) -> frozenset[str]:
        return self._fits[name].hooks if name in self._fits else frozenset()

    def askers(self, spec: Hook[..., Any], name: str | None = None) -> tuple[Asker, ...]:
        """Who implements it, in the order in which they are asked; or one alone. Made once: no connector comes or goes."""
        found = self._askers.get((name, spec.__name__))
        if found is None:
            implementing = reversed(getattr(self._manager.hook, spec.__name__).get_hookimpls())
            found = tuple(self._asker(spec, one) for one in implementing if name in (None, one.plugin_name))
            self._askers[name, spec.__name__] = found
        return found

    def _asker(self, spec: Hook[..., Any], implementation: HookImpl) -> Asker:
        name = implementation.plugin_name
        key = HookKey(self._company, name, spec.__name__)
        of_several = self.ids.names and self._kinds[name].role is Role.STOREFRONT
        return Asker(
            key, implementation, spec, self._troubles, self.secrets.clean, self.ids if of_several else None
        )


def _for_a_browser(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""


def _is_amount(total: object) -> bool:
    """Whether it is exact, and not below zero."""
    return isinstance(total, Decimal) and total.is_finite() and total >= 0
