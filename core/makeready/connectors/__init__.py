"""A subscriber's connectors behind one typed facade.

One pluggy manager per subscriber: a hook call reaches that subscriber's connectors and no others. What a call takes
and gives, and what is done with several answers, stands in the specification (`makeready_hooks.specs`): each hook is
a line here. A hook that is asked `of_one` connector takes its name first.
"""

import asyncio
import inspect
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

import structlog
from makeready_hooks import Capability, ConnectorType, Role, capabilities_of, new_manager, specs
from makeready_hooks.errors import ConfigError, MakereadyError, NotSupported, RetryLater
from makeready_hooks.fit import Fit, fit
from makeready_hooks.lists import ListKind
from makeready_hooks.markers import Answers, FirstAnswer, Hook, Required
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.names import OrderNames, ProductNames
from makeready_hooks.model.order import Order
from makeready_hooks.model.price import OptionsQuestion, PriceQuery, PriceQuestion, Quote
from makeready_hooks.model.setup import Option
from makeready_hooks.model.submission import FindResult, OrderRequest, ResolvedId
from makeready_hooks.secret_filter import SecretFilter
from msgspec import Struct

from makeready.connectors.asker import Asker
from makeready.connectors.trouble import HookKey, HookTroubles
from makeready.plugins import UPDATE
from makeready.prices.calculate import is_amount

log = structlog.get_logger("makeready.connectors")

NEWS = [
    name
    for name, one in vars(specs).items()
    if getattr(one, "answers", None) is Answers.EVERY and inspect.iscoroutinefunction(one)
]
"""Hooks of observers."""

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
Waiting = Coroutine[Any, Any, T]


class _Call(Generic[P, R]):
    """A hook as a method of `Connectors`. ``default``: the answer if nobody has one and none is required."""

    def __init__(self, spec: Any, default: Any = None, *, of_one: bool = False) -> None:
        self._spec, self._default, self._of_one = spec, default, of_one
        self._names = ("connector",) * of_one + tuple(inspect.signature(spec).parameters)
        waits = inspect.iscoroutinefunction(spec)
        self._ask: Callable[..., Any] = _ask_async if waits else _ask
        self._through: Callable[..., Any] = SecretFilter.of_waiting if waits else SecretFilter.of_call

    def of_one(self) -> "_Call[Concatenate[str, P], R]":
        return _Call(self._spec, self._default, of_one=True)

    def __get__(self, connectors: "Connectors", owner: type) -> Callable[P, R]:
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            given: dict[str, Any] = dict(zip(self._names, args, strict=False)) | kwargs
            askers = connectors.askers(self._spec, given.pop("connector") if self._of_one else None)
            answer: R = self._through(connectors.secrets, self._ask, askers, given, self._spec, self._default)
            return answer

        return call


def _ask(askers: Sequence[Asker], given: Mapping[str, Any], spec: Any, default: Any) -> Any:
    answers = (asker.ask(given) for asker in askers)
    return _settled(next((one for one in answers if one is not None), None), spec, default)


async def _ask_async(askers: Sequence[Asker], given: Mapping[str, Any], spec: Any, default: Any) -> Any:
    """Connectors whose answer is not needed any more are not asked."""
    for asker in askers:
        if (answer := await asker.wait(given)) is not None:
            return answer
    return _settled(None, spec, default)


def _settled(answer: Any, spec: Any, default: Any) -> Any:
    if answer is None and spec.answers is Answers.REQUIRED:
        raise _lacking(spec)
    return default if answer is None else answer


def _lacking(spec: Hook[..., Any]) -> NotSupported:
    return NotSupported(
        f"None of this subscriber's connectors can do this ({spec.__name__}).",
        fix="Add a connector that can, or leave it out.",
    )


