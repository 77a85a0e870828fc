"""Prices and products that were asked before, for as long as they are fresh."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from makeready_hooks.errors import Refused
from makeready_hooks.model.price import PriceOption, PriceQuery

from makeready.outbound.coalesce import Coalescer
from makeready.prices.model import KnownPrice
from makeready.subscribers.model import Subscriber

MOST_PRICES = 5000
MOST_PRODUCTS = 2000


K = TypeVar("K", bound=Hashable)


V = TypeVar("V")


class PriceCache:
    """One subscriber's."""

    def __init__(self, subscriber: Subscriber, clock: Callable[[], float]) -> None:
        rules = subscriber.prices
        self.version = subscriber.version
        self.desk = Coalescer(
            subscriber.name, max_calls=rules.max_calls, deadline_s=rules.deadline_s, clock=clock
        )
        self.prices: LruCache[PriceQuery, KnownPrice] = LruCache(MOST_PRICES)
        self.refusals: LruCache[PriceQuery, tuple[float, Refused]] = LruCache(MOST_PRICES)
        """When it was asked for, and how the MIS said no."""
        self.options: LruCache[str, tuple[float, tuple[PriceOption, ...]]] = LruCache(MOST_PRODUCTS)
        """By product: when they were asked for, and what they are."""
        self.there: LruCache[tuple[str, ...], tuple[float, frozenset[str]]] = LruCache(MOST_PRODUCTS)
        """By ids that a number can mean: when they were asked for, and which of them are products."""


class PriceCaches:
    """All subscribers' of a process. `aclose` it at the end: it finishes what is left to be written."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counters: dict[str, PriceCache] = {}
        self._left: set[asyncio.Task[None]] = set()

    def of(self, subscriber: Subscriber) -> PriceCache:
        """A new one where the settings have changed: what was remembered under the old ones is forgotten."""
        found = self._counters.get(subscriber.name)
        if found is None or found.version != subscriber.version:
            found = self._counters[subscriber.name] = PriceCache(subscriber, self._clock)
        return found

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something be written that no buyer has to wait for."""
        task = asyncio.create_task(work)
        self._left.add(task)
        task.add_done_callback(self._left.discard)

    async def aclose(self) -> None:
        for counter in self._counters.values():
            await counter.desk.aclose()
        await asyncio.gather(*self._left)


class LruCache(Generic[K, V]):
    """The entry that was used least recently makes room for a new one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def put(self, key: K, value: V) -> None:
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def __len__(self) -> int:
        return len(self._entries)
