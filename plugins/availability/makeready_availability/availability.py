"""What a shop's pages are told of stock: from memory, and as fresh as a buyer who looks deserves.

The memory is renewed in the background, at most once a second and only while somebody asks. While a buyer
has a product page open, the MIS is asked for that product again: one call at a time per subscriber, for
all products that were asked for meanwhile.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_FLOOR

import structlog
from makeready.engine.priority import Urgency, current
from makeready.installation import Installation
from makeready.outbound.coalesce import Coalescer, NotYet
from makeready.stock.model import StockRules
from makeready.subscribers.shops import shop_ids
from makeready_hooks.errors import MakereadyError
from makeready_stock.sync import can_read, read_levels
from msgspec import Struct

from makeready_availability.store import shelves_of

RENEW_AFTER_S = 1.0
WAIT_AFTER_S = 20.0
"""What is in memory for longer than this is not given any more: whoever asks waits for it to be renewed."""
SHOPS_RENEW_AFTER_S = 2.0
MIS_S = 0.8
"""A page waits so long for what the MIS says of its product."""
SOON_S = 2.0
"""If the MIS takes longer, the page asks again so soon."""
PRODUCTS_AT_ONCE = 20
MOST_SHELVES = 10_000
SHOPS = ("shops",)
"""Under this key all sites are in memory; a subscriber's products are under its name."""
NOTHING_S = 60.0
"""A product of which the MIS told nothing is asked for again so late: it may keep no stock."""
PAUSE_S = 30.0
"""After a failure of the MIS nothing is read for a page for so long."""
OFF_S = 600.0
"""A page that is told nothing asks again so late."""

log = structlog.get_logger("makeready.stock")


class Shop(Struct, frozen=True, kw_only=True):
    """A site with products of ours."""

    subscriber: str
    site: str
    rules: StockRules


class Entry(Struct, frozen=True, kw_only=True):
    """A product in memory."""

    product_id: str
    free: int
    """For buyers: free in the MIS less what was ordered and is not known there yet."""
    expected_on: str
    read_at: float


Shelf = Mapping[tuple[str, str], Entry]
"""By site and URL name in small letters."""


class ProductAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    state: str
    """``in``, ``few`` or ``out``."""
    left: int = -1
    """How many there are, if that may be told."""
    short: bool = False
    """There are some, and not so many as were asked about."""
    expected: str = ""
    """The day on which more is expected, ``2026-04-02``."""


class ShopAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Settings for the page."""

    block: bool = False
    back_orders: bool = False
    badges: bool = False
    language: str = ""
    texts: dict[str, dict[str, str]] = {}


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    products: dict[str, ProductAnswer]
    """By URL name. A product of which nothing is known, or that keeps no stock, is not there."""
    again: float
    """Seconds after which it may be worth asking again."""
    shop: ShopAnswer | None = None


class Availability:
    """One per server."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._clock = installation.clock
        self._memory = Coalescer(most_kept=MOST_SHELVES, clock=installation.steady)
        self._readers: dict[str, _Reader] = {}

    async def shop_of(self, domain: str) -> Shop | None:
        """The shop that buyers reach under this domain."""
        shops = await self._memory.ask(
            SHOPS, self._load_shops, max_age_s=SHOPS_RENEW_AFTER_S, stale_s=WAIT_AFTER_S
        )
        return shops.get(domain.casefold())

    async def answer(self, shop: Shop, wanted: Mapping[str, int], *, with_shop: bool = False) -> Answer:
        """About products by URL name, each with the quantity that a buyer has entered; 0 for none."""
        rules = shop.rules
        if not (rules.enabled and rules.warn):
            return Answer(products={}, again=OFF_S)
        shelf, now = await self._shelf(shop.subscriber), self._clock()
        reader = self._reader(shop.subscriber)
        old = [
            one.product_id
            for one in _looked_at(shop, shelf, wanted)
            if now - (one.read_at or reader.asked_at(one.product_id) + NOTHING_S) > rules.fresh_s
        ]
        is_late = bool(old and rules.fresh_s) and not await reader.read(old)
        shelf, now = await self._shelf(shop.subscriber), self._clock()
        return Answer(
            products={
                name: product_answer(entry, quantity, rules)
                for name, quantity in wanted.items()
                if (entry := _entry(shop, shelf, name)) and now - entry.read_at <= rules.stale_after_s
            },
            again=SOON_S if is_late else rules.refresh_s,
            shop=_shop_answer(rules) if with_shop else None,
        )

    async def aclose(self) -> None:
        """End what runs in the background."""
        await asyncio.gather(self._memory.aclose(), *(one.aclose() for one in self._readers.values()))

    async def _shelf(self, subscriber: str) -> Shelf:
        return await self._memory.ask(
            subscriber, lambda: self._load_shelf(subscriber), max_age_s=RENEW_AFTER_S, stale_s=WAIT_AFTER_S
        )

    def _reader(self, subscriber: str) -> "_Reader":
        if subscriber not in self._readers:
            self._readers[subscriber] = _Reader(
                self._installation, subscriber, lambda: self._memory.expire(subscriber)
            )
        return self._readers[subscriber]

    async def _load_shops(self) -> dict[str, Shop]:
        store = self._installation.store
        of = {one.name: one for one in await store.subscribers.all()}
        shops = {
            site.casefold(): Shop(subscriber=name, site=site, rules=of[name].stock)
            for site, name in (await shelves_of(self._installation).shops()).items()
            if name in of
        }
        bare = {  # a page names its site as buyers know it
            shop_ids(self._installation.kinds, of[one.subscriber]).bare(one.site).casefold(): one
            for one in shops.values()
        }
        others = {
            domain.casefold(): shops[site.casefold()]
            for shop in shops.values()
            for domain, site in shop.rules.domains.items()
            if site.casefold() in shops and shops[site.casefold()].subscriber == shop.subscriber
        }
        return bare | others | shops

    async def _load_shelf(self, subscriber: str) -> Shelf:
        ordered = await self._installation.store.stock.ordered(subscriber)
        return {
            (row.site, row.url_name.casefold()): Entry(
                product_id=row.product_id,
                free=int((row.on_hand - row.allocated).to_integral_value(ROUND_FLOOR))
                - ordered.get(row.product_id, 0),
                expected_on=row.expected_on,
                read_at=row.read_at,
            )
            for row in await shelves_of(self._installation).of(subscriber)
        }


