"""Products are ticked over the pages of a search and over searches, with what a buyer pays in sight."""

import html
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from browser import Browser, Page
from makeready.subscribers.setup import install
from makeready_hooks.model.product import PriceBreak
from msgspec import structs
from pretend import SITE, Bench, product
from steps import settle

AT = "/subscribers/northfield"
LIST = f"{AT}/products?site={SITE}"


@pytest.fixture(autouse=True)
async def catalogue(bench: Bench) -> None:
    await bench.installation.store.subscribers.set_public_url("http://pages.example")
    await install.install(bench.installation, bench.subscriber)
    bench.mis.products = {str(key): product(str(key), f"Poster {key}") for key in range(1001, 1129)}
    prices = ((1, Decimal("4.20")), (100, Decimal("3.10")))
    breaks = tuple(PriceBreak(from_quantity=count, unit_price=price) for count, price in prices)
    bench.mis.products["1001"] = structs.replace(bench.mis.products["1001"], price_breaks=breaks)


def onward(page: Page) -> str:
    found = re.search('name="go" value="(next [^"]*)"', page.html)
    assert found
    return html.unescape(found[1])


async def test_ticks_stay_over_pages_and_searches_until_the_plan(mia: Browser, bench: Bench) -> None:
    page = await mia.get(LIST)
    assert "0 selected" in page.text
    page = await mia.send("/products/choose", product=["1001", "1002"], go=onward(page))
    assert "2 selected" in page.text
    assert "2 of them on other pages" in page.text
    page = await mia.send("/products/choose", product=["1051"], go="search", q="1128")
    assert "3 selected" in page.text
    await mia.send("/products/choose", product=["1128"], go="search", q="")
    assert mia.page.form("/products/choose")["product"] == ["1001", "1002"], "they are ticked still"
    page = await mia.send("/products/choose", product=["1001"], go="choose")
    assert "3 products into shop.example" in page.text
    page = await mia.send("/products/plan", markup="25,5 %")
    assert "Planned: 3 to make. Nothing has happened yet." in page.text
    assert "0 selected" in (await mia.get(LIST)).text


async def test_all_results_are_selected_and_cleared(mia: Browser, bench: Bench) -> None:
    page = await mia.get(LIST)
    assert "Select all 128 results" in page.text
    page = await mia.send("/products/choose", go="all")
    assert "128 selected" in page.text
    page = await mia.send("/products/choose", go="clear")
    assert "0 selected" in page.text
    page = await mia.send("/products/choose", go="add", pasted="1003\n1004\n", product=None)
    assert "2 selected" in page.text
    page = await mia.send("/products/choose", go="add", pasted="a;b\n1;2\n")
    assert "has no column product" in page.text
    assert "2 selected" in page.text


async def test_what_one_person_ticks_is_nobody_else_s(
    mia: Browser, new_browser: Callable[[], Browser]
) -> None:
    vera, olga = new_browser(), new_browser()
    await vera.sign_in("vera")
    await olga.sign_in("olga")
    await mia.get(LIST)
    await mia.send("/products/choose", product=["1001"], go="next")
    page = await vera.get(LIST)
    assert 'name="product"' not in page.html
    assert "selected" not in page.text
    assert "0 selected" in (await olga.get(LIST)).text


async def test_prices_are_seen_in_the_list_the_options_and_the_plan(mia: Browser, bench: Bench) -> None:
    page = await mia.get(f"{LIST}&q=1001")
    assert "from 100: 3.10" in page.text
    await mia.send("/products/choose", product=["1001"], go="choose")
    page = await mia.send("/products/plan", formaction="/products/choose", go="prices", markup="25%")
    assert "4.20 from 1: 4.20 from 100: 3.10 25 % 5.25" in page.text
    await mia.send("/products/plan", 422, formaction="/products/choose", go="prices", markup="lots")
    assert "The mark-up lots is not a percentage. Enter it as a number from 0 to 1000" in mia.page.text
    page = await mia.send("/products/plan", markup="25%")
    assert "25 % 5.25" in page.text
    await mia.send("/run")
    await settle(bench)
    assert "25 % 5.25" in (await mia.get(f"{LIST}&q=1001")).text


async def imported(mia: Browser, bench: Bench, *ids: str) -> None:
    await mia.get(LIST)
    await mia.send("/products/choose", product=[*ids], go="choose")
    await mia.send("/products/plan", markup="25")
    await mia.send("/run")
    await settle(bench)


async def test_the_mark_up_of_what_is_in_the_shop_is_changed(mia: Browser, bench: Bench) -> None:
    await imported(mia, bench, "1001", "1002", "1003")
    page = await mia.get(f"{AT}/linked?site={SITE}")
    assert page.text.count("25 %") == 3
    page = await mia.send("/linked/unlink", formaction="/linked/markup", markup="30")
    assert "Nothing is ticked. Tick the products" in page.text
    page = await mia.send("/linked/unlink", formaction="/linked/markup", markup="a lot", product=["1001"])
    assert "The mark-up a lot is not a percentage." in page.text
    page = await mia.send("/linked/unlink", formaction="/linked/markup", markup="30 %", product=["1001"])
    assert "Planned: 1 to change. Nothing has happened yet." in page.text
    assert "25 % → 30 % 5.25 → 5.46" in page.text
    assert bench.shop.marked == []
    await mia.send("/run")
    await settle(bench)
    assert len(bench.shop.marked) == 1
    page = await mia.get(f"{AT}/linked?site={SITE}")
    assert (page.text.count("25 %"), page.text.count("30 %")) == (2, 1)
    page = await mia.send("/linked/unlink", formaction="/linked/markup", markup="0", every="yes")
    assert "Planned: 3 to change." in page.text
    await mia.send("/run")
    await settle(bench)
    assert len(bench.shop.marked) == 4
    assert set(bench.shop.markups.values()) == {0}


async def test_where_the_shop_cannot_do_it_the_page_says_what_to_do(mia: Browser, bench: Bench) -> None:
    await imported(mia, bench, "1001")
    bench.shop.can.clear()
    await mia.get(f"{AT}/linked?site={SITE}")
    page = await mia.send("/linked/unlink", formaction="/linked/markup", markup="30", product=["1001"])
    assert "cannot be changed from here. Change them in the shop, product by product" in page.text
