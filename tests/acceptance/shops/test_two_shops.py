"""A company with two shops: pages and the API say through which an order came, and offer the sites of both."""

import pytest
from api import NORTHFIELD, Api
from browser import Browser
from makeready.subscribers.setup import install
from pretend import SITE, Bench, Shop, order
from steps import ask_to_look, settle

AT = "/subscribers/northfield"
THEIRS = "market:6994"


@pytest.fixture
async def both(bench: Bench, market: Shop) -> Bench:
    bench.shop.orders["6994"] = market.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994", THEIRS)
    await settle(bench)
    return bench


async def test_an_order_s_page_says_which_shop_has_it_and_leads_there(both: Bench, mia: Browser) -> None:
    page = await mia.get(f"{AT}/orders")
    assert " 6994-1 In the MIS" in page.text
    assert f" {THEIRS}-1 In the MIS" in page.text
    page = await mia.get(f"{AT}/orders/{THEIRS}")
    assert "Placed in the shop Market (market)" in page.text
    theirs = [one for one in page.links if one.startswith("https://admin.example/")]
    assert theirs == ["https://admin.example/orders/6994"], "of the shop that has it alone, as that calls it"
    page = await mia.get(f"{AT}/orders/6994")
    assert "Placed in the shop Shop (shop)" in page.text


async def test_what_would_be_sent_is_said_with_the_shop(both: Bench, mia: Browser) -> None:
    page = await mia.get(f"{AT}/orders/{THEIRS}/preview?part=1")
    assert "market:6994-1, from market, to mis, line 1" in page.text


async def test_sites_of_both_are_offered_for_an_import(both: Bench, mia: Browser) -> None:
    await both.installation.store.subscribers.set_public_url("http://pages.example")
    await install.install(both.installation, both.subscriber)
    page = await mia.get(f"{AT}/products")
    assert f"choose market:{SITE} market:other.example {SITE} other.example" in page.text


async def test_the_api_tells_it_too(both: Bench, api: Api) -> None:
    for number, shop in (("6994", "shop"), (THEIRS, "market")):
        assert (await api.get(f"{NORTHFIELD}/orders/{number}"))["shop"] == shop
        [one] = (await api.get(f"{NORTHFIELD}/orders/{number}/preview"))["previews"]
        assert (one["shop"], one["key"]) == (shop, f"{number}-1")
    sites = await api.get(f"{NORTHFIELD}/sites")
    assert sites["sites"] == [f"market:{SITE}", "market:other.example", SITE, "other.example"]


async def test_with_one_shop_nobody_is_told_which(bench: Bench, mia: Browser, api: Api) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert "Placed in the shop" not in (await mia.get(f"{AT}/orders/6994")).text
    assert (await api.get(f"{NORTHFIELD}/orders/6994"))["shop"] == ""
