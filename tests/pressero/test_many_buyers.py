"""Buyers of a burst: a site's list of users costs a call a thousand of them, one by one each costs a call."""

import asyncio
import re
from typing import Any

import msgspec
import pytest
from makeready_hooks import decode_secret
from makeready_hooks.http import HttpAnswer, HttpRequest
from makeready_pressero.client import PresseroClient
from makeready_pressero.orders.buyers import MOST_PAGES, ONE_BY_ONE, REMEMBERED_S, Buyers
from makeready_pressero.session import PAGE_SIZE
from makeready_pressero.settings import PresseroSettings
from scripted_http import ScriptedHttp, answer

SITE = "shop.northfield.example"
LOGIN = {
    "admin_url": "https://admin.shop.example",
    "user_name": "bridge",
    "password": "hush-hush",
    "subscriber_id": "0a5d2c1e",
    "consumer_id": "c0ffee",
}


class Shop:
    """A Pressero with many users, ``n@northfield.example`` each, and a clock that stands still until it is moved."""

    def __init__(self, users: int, **settings: Any) -> None:
        self.users = [
            {"UserId": f"u-{number}", "Email": f"{number}@Northfield.example", "MisId": "x"}
            for number in range(users)
        ]
        self.lists = True
        self.names_them = True
        self.counts = True
        self.now = 1000.0
        self.http = ScriptedHttp(self._answer)
        chosen = msgspec.convert({**LOGIN, **settings}, PresseroSettings, dec_hook=decode_secret)
        self._buyers = Buyers(chosen, PresseroClient(chosen, self.http), lambda: self.now)

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if request.url.endswith("/V2/Authentication"):
            return answer({"Token": "t"})
        if found := re.search(r"/users/(u-\d+)$", request.url):
            return answer({"UserId": found[1], "Groups": [{"GroupName": "Staff"}]})
        query = dict(request.query)
        email, first = query.get("email"), int(query["pageNumber"]) * int(query["pageSize"])
        if email is None and not self.lists:
            return answer({"Message": "The email is missing."}, 400)
        found_rows = [row for row in self.users if email is None or row["Email"].lower() == email.lower()]
        rows = [dict(row) for row in found_rows[first : first + int(query["pageSize"])]]
        if not self.names_them:
            rows = [{"UserId": row["UserId"]} for row in rows]
        return answer({"Items": rows, "TotalItems": len(found_rows)} if self.counts else rows)

    @property
    def calls(self) -> int:
        return sum("/users/" in one.url for one in self.http.requests)

    async def ids(self, *numbers: int) -> list[str]:
        """As which users these addresses are found; "" for none."""
        found = [await self._buyers.find(SITE, f"{number}@northfield.example") for number in numbers]
        return [str(one["UserId"]) if one else "" for one in found]


async def test_a_burst_of_many_buyers_costs_a_few_calls() -> None:
    shop = Shop(2 * PAGE_SIZE)
    wanted = range(0, 2 * PAGE_SIZE, 10)
    assert await shop.ids(*wanted) == [f"u-{number}" for number in wanted]
    assert shop.calls == ONE_BY_ONE + 2


async def test_a_few_buyers_are_asked_for_one_by_one() -> None:
    shop = Shop(50)
    assert await shop.ids(1, 2, 3) == ["u-1", "u-2", "u-3"]
    assert shop.calls == 3


async def test_who_came_after_the_list_is_asked_for_and_a_correction_is_seen_soon() -> None:
    shop = Shop(50)
    await shop.ids(*range(5))
    shop.users.append({"UserId": "u-new", "Email": "77@northfield.example"})
    before = shop.calls
    assert await shop.ids(77, *range(50)) == ["u-new", *(f"u-{one}" for one in range(50))]
    assert shop.calls == before + 1
    shop.users[7]["UserId"] = "u-other"
    shop.now += REMEMBERED_S
    assert await shop.ids(7) == ["u-other"]


async def test_guests_who_wait_for_the_list_are_not_asked_for_one_by_one() -> None:
    shop = Shop(50)
    guests = (shop.ids(number) for number in range(100, 140))
    assert await asyncio.gather(*guests) == [[""]] * 40
    assert shop.calls == ONE_BY_ONE + 1


async def test_a_list_that_does_not_tell_how_many_there_are_says_of_nobody_that_they_are_none() -> None:
    """It may be one page of several."""
    shop = Shop(50)
    shop.counts = False
    assert await asyncio.gather(*(shop.ids(number) for number in range(100, 110))) == [[""]] * 10
    singly = sum("email" in dict(one.query) for one in shop.http.requests)
    assert singly == 10


async def test_a_guest_of_yesterday_s_list_who_has_become_a_user_is_found() -> None:
    shop = Shop(50)
    assert await asyncio.gather(*(shop.ids(number) for number in range(100, 110))) == [[""]] * 10
    shop.users.append({"UserId": "u-new", "Email": "109@northfield.example"})
    assert await shop.ids(109) == ["u-new"]


async def test_a_list_that_is_longer_than_who_is_wanted_is_not_read_to_its_end() -> None:
    shop = Shop((MOST_PAGES + 5) * PAGE_SIZE)
    wanted = range(20_100, 20_140)
    assert await shop.ids(*wanted) == [f"u-{number}" for number in wanted]
    assert shop.calls == len(wanted) + 1


async def test_a_long_list_is_read_once_as_many_were_asked_for_singly_as_it_has_pages() -> None:
    shop = Shop(10 * PAGE_SIZE)
    wanted = range(5000, 5500)
    assert await shop.ids(*wanted) == [f"u-{number}" for number in wanted]
    assert shop.calls == 10 + 1 + 10


@pytest.mark.parametrize("fault", ["lists", "names_them"])
async def test_an_account_whose_list_does_not_serve_is_asked_one_by_one(fault: str) -> None:
    shop = Shop(50)
    setattr(shop, fault, False)
    wanted = range(20)
    assert await shop.ids(*wanted) == [f"u-{number}" for number in wanted]
    assert shop.calls == len(wanted) + 1


async def test_an_account_that_is_known_not_to_list_its_users_is_never_asked_to() -> None:
    shop = Shop(50, assumptions={"users_are_listed": False})
    await shop.ids(*range(20))
    assert all("email" in dict(one.query) for one in shop.http.requests if "/users/" in one.url)


async def test_groups_are_still_read_of_each() -> None:
    shop = Shop(50, read_user_groups=True)
    for number in range(6):
        found = await shop._buyers.find(SITE, f"{number}@northfield.example")
        assert found is not None and found["Groups"] == [{"GroupName": "Staff"}]
