"""What an order needs beyond its rows: who the buyer is."""

from typing import Any

import msgspec
import pytest
from makeready_hooks import ConnectorContext, decode_secret
from makeready_hooks.errors import NotSupported
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_hooks.model.order import Buyer, Order
from makeready_hooks.testing.kit import an_order, an_order_line
from makeready_pressero.client import PresseroClient
from makeready_pressero.orders.buyers import REMEMBERED_S
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


class Shop:
    """A Pressero with one user, and a clock that stands still until it is moved."""

    def __init__(self, *, settings: dict[str, Any] | None = None, **user: Any) -> None:
        self.user = {"UserId": "u-1", "Email": "ada@northfield.example", **user}
        self.details: dict[str, Any] = {
            "Groups": [{"GroupId": "g-1", "GroupName": "Staff"}, {"GroupId": "g-2"}]
        }
        self.now = 1000.0
        self.http = ScriptedHttp(self._answer)
        chosen = msgspec.convert({**LOGIN, **(settings or {})}, PresseroSettings, dec_hook=decode_secret)
        context = ConnectorContext(subscriber="a", http=self.http)
        self.connector = Pressero(chosen, PresseroClient(chosen, self.http), context, lambda: self.now)

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if request.url.endswith("/V2/Authentication"):
            return answer({"Token": "t"})
        if request.url.endswith("/users/u-1"):
            return answer({**self.user, **self.details})
        return answer(
            {"Items": [self.user], "TotalItems": 1}
            if request.url.endswith("/users/")
            else {"OrderItemNumber": 1}
        )

    async def buyer(self, order: Order) -> Buyer:
        return (await self.connector.read_order_details(order, (1,), files_may_follow=False)).buyer


async def test_the_buyer_is_found_by_the_address() -> None:
    buyer = await Shop(ExternalId="NORTH01").buyer(an_order(buyer=Buyer(email="ada@northfield.example")))
    assert (buyer.id, buyer.external_id) == ("u-1", "NORTH01")


async def test_only_the_lines_that_are_asked_for_are_completed() -> None:
    shop = Shop()
    order = an_order(an_order_line(1), an_order_line(2), an_order_line(3))
    completed = await shop.connector.read_order_details(order, (2, 3), files_may_follow=False)
    assert [line.number for line in completed.lines] == [2, 3]
    assert [len(shop.http.sent_to(f"/Item/{number}/Details")) for number in (1, 2, 3)] == [0, 1, 1]


async def test_an_id_that_the_order_has_does_not_hide_the_external_id() -> None:
    order = an_order(buyer=Buyer(id="of-the-order", email="ada@northfield.example"))
    buyer = await Shop(ExternalId="NORTH01").buyer(order)
    assert (buyer.id, buyer.external_id) == ("of-the-order", "NORTH01")


async def test_a_buyer_without_an_address_or_without_an_account_stays_as_the_order_has_them() -> None:
    for buyer in (Buyer(first_name="Ada"), Buyer(email="guest@northfield.example")):
        assert await Shop().buyer(an_order(buyer=buyer)) == buyer


async def test_orders_of_one_buyer_ask_for_them_once_and_a_correction_is_seen_soon() -> None:
    shop, order = Shop(), an_order(buyer=Buyer(email="ada@northfield.example"))
    for _ in range(3):
        assert (await shop.buyer(order)).external_id == ""
    assert len(shop.http.sent_to("/users/")) == 1
    shop.user["ExternalId"] = "NORTH01"
    shop.now += REMEMBERED_S
    assert (await shop.buyer(order)).external_id == "NORTH01"


ADA = Buyer(email="ada@northfield.example")
READ_GROUPS = {"read_user_groups": True}


async def test_buyers_are_not_looked_up_where_that_is_set() -> None:
    shop = Shop(settings={"read_buyers": False})
    assert await shop.buyer(an_order(buyer=ADA)) == ADA
    assert shop.http.sent_to("/users/") == []


async def test_no_call_is_made_for_groups_unless_it_is_set() -> None:
    shop = Shop()
    assert (await shop.buyer(an_order(buyer=ADA))).groups is None
    assert shop.http.sent_to("/users/u-1") == []


async def test_the_groups_of_a_buyer_are_read_once_for_a_burst_of_orders() -> None:
    shop = Shop(settings=READ_GROUPS)
    for _ in range(3):
        assert (await shop.buyer(an_order(buyer=ADA))).groups == ("Staff",)
    assert len(shop.http.sent_to("/users/u-1")) == 1


async def test_groups_that_the_list_of_users_shows_cost_no_call() -> None:
    shop = Shop(Groups=[{"GroupName": "Trade"}])
    assert (await shop.buyer(an_order(buyer=ADA))).groups == ("Trade",)
    assert shop.http.sent_to("/users/u-1") == []


@pytest.mark.parametrize("buyer", [Buyer(first_name="Ada"), Buyer(email="guest@northfield.example")])
async def test_a_guest_is_in_no_group(buyer: Buyer) -> None:
    assert (await Shop(settings=READ_GROUPS).buyer(an_order(buyer=buyer))).groups == ()


async def test_an_account_that_does_not_tell_groups_is_a_setting_to_correct() -> None:
    shop = Shop(settings=READ_GROUPS)
    shop.details = {}
    with pytest.raises(NotSupported, match="read_user_groups"):
        await shop.buyer(an_order(buyer=ADA))
