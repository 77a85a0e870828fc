"""How many searches many orders take."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from makeready_hooks import decode_secret
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.order import OrderRef
from makeready_pressero.client import PresseroClient
from makeready_pressero.orders.reading import OrderReader
from makeready_pressero.settings import PresseroSettings
from scripted_http import ScriptedHttp, answer

NOW = datetime.now(UTC)
LOGIN = {
    "admin_url": "https://admin.shop.example",
    "user_name": "bridge",
    "password": "hush-hush",
    "subscriber_id": "0a5d2c1e",
    "consumer_id": "c0ffee",
}


class Shop:
    """A Pressero with orders by number and day, and a clock that moves where the connector waits."""

    def __init__(self, orders: dict[int, datetime], **settings: Any) -> None:
        self.orders = orders
        self.now = 1000.0
        self.searched_at: list[float] = []
        self.days: list[int] = []
        """That each searched period holds."""
        self.http = ScriptedHttp(self._answer)
        chosen = msgspec.convert({**LOGIN, **settings}, PresseroSettings, dec_hook=decode_secret)
        client = PresseroClient(chosen, self.http)
        self.reader = OrderReader(client, chosen, lambda: self.now, self.sleep)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.now += seconds

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if request.url.endswith("/V2/Authentication"):
            return answer({"Token": "t"})
        self.searched_at.append(self.now)
        search = msgspec.json.decode(request.body)
        if "StartDate" in search:
            start, end = (datetime.fromisoformat(search[name]) for name in ("StartDate", "EndDate"))
            self.days.append((end - start).days)
            found = [one for one, day in self.orders.items() if start <= day <= end]
        else:
            found = [one for one in self.orders if str(one) == search["Filters"][0]["Value"]]
        rows = [
            {
                "OrderNumber": one,
                "OrderId": f"id-{one}",
                "OrderItemNumber": 1,
                "OrderDate": self.orders[one].isoformat(),
            }
            for one in found
        ]
        return answer({"Items": rows, "TotalItems": len(rows)})

    async def read(self, numbers: Iterable[int], *, dated: bool = True) -> list[int]:
        refs = tuple(
            OrderRef(number=str(one), placed_at=self.orders.get(one, NOW) if dated else None)
            for one in numbers
        )
        return sorted(int(one.number) for one in await self.reader.read(refs))


def of_today(count: int) -> dict[int, datetime]:
    return dict.fromkeys(range(7000, 7000 + count), NOW)


async def test_orders_of_today_whose_dates_no_webhook_tells_are_read_by_one_search() -> None:
    shop = Shop(of_today(50))
    assert await shop.read(shop.orders, dated=False) == sorted(shop.orders)
    assert len(shop.searched_at) == 1


async def test_an_older_order_without_a_date_is_found_all_the_same() -> None:
    shop = Shop(of_today(50) | {6000: NOW - timedelta(days=90)})
    assert await shop.read(shop.orders, dated=False) == sorted(shop.orders)
    assert len(shop.searched_at) == 2


async def test_one_odd_date_does_not_make_a_search_of_years() -> None:
    shop = Shop(of_today(50) | {6000: datetime(2, 1, 1, tzinfo=UTC)})
    assert await shop.read(shop.orders) == sorted(shop.orders)
    assert (shop.days, len(shop.searched_at)) == ([2], 2)


async def test_searches_of_a_burst_follow_one_another_at_the_rate_of_the_limit() -> None:
    shop = Shop(of_today(50))
    numbers = list(shop.orders)
    for first in range(0, 50, 10):
        await shop.read(numbers[first : first + 10])
    assert [at - shop.searched_at[0] for at in shop.searched_at] == [0, 1, 2, 3, 4]


async def test_a_single_order_does_not_wait_for_the_searches_of_a_burst() -> None:
    shop = Shop(of_today(50))
    await shop.read(shop.orders)
    assert await shop.read([7001]) == [7001]
    assert shop.searched_at[1] == shop.searched_at[0]
