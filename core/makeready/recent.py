"""What a vendor showed moments ago, so that what one has read the next need not read again."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Generic, TypeVar

from makeready_hooks.model.order import Order

T = TypeVar("T")

FRESH_S = 5.0
"""A shop itself shows changes later than this; reading again costs a call of a scarce budget."""


class RecentOrders:
    """In memory only: after a restart orders are simply read again."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[float, Order]] = {}

    def keep(self, subscriber: str, order: Order, *, now: float) -> None:
        self._seen = {key: one for key, one in self._seen.items() if now - one[0] <= FRESH_S}
        self._seen[subscriber, order.number] = (now, order)

    def take(self, subscriber: str, numbers: Iterable[str], *, now: float) -> dict[str, Order]:
        """Those of these orders that were seen within `FRESH_S`, by number. Each is given once: who comes
        again, comes because something has changed.
        """
        found = {number: self._seen.pop((subscriber, number), None) for number in numbers}
        return {number: one[1] for number, one in found.items() if one and now - one[0] <= FRESH_S}


class RecentReadings(Generic[T]):
    """Readings that are shared by all who ask within a time, under way or done."""

    def __init__(self, keep_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._keep_s = keep_s
        self._clock = clock
        self._readings: dict[Hashable, tuple[float, asyncio.Task[T]]] = {}

    def reading(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> "asyncio.Task[T]":
        """The reading under this key, begun now if there is none that is fresh. It goes on if nobody waits."""
        now = self._clock()
        self._readings = {
            key: one
            for key, one in self._readings.items()
            if now - one[0] < self._keep_s or not one[1].done()
        }
        if key not in self._readings:
            self._readings[key] = (now, asyncio.ensure_future(_awaited(read)))
        return self._readings[key][1]

    def forget(self, key: Hashable) -> None:
        """The next who asks reads anew."""
        self._readings.pop(key, None)

    async def aclose(self) -> None:
        """End what is under way."""
        tasks = [task for _, task in self._readings.values()]
        self._readings = {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _awaited(read: Callable[[], Awaitable[T]]) -> T:
    return await read()
