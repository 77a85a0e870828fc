"""What remembers prices and products that were asked before; `makeready_prices.quote` decides how long they are fresh.

And how many questions of a shop may still reach the MIS: an estimate is a record in its books, and anybody can ask a shop.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from weakref import WeakKeyDictionary

from cachetools import LRUCache
from makeready.contexts import PriceContext
from makeready.outbound.coalesce import Coalescer
from makeready.prices.model import KnownPrice, PriceRules
from makeready.products.part_numbers import EngineProductRef
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import Refused
from makeready_hooks.model.price import PriceQuery

from makeready_prices.guard import Guard

MOST_PRICES = 5000
HOUR_S = 3600.0
AT_ONCE = 4
"""A bucket holds this part of an hour's questions; what was taken out comes back evenly."""


class Bucket:
    def __init__(self, per_hour: int, clock: Callable[[], float]) -> None:
        self._most = max(1.0, per_hour / AT_ONCE)
        self._per_s = per_hour / HOUR_S
        self._clock = clock
        self._left, self._at = self._most, clock()

    def take(self) -> bool:
        """False if it is empty."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Budget:
    """One company's."""

    def __init__(self, rules: PriceRules, clock: Callable[[], float]) -> None:
        """``clock``: a steady one."""
        self._clock = clock
        self._per_product = rules.product_questions_per_hour
        self._products: LRUCache[str, Bucket] = LRUCache(MOST_PRICES)
        self._all = Bucket(rules.questions_per_hour, clock)
        self._unlinked = Bucket(rules.unlinked_questions_per_hour, clock)

    def take(self, product_id: str) -> bool:
        """Whether one more question about this product may leave."""
        bucket = self._products.get(product_id)
        if bucket is None:
            bucket = self._products[product_id] = Bucket(self._per_product, self._clock)
        return bucket.take() and self._all.take()

    def take_unlinked(self) -> bool:
        """The same for products that are not linked: of those there are as many as somebody makes up."""
        return self._unlinked.take()


MOST_TOLD = 20
"""Prices of which observers hear at the same time."""


class PriceCache:
    """One subscriber's."""

    def __init__(self, subscriber: Subscriber, clock: Callable[[], float]) -> None:
        rules = subscriber.prices
        self.version = subscriber.version
        self.mis = Guard(subscriber.name, max_calls=rules.max_calls, deadline_s=rules.deadline_s, clock=clock)
        self.prices: LRUCache[PriceQuery, KnownPrice] = LRUCache(MOST_PRICES)
        self.lists: LRUCache[PriceQuery, tuple[int, KnownPrice]] = LRUCache(MOST_PRICES)
        """Price lists, under the question for a quantity of 0: in which quantity it was asked, and the answer."""
        self.refusals: LRUCache[PriceQuery, tuple[float, Refused]] = LRUCache(MOST_PRICES)
        """When it was asked for, and how the MIS said no."""
        self.checks = Coalescer(most_kept=MOST_PRICES, clock=clock)
        """Of who may ask the MIS: for one that comes many times at once, the budget pays once."""
        self.budget = Budget(rules, clock)
        self.unlinked: LRUCache[EngineProductRef, bool] = LRUCache(MOST_PRICES)
        """Products that were asked for and are not linked."""


class PriceCaches:
    """All subscribers' of a process. `aclose` it at the end: it finishes what is left to be written."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """``clock``: a steady one."""
        self._clock = clock
        self._caches: dict[str, PriceCache] = {}
        self._left: set[asyncio.Task[None]] = set()
        self._telling: set[asyncio.Task[None]] = set()

    def of(self, subscriber: Subscriber) -> PriceCache:
        """A new one where the settings have changed: what was remembered under the old ones is forgotten."""
        found = self._caches.get(subscriber.name)
        if found is None or found.version != subscriber.version:
            found = self._caches[subscriber.name] = PriceCache(subscriber, self._clock)
        return found

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something be written that no buyer has to wait for."""
        task = asyncio.create_task(work)
        self._left.add(task)
        task.add_done_callback(self._left.discard)

    def tell(self, observers: Coroutine[Any, Any, None]) -> None:
        """Behind the answer; not at all while many are still being told."""
        if len(self._telling) >= MOST_TOLD:
            observers.close()
            return
        task = asyncio.create_task(observers)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def aclose(self) -> None:
        for task in self._telling:
            task.cancel()
        for counter in self._caches.values():
            await counter.mis.aclose()
            await counter.checks.aclose()
        await asyncio.gather(*self._left)


_CACHES: WeakKeyDictionary[PriceContext, PriceCaches] = WeakKeyDictionary()


def caches_of(context: PriceContext) -> PriceCaches:
    """What this installation remembers; it ends with it."""
    found = _CACHES.get(context)
    if found is None:
        found = _CACHES[context] = PriceCaches(context.steady)
        context.closing.push_async_callback(found.aclose)
    return found
