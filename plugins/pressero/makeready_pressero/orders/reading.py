"""Orders by their numbers and by periods, with few calls; one whose answer alone is malformed holds up no other."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise

from makeready_hooks.model.order import Order, OrderPage, OrderRef

from makeready_pressero.client import PresseroClient
from makeready_pressero.orders.mapping import order_number, orders_from, unreadable_order
from makeready_pressero.session import LIMIT_WINDOW_S, MalformedAnswer, Row
from makeready_pressero.settings import PresseroSettings

ROWS_IN_10_S = 10_000
"""As many as a shop is thought to give, so that one call with many rows can take longer than many with few."""
LONGEST = timedelta(days=31)
"""That the period of one search reaches from the middle of what is asked for."""
GUESSED_FROM = 3
"""So many orders of which no date is known are first looked for among those of today: a webhook may not tell it."""
SIDE_BY_SIDE = 4
"""Searches for one order each, under way at a time."""
NO_ORDER = "0"
"""A number that none has."""


class OrderReader:
    """Reads orders by their numbers: by one search for a whole period if the dates are known and it has few others, else
    by one per order. How many items a day has is remembered: of a day with many, none is made in vain.

    Searches of periods follow one another as slowly as the limit lets calls follow one another for ever: at the beginning of
    a burst many calls are free, and each would find but the few orders that have come since the last.
    """

    def __init__(
        self,
        client: PresseroClient,
        settings: PresseroSettings,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._settings = settings
        self._clock, self._sleep = clock, sleep
        self._next_at = 0.0
        """When the next period may be searched."""
        self._too_many: tuple[date, int] = (date.min, 0)
        """The last day of the last period that had too many, and how many."""

    async def read(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        """What a search of its whole period has just not shown is not searched for singly."""
        singly = {ref.number for ref in refs}
        dated = _dated(refs)
        days, expected = _days_of(dated, [ref.number for ref in refs if not ref.placed_at])
        rows: list[Row] = []
        if expected > 1:
            period, complete = await self._period(min(days), max(days), calls=expected)
            rows = [row for row in period if str(order_number(row)) in singly]
            singly -= set(dated) if complete else set()
        left = singly - {str(order_number(row)) for row in rows}
        return (
            *orders_from(rows, self._settings),
            *await _read_singly(self._client, left, self._settings),
        )

    async def _period(self, first: datetime, last: datetime, calls: int) -> tuple[list[Row], bool]:
        """What a period shows, and whether that is all of it. Nothing if it has far more than is wanted: that it is so is
        found out by a call.
        """
        most = calls * ROWS_IN_10_S // self._settings.calls_per_10_s
        day, items = self._too_many
        if day == last.date() and items > most:
            return [], False
        now = self._clock()
        at = max(now, self._next_at)
        self._next_at = at + LIMIT_WINDOW_S / self._settings.calls_per_10_s
        await self._sleep(at - now)
        listing = self._client.order_items_between(first, last)
        rows: list[Row] = []
        while not listing.ended:
            rows += await listing.next_page()
            if listing.total > most:
                self._too_many = (last.date(), listing.total)
                return [], False
        return rows, not listing.has_changed


def _dated(refs: Iterable[OrderRef]) -> dict[str, datetime]:
    """When orders were placed, without what lies far from the others: one odd date would make a search of years."""
    dated = {ref.number: ref.placed_at for ref in refs if ref.placed_at}
    middle = sorted(dated.values())[len(dated) // 2] if dated else None
    return {number: day for number, day in dated.items() if middle and abs(day - middle) <= LONGEST}


def _days_of(dated: Mapping[str, datetime], undated: Sequence[str]) -> tuple[list[datetime], int]:
    """Days that a search is to hold, and how many orders it may show. Those of which no date is known may be of today."""
    days, now = list(dated.values()), datetime.now(UTC)
    if len(undated) < GUESSED_FROM or any(abs(now - day) > LONGEST for day in days):
        return days, len(dated)
    return [*days, now], len(dated) + len(undated)


async def _read_singly(
    client: PresseroClient, numbers: Iterable[str], settings: PresseroSettings
) -> tuple[Order, ...]:
    """The first alone, since it tells whether the shop answers; then a few side by side: where no limit holds them up, it is
    the way there and back that takes the time. Raises what stands in the way of one, once those beside it are there.
    """
    ordered, orders = sorted(numbers), list[Order]()
    ends = [0, *range(1, len(ordered), SIDE_BY_SIDE), len(ordered)]
    for start, end in pairwise(ends):
        asked = (_read_one(client, number, settings) for number in ordered[start:end])
        for found in await asyncio.gather(*asked, return_exceptions=True):
            if isinstance(found, BaseException):
                raise found
            orders += found
    return tuple(orders)


async def _read_one(client: PresseroClient, number: str, settings: PresseroSettings) -> Sequence[Order]:
    try:
        rows = await client.order_items(number)
    except MalformedAnswer as exc:
        await client.order_items(NO_ORDER)  # malformed, too: then it is the shop's trouble
        return [unreadable_order(number, "Pressero's answer about it is not JSON", exc.body, settings)]
    return orders_from([row for row in rows if str(order_number(row)) in (number, NO_ORDER)], settings)


class OrderListing:
    """Orders of a period, page by page. An order that may have items on another page is read by its number."""

    def __init__(
        self, client: PresseroClient, start: datetime, end: datetime, settings: PresseroSettings
    ) -> None:
        self._client = client
        self._settings = settings
        self._items = client.order_items_between(start, end)
        self._seen: set[int] = set()
        self._singly: set[int] = set()

    async def next_page(self) -> OrderPage:
        """Raises RetryLater after the last one, if the list has changed."""
        if self._items.ended:
            self._items.check()
        rows = await self._items.next_page()
        in_doubt = self._in_doubt([order_number(row) for row in rows])
        fresh = {str(number) for number in in_doubt - self._singly}
        self._singly |= in_doubt
        whole = [row for row in rows if order_number(row) not in self._singly]
        orders = (
            *orders_from(whole, self._settings),
            *await _read_singly(self._client, fresh, self._settings),
        )
        return OrderPage(
            orders=orders, next=self if self._items.has_changed or not self._items.ended else None
        )

    def _in_doubt(self, numbers: list[int]) -> set[int]:
        """Those at the ends of a page, since rows move where the list changes; those that the shop does not give
        together, whatever it sorts by.
        """
        is_first, is_last = not self._seen, self._items.ended
        runs = [number for number, _ in groupby(filter(None, numbers))]
        before, self._seen = self._seen, self._seen.union(runs)
        if not runs or (is_first and is_last):
            return set()
        apart = {number for number, count in Counter(runs).items() if count > 1}
        ends = ({runs[0]} if not is_first else set()) | ({runs[-1]} if not is_last else set())
        return ends | apart | (before & set(runs))
