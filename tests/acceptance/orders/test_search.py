"""One box on every page: whatever a person has of an order finds it."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from browser import Browser, Page
from hypothesis import given
from hypothesis import strategies as st
from makeready.engine.model import NewWork
from makeready.orders.model import FETCH_ORDER
from makeready_admin.orders.search import numbers_of
from makeready_hooks.model.order import Address, Party
from msgspec import structs
from pretend import Bench, line, order
from steps import ask_to_look, settle

AT = "/subscribers/northfield"
HULL = Party(first_name="Carla", business="Quayside Books", address=Address(city="Hull", postcode="HU1 2AB"))


async def find(browser: Browser, typed: str, at: str = AT) -> Page:
    return await browser.get(f"{at}/search?{urlencode({'q': typed})}")


@pytest.fixture
async def some(bench: Bench) -> Bench:
    shown = order("6998", line(1), line(2, description="Poster, matt", ship_to=HULL))
    bench.shop.orders |= {"6998": structs.replace(shown, po_number="PO 7781"), "7001": order("7001")}
    await ask_to_look(bench, "6998", "7001")
    await settle(bench)
    return bench


@pytest.mark.parametrize(
    "typed", ["6998", "#6998", "order 6998", "Order no. 6998", " 6998 ", "6998-1", "so-{}", "MIS SO-{}"]
)
async def test_a_number_in_any_spelling_opens_its_order(mia: Browser, some: Bench, typed: str) -> None:
    [first] = [
        one for one in await some.installation.store.ledger.lines("northfield") if one.submission == "6998-1"
    ]
    page = await find(mia, typed.format(first.mis_number.removeprefix("SO-")))
    assert "Order 6998" in page.text
    assert "What happened" in page.text


@pytest.mark.parametrize(
    "typed", ["7781", "quayside", "HU1", "hull", "carla books", "poster", "post matt", "PO 7781"]
)
async def test_parts_of_what_is_known_find_the_lines(mia: Browser, some: Bench, typed: str) -> None:
    page = await find(mia, typed)
    assert "6998-2" in page.text
    assert "7001-1" not in page.text


async def test_what_two_orders_have_is_a_list(mia: Browser, some: Bench) -> None:
    page = await find(mia, "opening")
    assert "2 lines for opening" in page.text
    assert ("6998-1" in page.text, "7001-1" in page.text) == (True, True)


@pytest.mark.parametrize(
    "typed", ["", "   ", "nobody", "'; drop table", '"', "*", "carla nobody", "🦆", "a" * 300]
)
async def test_what_finds_nothing_says_what_can_be_found(mia: Browser, some: Bench, typed: str) -> None:
    page = await find(mia, typed)
    assert ("Nothing is like" in page.text) == bool(typed.strip())
    assert "purchase order number" in page.text


async def test_an_order_that_cannot_be_read_is_found_like_all_others(mia: Browser, bench: Bench) -> None:
    bench.shop.orders["6999"] = structs.replace(order("6999"), lines=(), problem="Its date is none.")
    await ask_to_look(bench, "6999")
    await settle(bench)
    page = await find(mia, "#6999")
    assert "Its date is none." in page.text


async def test_an_operator_searches_all_companies_and_others_their_own(
    some: Bench, new_browser: Callable[[], Browser]
) -> None:
    work = NewWork(subscriber="southgate", kind=FETCH_ORDER, key="7001", due_at=some.clock())
    await some.installation.store.work.add([work])
    await settle(some)
    olga, mia = new_browser(), new_browser()
    await olga.sign_in("olga")
    await mia.sign_in("mia")
    page = await find(olga, "7001", at="")
    assert ("Northfield Print" in page.text, "Southgate Print" in page.text) == (True, True)
    page = await find(mia, "7001", at="")
    assert "Order 7001" in page.text
    assert "Southgate" not in page.text


@given(st.text(max_size=40))
def test_a_number_as_it_was_typed_comes_first(text: str) -> None:
    found = numbers_of(text)
    assert found[:1] == ((text.strip(),) if text.strip() else ())
    assert all(one == one.strip() for one in found)
