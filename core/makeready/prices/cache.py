"""What remembers prices and products that were asked before; `makeready.prices.quote` decides how long they are fresh."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from cachetools import LRUCache
from makeready_hooks.errors import Refused
from makeready_hooks.model.price import PriceQuery

from makeready.outbound.coalesce import Coalescer
from makeready.outbound.guard import Guard
from makeready.prices.budget import Budget
from makeready.prices.model import KnownPrice
from makeready.products.part_numbers import EngineProductRef
from makeready.subscribers.model import Subscriber

MOST_PRICES = 5000


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
        self.checks = Coalescer(most_kept=1, clock=clock)
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

    async def aclose(self) -> None:
        for counter in self._caches.values():
            await counter.mis.aclose()
            await counter.checks.aclose()
        await asyncio.gather(*self._left)