def _entry(shop: Shop, shelf: Shelf, name: str) -> Entry | None:
    return shelf.get((shop.site, name.casefold()))


def _looked_at(shop: Shop, shelf: Shelf, wanted: Mapping[str, int]) -> list[Entry]:
    """Products of which a buyer has entered a quantity: their pages are open."""
    return [entry for name, quantity in wanted.items() if quantity and (entry := _entry(shop, shelf, name))]


def product_answer(entry: Entry, quantity: int, rules: StockRules) -> ProductAnswer:
    """No more than the rules let the page know."""
    state = "out" if entry.free <= 0 else "few" if entry.free <= rules.few else "in"
    told = state != "out" and (rules.levels == "exact" or (rules.levels == "few" and state == "few"))
    short = state != "out" and quantity > entry.free
    return ProductAnswer(
        state=state,
        left=entry.free if told else -1,
        short=short,
        expected=entry.expected_on if state == "out" or short else "",
    )


def _shop_answer(rules: StockRules) -> ShopAnswer:
    return ShopAnswer(
        block=rules.block,
        back_orders=rules.back_orders,
        badges=rules.badges,
        language=rules.language,
        texts=rules.texts,
    )


class _Reader:
    """Asks one subscriber's MIS for products that buyers are looking at."""

    def __init__(self, installation: Installation, subscriber: str, changed: Callable[[], None]) -> None:
        self._installation = installation
        self._subscriber = subscriber
        self._changed = changed
        self._wanted: dict[str, None] = {}
        self._reading: frozenset[str] = frozenset()
        self._asked_at: dict[str, float] = {}
        self._paused_until = float("-inf")
        self._readings = Coalescer(most_kept=1)
        self.aclose = self._readings.aclose

    def asked_at(self, product_id: str) -> float:
        """When this product was asked for last; long ago if it never was."""
        return self._asked_at.get(product_id, float("-inf"))

    async def read(self, product_ids: Sequence[str]) -> bool:
        """Ask for these, and wait a little. True if it is known now, or cannot be known just now."""
        if self._installation.steady() < self._paused_until:
            return True
        self._wanted.update(dict.fromkeys(key for key in product_ids if key not in self._reading))
        try:
            await self._readings.ask(self._subscriber, self._read_all, within_s=MIS_S)
        except NotYet:
            return False
        return True

    async def _read_all(self) -> None:
        current.set(Urgency.UPKEEP)
        try:
            while self._wanted:
                batch = tuple(self._wanted)[:PRODUCTS_AT_ONCE]
                self._wanted = {key: None for key in self._wanted if key not in batch}
                self._reading = frozenset(batch)
                self._asked_at.update(dict.fromkeys(batch, self._installation.clock()))
                await self._read(batch)
        except MakereadyError as exc:
            self._pause(str(exc))
        except Exception:  # a page must never suffer from a defect here
            log.exception("stock could not be read for a page", subscriber=self._subscriber)
            self._pause("An internal error; see the log.")
        finally:
            self._reading = frozenset()
            self._changed()

    async def _read(self, product_ids: tuple[str, ...]) -> None:
        subscriber = await self._installation.subscriber(self._subscriber)
        connectors = await self._installation.connectors(subscriber)
        if can_read(connectors):
            await read_levels(self._installation, subscriber, connectors, product_ids)

    def _pause(self, error: str) -> None:
        self._wanted = {}
        self._paused_until = self._installation.steady() + PAUSE_S
        log.warning("stock could not be read for a page", subscriber=self._subscriber, error=error)
