"""What is remembered of prices in memory: per subscriber, and only under its settings of today."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from makeready_hooks.errors import Refused
from makeready_hooks.model.price import PriceOption, PriceQuery

from makeready.prices.desk import Desk
from makeready.prices.kept import Kept
from makeready.records import KnownPrice, Subscriber

MOST_PRICES = 5000
MOST_PRODUCTS = 2000


class Counter:
    """One subscriber's."""

    def __init__(self, subscriber: Subscriber, clock: Callable[[], float]) -> None:
        rules = subscriber.prices
        self.version = subscriber.version
        self.desk = Desk(subscriber.name, max_calls=rules.max_calls, deadline_s=rules.deadline_s, clock=clock)
        self.prices: Kept[PriceQuery, KnownPrice] = Kept(MOST_PRICES)
        self.refusals: Kept[PriceQuery, tuple[float, Refused]] = Kept(MOST_PRICES)
        """When it was asked for, and how the MIS said no."""
        self.options: Kept[str, tuple[float, tuple[PriceOption, ...]]] = Kept(MOST_PRODUCTS)
        """By product: when they were asked for, and what they are."""
        self.there: Kept[tuple[str, ...], tuple[float, frozenset[str]]] = Kept(MOST_PRODUCTS)
        """By ids that a number can mean: when they were asked for, and which of them are products."""


class Counters:
    """All subscribers' of a process. `aclose` it at the end: it finishes what is left to be written."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counters: dict[str, Counter] = {}
        self._left: set[asyncio.Task[None]] = set()

    def of(self, subscriber: Subscriber) -> Counter:
        """A new one where the settings have changed: what was remembered under the old ones is forgotten."""
        found = self._counters.get(subscriber.name)
        if found is None or found.version != subscriber.version:
            found = self._counters[subscriber.name] = Counter(subscriber, self._clock)
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
