"""What an order's files cost: a call an item, and none before the order leaves where the limit has no room for it."""

import asyncio
from typing import Any

import msgspec
import pytest
from makeready_hooks import ConnectorContext, decode_secret
from makeready_hooks.errors import Refused, RetryLater
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.order import Buyer, Order, OrderLine
from makeready_hooks.testing.kit import an_order, an_order_line
from makeready_pressero.client import PresseroClient
from makeready_pressero.orders.file_habits import AFTER_A_FILE, PRODUCT_SURE, SITE_SURE, FileHabits
from makeready_pressero.plugin import Pressero
from makeready_pressero.settings import PresseroSettings
from scripted_http import ScriptedHttp, answer

LOGIN = {
    "admin_url": "https://admin.shop.example",
    "user_name": "bridge",
    "password": "hush-hush",
    "subscriber_id": "0a5d2c1e",
    "consumer_id": "c0ffee",
}
FILE = {"FileName": "a.pdf", "Url": "https://files.shop.example/a.pdf"}


class Shop:
    """A Pressero whose items have files by their order's number, and a clock that stands still until it is moved."""

    def __init__(self, **settings: Any) -> None:
        self.files: dict[str, list[dict[str, str]]] = {}
        self.ids: dict[str, str] = {}
        """Of orders, where the details tell them."""
        self.assets: list[dict[str, str]] = []
        self.away = False
        self.unknown: set[str] = set()
        self.now = 1000.0
        self.http = ScriptedHttp(self._answer)
        chosen = msgspec.convert({**LOGIN, **settings}, PresseroSettings, dec_hook=decode_secret)
        context = ConnectorContext(subscriber="a", http=self.http)
        self.connector = Pressero(chosen, PresseroClient(chosen, self.http), context, lambda: self.now)

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if request.url.endswith("/V2/Authentication"):
            return answer({"Token": "t"})
        if self.away:
            return answer(b"", 503)
        if request.url.endswith("/SubscriberAssets"):
            return answer(self.assets)
        number = request.url.split("/")[-4]
        if number in self.unknown:
            return answer({"Message": "The item was not found."}, 404)
        shown = {"OrderId": self.ids[number]} if number in self.ids else {}
        return answer({"OrderItemNumber": 1, "Files": self.files.get(number, []), **shown})

    @property
    def looks(self) -> list[str]:
        """Numbers of the orders of whose item the details were asked for."""
        return [one.url.split("/")[-4] for one in self.http.requests if one.url.endswith("/Details")]

    async def complete(self, number: int, product: str = "p-1", *, may_follow: bool = True) -> OrderLine:
        order = an_order(an_order_line(1, product_id=product), number=str(number))
        return await self.of(order, may_follow=may_follow)

    async def of(self, order: Order, *, may_follow: bool = True) -> OrderLine:
        order = msgspec.structs.replace(order, buyer=Buyer())
        return (await self.connector.read_order_details(order, (1,), may_follow)).lines[0]

    async def burst(self, first: int, count: int, product: str = "p-1") -> list[OrderLine]:
        waiting = (self.complete(number, product) for number in range(first, first + count))
        return await asyncio.gather(*waiting)


async def test_in_a_burst_a_few_items_tell_that_a_product_has_no_files() -> None:
    shop = Shop()
    lines = await shop.burst(1, 100)
    assert len(shop.looks) <= PRODUCT_SURE + 2
    assert sum(line.files_follow for line in lines) == 100 - len(shop.looks)
    assert not any(line.files for line in lines)


async def test_in_a_burst_files_of_a_product_that_has_some_go_with_their_orders() -> None:
    shop = Shop()
    shop.files = {str(number): [FILE] for number in range(1, 31)}
    lines = await shop.burst(1, 30)
    assert len(shop.looks) == 30
    assert all(len(line.files) == 1 and not line.files_follow for line in lines)


async def test_what_is_known_of_one_product_is_not_taken_for_another() -> None:
    shop = Shop()
    await shop.burst(1, 10)
    shop.files["20"] = [FILE]
    assert (await shop.complete(20, "p-2")).files


