"""Orders that were read moments ago, kept in memory."""

import time

from invented import order
from makeready.orders.store.fetched import FRESH_S, Reading, RecentOrders

MANY = 10_000


def keep(recent: RecentOrders, number: int, now: float) -> None:
    recent.keep("northfield", Reading(order(str(number)), 1), now=now)


def test_keeping_one_costs_the_same_however_many_are_kept() -> None:
    recent, started = RecentOrders(), time.process_time()
    for number in range(MANY):
        keep(recent, number, now=1.0)
    assert time.process_time() - started < 1.0, "31 s where each looked through all"


def test_what_is_not_fresh_any_more_is_forgotten_whichever_way_the_clock_went() -> None:
    for later in (FRESH_S + 1, -FRESH_S - 1):
        recent = RecentOrders()
        for number in range(3):
            keep(recent, number, now=100.0)
        keep(recent, 3, now=100.0 + later)
        assert list(recent.take("northfield", ["3"], now=100.0 + later)) == ["3"]
        assert recent.take("northfield", ["0", "1", "2"], now=100.0) == {}
