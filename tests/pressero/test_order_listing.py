"""Orders of a period, page by page: none is told with a part of its items, whatever the pages do meanwhile."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks import ConnectorContext, Secret
from makeready_hooks.errors import RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.order import Order, OrderRef
from makeready_pressero.plugin import Pressero, build
from makeready_pressero.settings import PresseroSettings
from scripted_http import ScriptedHttp, answer

DAY = datetime(2026, 3, 2, tzinfo=UTC)
SIZES = st.dictionaries(st.integers(7100, 7130), st.integers(1, 5), max_size=12)
"""How many items each order has."""


class Listed:
    """A shop whose orders go while its list is read."""

    def __init__(self, rows: list[dict[str, Any]], page_size: int, gone: dict[int, int], total: bool) -> None:
        self.rows, self.page_size, self.gone, self.total = rows, page_size, dict(gone), total
        self.searches: Counter[str] = Counter()

    def connector(self) -> Pressero:
        settings = PresseroSettings(
            admin_url="https://admin.shop.example",
            user_name="bridge",
            password=Secret("hush-hush"),
            subscriber_id="0a5d2c1e",
            consumer_id="c0ffee",
        )
        return build(settings, ConnectorContext(subscriber="a", http=ScriptedHttp(self.give)))

    def give(self, request: HttpRequest) -> HttpAnswer:
        if request.url.endswith("/Authentication"):
            return answer({"Token": "t"})
        search = json.loads(request.body)
        self.searches["single" if search.get("Filters") else "period"] += 1
        if filters := search.get("Filters"):
            of_order = [row for row in self.rows if str(row["OrderNumber"]) == filters[0]["Value"]]
            return answer({"Items": of_order, "TotalItems": len(of_order)})
        number = int(dict(request.query)["pageNumber"])
        if number in self.gone:
            self.rows = [row for row in self.rows if row["OrderNumber"] != self.gone[number]]
        first = number * self.page_size
        page = {"Items": self.rows[first : first + self.page_size], "TotalItems": len(self.rows)}
        return answer(page if self.total else {"Items": page["Items"]})


def rows_of(sizes: dict[int, int]) -> list[dict[str, Any]]:
    day = "2026-03-02T09:15:29"
    return [
        {
            "OrderNumber": number,
            "OrderId": f"id-{number}",
            "OrderItemNumber": item,
            "OrderDate": day,
            "Price": 1,
        }
        for number, items in sizes.items()
        for item in range(1, items + 1)
    ]


async def read_all(shop: Listed) -> tuple[list[Order], bool]:
    """And whether the list was said to have changed."""
    connector, cursor, orders = shop.connector(), None, []
    with patch("makeready_pressero.session.PAGE_SIZE", shop.page_size):
        while True:
            try:
                page = await connector.list_orders(DAY, DAY, cursor)
            except RetryLater:
                return orders, True
            orders += page.orders
            if (cursor := page.next) is None:
                return orders, False


@given(SIZES, st.integers(1, 9), st.booleans(), st.randoms(use_true_random=False))
async def test_each_order_comes_once_with_all_its_items(
    sizes: dict[int, int], page_size: int, total: bool, random: Any
) -> None:
    """Whatever the orders are sorted by."""
    numbers = list(sizes)
    random.shuffle(numbers)
    shop = Listed(rows_of({number: sizes[number] for number in numbers}), page_size, {}, total)
    orders, changed = await read_all(shop)
    assert not changed
    assert sorted((int(one.number), len(one.lines)) for one in orders) == sorted(sizes.items())


@given(SIZES, st.integers(1, 9), st.randoms(use_true_random=False))
async def test_items_in_any_order_are_put_together_in_the_end(
    sizes: dict[int, int], page_size: int, random: Any
) -> None:
    rows = rows_of(sizes)
    random.shuffle(rows)
    orders, changed = await read_all(Listed(rows, page_size, {}, total=True))
    assert not changed
    assert {int(one.number): len(one.lines) for one in orders} == sizes  # what came last counts


@given(SIZES, st.integers(1, 9), st.dictionaries(st.integers(1, 5), st.integers(7100, 7130), max_size=2))
async def test_of_a_list_that_shrinks_no_order_comes_in_part_and_what_is_hidden_is_said(
    sizes: dict[int, int], page_size: int, gone: dict[int, int]
) -> None:
    shop = Listed(rows_of(sizes), page_size, gone, total=True)
    orders, changed = await read_all(shop)
    assert all(len(one.lines) == sizes[int(one.number)] for one in orders)
    left = {row["OrderNumber"] for row in shop.rows}
    assert changed or left <= {int(one.number) for one in orders}


async def test_a_day_with_many_orders_is_searched_in_vain_once() -> None:
    """Then each order is searched for by its number; where many are asked for, the day again."""
    sizes = dict.fromkeys(range(7100, 7130), 1)
    shop = Listed(rows_of(sizes), 4, {}, total=True)
    connector = shop.connector()
    with (
        patch("makeready_pressero.orders.reading.ROWS_IN_10_S", 20),
        patch("makeready_pressero.orders.reading.LIMIT_WINDOW_S", 0),
        patch("makeready_pressero.session.PAGE_SIZE", 4),
    ):
        for few in ((7100, 7101), (7110, 7111, 7112)):
            refs = tuple(OrderRef(number=str(number), placed_at=DAY) for number in few)
            assert [int(one.number) for one in await connector.read_orders(refs)] == list(few)
        assert shop.searches == {"period": 1, "single": 5}
        refs = tuple(OrderRef(number=str(number), placed_at=DAY) for number in sizes)
        assert len(await connector.read_orders(refs)) == len(sizes)
    assert shop.searches["single"] == 5
