"""Orders as the shop showed them moments ago, so that what one story has read the next need not read again."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from makeready_hooks.model.order import Order

from makeready.orders.model import ReadingKey

FRESH_S = 5.0
"""A shop itself shows changes later than this; reading again costs a call of a scarce budget."""


class Reading(NamedTuple):
    """An order as the shop showed it."""

    order: Order
    number: int
    """Which of several is the newest; see `makeready.orders.store.readings`."""

    @property
    def key(self) -> ReadingKey:
        return ReadingKey(self.number, hashlib.sha256(msgspec.json.encode(self.order)).hexdigest())


class RecentOrders:
    """In memory only: after a restart orders are simply read again. Other processes read, too: whether a reading
    is still the newest only the state file knows.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[float, Reading]] = {}

    def keep(self, subscriber: str, reading: Reading, *, now: float) -> None:
        key = (subscriber, reading.order.number)
        self._seen.pop(key, None)
        self._seen[key] = (now, reading)
        while not _is_fresh(self._seen[first := next(iter(self._seen))][0], now):  # the oldest stand first
            del self._seen[first]

    def take(self, subscriber: str, numbers: Iterable[str], *, now: float) -> dict[str, Reading]:
        """Those of these orders that were seen within `FRESH_S`, by number. Each is given once: who comes
        again, comes because something has changed.
        """
        found = {number: self._seen.pop((subscriber, number), None) for number in numbers}
        return {number: one[1] for number, one in found.items() if one and _is_fresh(one[0], now)}


def _is_fresh(at: float, now: float) -> bool:
    """Not after a clock that was set back, either."""
    return 0 <= now - at <= FRESH_S
