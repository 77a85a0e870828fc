"""Orders as the shop showed them moments ago, so that what one flow has read the next need not read again."""

from collections.abc import Iterable

from makeready_hooks.model.order import Order

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