async def test_orders_that_come_one_by_one_have_their_files_first() -> None:
    shop = Shop()
    await shop.burst(1, 10)
    for number in range(11, 15):
        shop.now += 10
        assert not (await shop.complete(number)).files_follow
    assert shop.looks[-4:] == ["11", "12", "13", "14"]


@pytest.mark.parametrize("settings", [{"item_files": "first"}, {"calls_per_10_s": 1000}])
async def test_where_it_is_set_or_the_limit_has_room_files_are_always_asked_for_first(
    settings: dict[str, Any],
) -> None:
    shop = Shop(**settings)
    await shop.burst(1, 10)
    await shop.burst(11, 10)
    assert len(shop.looks) == 20


async def test_nothing_is_left_for_later_of_an_order_that_has_to_be_whole() -> None:
    shop = Shop()
    await shop.burst(1, 10)
    shop.files["20"] = [FILE]
    assert (await shop.complete(20, may_follow=False)).files


async def test_files_that_were_left_are_listed_later_and_the_next_order_has_its_own_first() -> None:
    shop = Shop()
    await shop.burst(1, 10)
    shop.files = {"20": [FILE], "21": [FILE]}
    assert (await shop.complete(20)).files_follow
    assert [one.file_name for one in await shop.connector.list_line_files("20", 1)] == ["a.pdf"]
    assert (await shop.complete(21)).files


async def test_files_that_were_left_are_not_those_of_another_order_under_the_number() -> None:
    shop = Shop()
    await shop.burst(1, 10)
    assert (await shop.of(an_order(an_order_line(1, product_id="p-1"), number="20", id="mine"))).files_follow
    shop.ids["20"], shop.files["20"] = "another", [FILE]
    with pytest.raises(RetryLater, match="another order"):
        await shop.connector.list_line_files("20", 1)


async def test_while_the_shop_is_away_a_burst_does_not_try_one_item_after_the_other() -> None:
    shop = Shop()
    shop.away = True
    waiting = (shop.complete(number) for number in range(50))
    errors = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(one) for one in errors} == {RetryLater}
    assert len(shop.looks) <= PRODUCT_SURE + 2
    shop.away = False
    shop.now += 1
    assert not (await shop.complete(60)).files


async def test_an_item_that_the_shop_refuses_to_show_is_no_other_order_s_trouble() -> None:
    shop = Shop()
    shop.unknown = {"2"}
    waiting = (shop.complete(number) for number in range(20))
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in ended if isinstance(one, Exception)] == [Refused]


async def test_brand_assets_go_with_an_order_whose_files_follow() -> None:
    shop = Shop(send_product_assets=True)
    path = "https://x.example/logo.eps"
    shop.assets = [{"ProductId": "p-1", "AssetUsage": "Product", "Name": "logo", "Path": path}]
    lines = await shop.burst(1, 20)
    assert all([one.file_name for one in line.files] == ["logo.eps"] for line in lines)
    assert any(line.files_follow for line in lines)
    assert len(shop.http.sent_to("/SubscriberAssets")) <= 2


def test_a_product_with_a_file_is_asked_for_first_for_a_good_while() -> None:
    habits = FileHabits()
    habits.note("a", "p", has_files=True)
    for _ in range(AFTER_A_FILE + PRODUCT_SURE - 1):
        habits.note("a", "p", has_files=False)
        assert not habits.has_none("a", "p")
    habits.note("a", "p", has_files=False)
    assert habits.has_none("a", "p")


def test_a_site_without_any_file_speaks_for_a_product_that_is_new_and_for_no_other_site() -> None:
    habits = FileHabits()
    for number in range(SITE_SURE):
        assert not habits.has_none("a", "new")
        habits.note("a", f"p-{number}", has_files=False)
    assert habits.has_none("a", "new") and not habits.has_none("b", "new")
    habits.note("a", "p-1", has_files=True)
    assert not habits.has_none("a", "new")