@overload
def _ask_for(spec: Required[P, Waiting[T | None]]) -> _Call[P, Waiting[T]]: ...
@overload
def _ask_for(spec: Required[P, T | None]) -> _Call[P, T]: ...
@overload
def _ask_for(spec: FirstAnswer[P, Waiting[T | None]], default: T) -> _Call[P, Waiting[T]]: ...
@overload
def _ask_for(spec: FirstAnswer[P, T | None], default: T) -> _Call[P, T]: ...
@overload
def _ask_for(spec: FirstAnswer[P, R]) -> _Call[P, R]: ...
def _ask_for(spec: Any, default: Any = None) -> _Call[..., Any]:
    return _Call(spec, default)


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
    ) -> None:
        """``secrets``: those of the subscriber, which leave in no text. ``troubles``: where defects are noted.

        Raises ConfigError for one that does not implement what its role needs, or not as the contract says.
        """
        self.secrets = secrets or SecretFilter()
        self._kinds = kinds
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

    currency = _ask_for(specs.currency, "").of_one()
    _unavailable = _ask_for(specs.unavailable, frozenset[Capability]()).of_one()
    _capabilities = _ask_for(specs.capabilities).of_one()

    def capabilities(self, name: str) -> frozenset[Capability]:
        """What a connector has the hooks for, without what its settings rule out. Nothing, by a defect of it."""
        hooks, kind = self._hooks(name), self._kinds[name]
        with suppress(RetryLater):
            told = self._capabilities(name)
            can = (capabilities_of(kind.role, hooks) | kind.also) - self._unavailable(name)
            return can if told is None else can & told
        return frozenset()

    _list_limits = _ask_for(specs.list_limits, ()).of_one()

    def limits(self, name: str) -> tuple[Limit, ...]:
        """What the members of its vendor can hold; none is known by a defect."""
        with suppress(RetryLater):
            return self._list_limits(name)
        return ()

    check_connection = _ask_for(specs.check_connection, ()).of_one()
    check_orders = _ask_for(specs.check_orders, ()).of_one()
    install = _ask_for(specs.install, ()).of_one()
    list_installed = _ask_for(specs.list_installed, ()).of_one()
    list_other_instances = _ask_for(specs.list_other_instances, ())
    submit_test_order = _ask_for(specs.submit_test_order).of_one()
    storefront_snippet = _ask_for(specs.storefront_snippet, "").of_one()

    async def list_options(self, kind: ListKind, of: ConnectorType | None = None) -> tuple[Option, ...]:
        """As the connector has them whose setting it is; a list that it has not, of those of other roles. For a rule of the
        company, of all. Raises NotSupported if nobody has it, or if an account does not tell.
        """
        own = await self._options_of(of.name, kind) if of else None
        if own is not None:
            return own
        names = [name for name, one in self._kinds.items() if of is None or one.role is not of.role]
        others = [await self._options_of(name, kind) for name in names]
        if all(one is None for one in others):
            raise _lacking(specs.list_options)
        return tuple(dict.fromkeys(option for found in others for option in found or ()))

    async def _options_of(self, connector: str, kind: ListKind) -> tuple[Option, ...] | None:
        with self.secrets.kept_back():
            for asker in self.askers(specs.list_options, connector):
                found: tuple[Option, ...] | None = await asker.wait({"kind": kind})
                return found
        return None

    # Products

    search_mis_products = _ask_for(specs.search_mis_products).of_one()
    read_mis_products = _ask_for(specs.read_mis_products).of_one()
    list_sites = _ask_for(specs.list_sites)
    read_site_choices = _ask_for(specs.read_site_choices)
    list_shop_products = _ask_for(specs.list_shop_products)
    find_shop_product = _ask_for(specs.find_shop_product)
    create_shop_product = _ask_for(specs.create_shop_product)
    list_missing_fields = _ask_for(specs.list_missing_fields, ())
    read_shop_binding = _ask_for(specs.read_shop_binding)
    write_shop_binding = _ask_for(specs.write_shop_binding)
    read_shop_markup = _ask_for(specs.read_shop_markup)
    write_shop_markup = _ask_for(specs.write_shop_markup)
    encode_import_file = _ask_for(specs.encode_import_file)

    # Prices

    decode_price_call: _Call[[str, IncomingCall], PriceQuestion | OptionsQuestion | CallAnswer] = _Call(
        specs.decode_price_call, of_one=True
    )
    encode_price = _ask_for(specs.encode_price).of_one()
    encode_options = _ask_for(specs.encode_options).of_one()
    customer_code = _ask_for(specs.customer_code, "").of_one()
    quote_price = _ask_for(specs.quote_price).of_one()
    list_price_options = _ask_for(specs.list_price_options, ()).of_one()

    def adjust_quote(self, quote: Quote, query: PriceQuery) -> Quote:
        """Let each plugin change the quote that the one before left. What one with a defect says counts for nothing."""
        for asker in reversed(self.askers(specs.adjust_quote)):
            with suppress(MakereadyError), self.secrets.kept_back():
                changed = asker.ask({"quote": quote, "query": query}) or quote
                if not is_amount(changed.total):
                    raise asker.defect(f"it makes {changed.total!r} of the price {quote.total}")
                quote = changed
        return quote

    # Stock

    read_stock = _ask_for(specs.read_stock).of_one()
    read_shop_stock = _ask_for(specs.read_shop_stock)
    update_shop_stock = _ask_for(specs.update_shop_stock)

    # Orders

    read_orders = _ask_for(specs.read_orders)
    _list_orders = _ask_for(specs.list_orders)
    read_order_details = _ask_for(specs.read_order_details)
    _resolve_ids = _ask_for(specs.resolve_ids, ()).of_one()
    map_order = _ask_for(specs.map_order).of_one()
    submit_order = _ask_for(specs.submit_order).of_one()
    find_submitted_order = _ask_for(specs.find_submitted_order, FindResult(certain=False)).of_one()
    read_mis_orders = _ask_for(specs.read_mis_orders).of_one()
    update_mis_order = _ask_for(specs.update_mis_order).of_one()
    cancel_mis_order = _ask_for(specs.cancel_mis_order).of_one()
    find_mis_change = _ask_for(specs.find_mis_change).of_one()
    write_mis_number = _ask_for(specs.write_mis_number)
    clear_mis_number = _ask_for(specs.clear_mis_number)

    async def resolve_ids(self, mis: str, request: OrderRequest, may_make: bool) -> tuple[ResolvedId, ...]:
        """Making is one at a time: orders that a new customer places together find the customer that the first one made."""
        async with self._making[mis] if may_make else nullcontext():
            return await self._resolve_ids(mis, request, may_make)

    async def order_pages(self, start: datetime, end: datetime) -> AsyncIterator[tuple[Order, ...]]:
        """The orders of a period as `specs.list_orders` gives them: many are not held at once. Raises as it does."""
        cursor: object = None
        while True:
            page = await self._list_orders(start, end, cursor)
            yield page.orders
            if (cursor := page.next) is None:
                return

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
            raise _lacking(specs.submit_order)
        return takers[0]

    # Artwork

    list_line_files = _ask_for(specs.list_line_files, ())
    list_taken_files = _ask_for(specs.list_taken_files, ()).of_one()
    attach_asset = _ask_for(specs.attach_asset).of_one()
    replace_asset = _ask_for(specs.replace_asset).of_one()
    find_replacement = _ask_for(specs.find_replacement).of_one()

    # Fulfilment

    read_order_progress = _ask_for(specs.read_order_progress).of_one()
    list_workflow_stages = _ask_for(specs.list_workflow_stages)
    move_line_to_stage = _ask_for(specs.move_line_to_stage)
    create_shipment = _ask_for(specs.create_shipment)
    shows_shipment = _ask_for(specs.shows_shipment)

    # Webhooks

    decode_webhook = _ask_for(specs.decode_webhook).of_one()
    read_changes = _ask_for(specs.read_changes).of_one()

    # Links: what is no address of the web, such as a script, is never shown as one.

    _product_address = _ask_for(specs.product_address, "").of_one()
    _order_address = _ask_for(specs.order_address, "").of_one()

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
            implementing = getattr(self._manager.hook, spec.__name__).get_hookimpls()
            names = [one.plugin_name for one in reversed(implementing)]
            found = tuple(self._asker(spec, one) for one in names if name in (None, one))
            self._askers[name, spec.__name__] = found
        return found

    def _asker(self, spec: Hook[..., Any], name: str) -> Asker:
        others = [plugin for other, plugin in self._manager.list_name_plugin() if other != name]
        caller = self._manager.subset_hook_caller(spec.__name__, others)
        key = HookKey(self._company, name, spec.__name__)
        return Asker(key, caller, spec, self._troubles, self.secrets.clean)


def _for_a_browser(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""
