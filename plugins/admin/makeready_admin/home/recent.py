"""The orders that were placed last, each with its lines together."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from makeready.installation import Installation
from makeready.orders.model import REJECTED_LATER, LineRow, LineState
from msgspec import Struct

from makeready_admin.home.store import lines_of

SHOWN = 10
MOST_URGENT = (
    LineState.REFUSED,
    REJECTED_LATER,
    LineState.PARKED,
    LineState.IN_DOUBT,
    LineState.SUBMITTING,
    LineState.READY,
    LineState.SEEN,
    LineState.WAITING,
    LineState.BEFORE_START,
    LineState.ACCEPTED,
    LineState.IGNORED,
    LineState.CANCELLED,
)
"""An order is shown in the first of these states that one of its lines has."""


class RecentOrder(Struct, frozen=True, kw_only=True):
    lines: Sequence[LineRow]

    @property
    def number(self) -> str:
        return self.lines[0].order_number

    @property
    def customer(self) -> str:
        return self.lines[0].customer

    @property
    def placed_at(self) -> float:
        return max(one.placed_at for one in self.lines)

    @property
    def net(self) -> Decimal | None:
        """Without tax; None if the shop tells no price of a line."""
        nets = [one.net for one in self.lines if one.net is not None]
        return sum(nets, Decimal(0)) if len(nets) == len(self.lines) else None

    @property
    def currency(self) -> str:
        return self.lines[0].currency

    @property
    def state(self) -> str:
        states = {one.shown_state for one in self.lines}
        return next((str(one) for one in MOST_URGENT if one in states), self.lines[0].state)

    @property
    def mis_numbers(self) -> Sequence[str]:
        return list(dict.fromkeys(one.mis_number for one in self.lines if one.mis_number))


async def recent_orders(installation: Installation, subscriber: str) -> list[RecentOrder]:
    """The newest first."""
    return orders_in(await lines_of(installation).newest(subscriber, SHOWN))


def orders_in(lines: Iterable[LineRow]) -> list[RecentOrder]:
    by_number: dict[str, list[LineRow]] = {}
    for line in lines:
        by_number.setdefault(line.order_number, []).append(line)
    return sorted(
        (RecentOrder(lines=found) for found in by_number.values()),
        key=lambda one: one.placed_at,
        reverse=True,
    )
