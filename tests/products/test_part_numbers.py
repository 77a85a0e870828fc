"""Ids of an MIS that are any text: each leads from the shop's numbers back to itself, or is refused at import."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from makeready.products.part_numbers import (
    engine_product_id,
    part_number,
    product_of_part_number,
    readings,
)
from makeready.subscribers.model import Subscriber
from makeready.subscribers.setup import install
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.limits import Limit
from makeready_hooks.model.price import Quote
from makeready_hooks.model.product import ProductBinding, ShopProduct
from makeready_hooks.names import LOWER_CASE
from makeready_hooks.testing.orders import ODD_IDS
from makeready_imports import link_existing, links
from makeready_imports.choices import Existing, ImportRequest
from makeready_imports.csv_file import Row, read_products
from makeready_imports.jobs import import_now, start
from makeready_imports.numbering import url_name, why_unreadable
from makeready_imports.plan import plan_import
from makeready_prices.answer import answer_price_call
from msgspec import structs
from pretend import SITE, Bench, line, order, product
from steps import ask_to_look, settle, states

SUBSCRIBER = Subscriber(name="northfield", title="Northfield", external_user_id=117, environment="test")
NESTED = f"A-{SITE}"
"""A site of the same company whose name ends like a number of the other's."""


@pytest.fixture
async def ready(bench: Bench) -> Bench:
    await bench.installation.store.subscribers.set_public_url("https://bridge.example")
    await install.install(bench.installation, bench.subscriber)
    bench.shop.sites = (*bench.shop.sites, NESTED)
    bench.mis.quotes = [Quote(total=Decimal(2))]
    for one in ODD_IDS:
        bench.mis.products[one] = product(one, f"Product {one}")
    return bench


async def asked_for(bench: Bench, number: str) -> list[tuple[str, str]]:
    """Product and site of the question that a price call leads to; empty if it leads to none."""
    before = len(bench.mis.questions)
    connectors = await bench.installation.connectors(bench.subscriber)
    call = IncomingCall(method="POST", headers={}, query={}, body=number.encode())
    await answer_price_call(bench.installation, bench.subscriber, connectors, "shop", call)
    return [(one.product_id, one.site) for one in bench.mis.questions[before:]]


async def imported(bench: Bench, *ids: str, site: str = SITE) -> None:
    await import_now(bench.installation, bench.subscriber, ImportRequest(site=site, product_ids=ids))
    await settle(bench)


async def reasons(bench: Bench, *ids: str, site: str = SITE) -> list[tuple[str, str]]:
    plan = await plan_import(bench.installation, bench.subscriber, ImportRequest(site=site, product_ids=ids))
    return [(item.action, item.reason) for item in plan.items]


def known_as(bench: Bench, *sites: str) -> Bench:
    """The bench with settings that name these sites."""
    prices = structs.replace(bench.subscriber.prices, site_languages=dict.fromkeys(sites, "de"))
    changed = structs.replace(bench.subscriber, prices=prices, version=bench.subscriber.version + 1)
    return structs.replace(bench, subscriber=changed)


# A price is that of its own product


async def test_a_hyphen_in_an_id_does_not_lead_to_another_product_s_price(ready: Bench) -> None:
    await imported(ready, "2284")
    assert await asked_for(ready, f"117-INK001-A-{SITE}") == [("INK001-A", SITE)]
    assert await asked_for(ready, f"117-INK001-{SITE}") == [("INK001", SITE)]
    ready.clock.now += 4000
    assert await asked_for(ready, f"117-INK001-A-{SITE.upper()}") == [("INK001-A", SITE)]


@pytest.mark.parametrize("one", ODD_IDS)
async def test_every_id_goes_through_import_price_and_order_and_comes_back(ready: Bench, one: str) -> None:
    await imported(ready, one)
    [made] = ready.shop.products.values()
    assert made.url_name == made.url_name.lower()
    assert all(letter.isalnum() or letter == "-" for letter in made.url_name)
    assert made.url_name.isascii()
    assert await asked_for(ready, made.engine_product_id) == [(one, SITE)]
    ready.shop.orders["6994"] = order("6994", line(part_number=made.part_number))
    await ask_to_look(ready, "6994")
    await settle(ready)
    assert await states(ready) == ["accepted"]
    [row] = await ready.installation.store.ledger.of_order("northfield", "6994")
    assert row.product_id == one
    assert [link.product_id for link in await links.linked(ready.installation, ready.subscriber, SITE)] == [
        one
    ]


async def test_all_ids_together_have_numbers_of_their_own(ready: Bench) -> None:
    await imported(ready, *ODD_IDS)
    made = ready.shop.products.values()
    assert len({one.url_name.casefold() for one in made}) == len(made) == len(ODD_IDS)
    assert [await asked_for(ready, one.engine_product_id) for one in made] == [
        [(one, SITE)] for one in ODD_IDS
    ]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("117-2284", [("2284", "")]),
        ("117-2284-typed.example", [("2284", "typed.example")]),
        ("117-2284-Typed.Example", [("2284", "Typed.Example")]),
        ("117-2284-typed-by-hand.example", [("2284", "typed-by-hand.example")]),
        (" 117-2284-typed.example ", [("2284", "typed.example")]),
        ("117-INK001-A", [("INK001-A", "")]),
        ("1170-2284-typed.example", []),
        ("11-2284-typed.example", []),
        ("117-", []),
        ("117", []),
        ("117-INK001-A-typed.example", []),
    ],
)
async def test_a_number_that_people_typed_for_a_site_that_nothing_is_linked_in_is_read(
    ready: Bench, number: str, found: list[tuple[str, str]]
) -> None:
    ready.shop.sites += ("typed.example", "typed-by-hand.example")
    assert await asked_for(ready, number) == found


# Numbers with two readings


async def test_a_number_with_two_readings_is_answered_for_the_only_one_that_is_a_product(
    ready: Bench,
) -> None:
    two = known_as(ready, SITE, NESTED)
    assert await asked_for(two, f"117-4107-{NESTED}") == [("4107", NESTED)]
    asked = len(ready.mis.products_asked)
    assert await asked_for(two, f"117-4107-{NESTED}") == []
    assert len(ready.mis.products_asked) == asked, "it is remembered for a while"


async def test_a_number_that_can_mean_anything_is_not_asked_about(ready: Bench) -> None:
    assert await asked_for(ready, f"117-{'a-' * 60}typed.example") == []
    assert ready.mis.products_asked == []


async def test_a_number_that_two_products_have_is_answered_only_for_the_one_that_is_linked(
    ready: Bench,
) -> None:
    await imported(ready, "INK001-A")
    assert await asked_for(known_as(ready, SITE), f"117-INK001-{NESTED}") == [("INK001-A", SITE)]
    two = known_as(ready, SITE, NESTED)
    two.clock.now += 4000
    assert await asked_for(two, f"117-INK001-{NESTED}") == [("INK001-A", SITE)]
    await links.unlink(two.installation, two.subscriber, SITE, ["INK001-A"])
    two.clock.now += 4000
    assert await asked_for(two, f"117-INK001-{NESTED}") == []


async def test_an_import_refuses_an_id_whose_number_means_another_product(ready: Bench) -> None:
    two = known_as(ready, SITE, NESTED)
    [(action, why)] = await reasons(two, "INK001-A")
    assert (action, why.split(":")[0]) == (
        "skip",
        f"Its MIS Product ID would be 117-INK001-{NESTED}, which is product INK001 of {NESTED} as well",
    )
    assert [action for action, _ in await reasons(two, "INK001", "4107", site=NESTED)] == ["create", "create"]


async def test_an_import_refuses_an_id_whose_number_a_linked_product_has(ready: Bench) -> None:
    await imported(ready, "INK001-A")
    [(action, why)] = await reasons(ready, "INK001", site=NESTED)
    assert action == "skip"
    assert f"which is product INK001-A of {SITE} as well" in why


async def test_a_site_that_comes_after_the_plan_is_noticed_before_the_product_is_made(ready: Bench) -> None:
    plan = await plan_import(
        ready.installation, ready.subscriber, ImportRequest(site=SITE, product_ids=("INK001-A",))
    )
    await imported(ready, "2284", site=NESTED)
    await start(ready.installation, ready.subscriber, plan.job.id)
    await settle(ready)
    [item] = await ready.installation.store.imports.items(plan.job.id)
    assert item.state == "failed"
    assert "which is product INK001 of" in item.reason


@pytest.mark.parametrize("bad", [" 2284", "2284 ", "22\n84", "22\x0084", "\u2028"])
async def test_an_import_refuses_an_id_that_a_number_cannot_carry(ready: Bench, bad: str) -> None:
    ready.mis.products[bad] = product(bad, "Odd")
    [(action, why)] = await reasons(ready, bad)
    assert action == "skip"
    assert "Give it another id in the MIS." in why


async def test_a_link_refuses_them_as_well(ready: Bench) -> None:
    two = known_as(ready, SITE, NESTED)
    for key in ("p1", "p2"):
        ready.shop.others[key] = ShopProduct(id=key, name=key, part_number=key)
        ready.shop.bindings[key] = ProductBinding(part_number=key)
    rows = [Row(product="INK001-A", shop_product="p1"), Row(product="2284", shop_product="p2")]
    plan = await link_existing.plan_links(two.installation, two.subscriber, SITE, rows)
    assert [item.product_id for item in plan.items] == ["2284"]
    assert ["means" in str(one) or "as well" in str(one) for one in plan.errors] == [True]


# Ids that differ in small and capital letters only


async def test_a_shop_s_product_is_not_taken_for_an_id_in_other_letters(ready: Bench) -> None:
    ready.shop.others["x"] = ShopProduct(id="x", name="By hand", part_number="117-ink001")
    ready.shop.bindings["x"] = ProductBinding(part_number="117-ink001")
    wish = ImportRequest(site=SITE, product_ids=("INK001", "ink001"), existing=Existing.LINK)
    plan = await plan_import(ready.installation, ready.subscriber, wish)
    assert [(item.product_id, item.action) for item in plan.items] == [
        ("INK001", "create"),
        ("ink001", "link"),
    ]


def test_a_list_of_products_holds_ids_in_all_letters_and_quotes() -> None:
    listed = "\n".join(one.replace('"quoted"', '"""quoted"""') for one in ODD_IDS)
    assert [row.product for row in read_products(listed.encode()).rows] == [*ODD_IDS]


# Any text

domains = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]{2,6}){1,2}", fullmatch=True)
any_id = st.one_of(st.text(max_size=40), st.text("aA1-. x", max_size=12), domains)


@st.composite
def company(draw: st.DrawFn) -> tuple[str, str, set[str]]:
    """An id, a site, and the company's sites, some of which are named like the end of the id and of the site."""
    product_id, site = draw(any_id), draw(domains)
    ends = [f"{product_id[at:]}-{site}".lower() for at in range(len(product_id)) if product_id[at:].isalnum()]
    near = st.one_of(domains, domains.map(lambda one: f"{one}-{site}"), st.just(site.upper()))
    more = st.one_of(near, st.sampled_from(ends)) if ends else near
    return product_id, site, draw(st.sets(more, max_size=4))


@given(company())
@example(("INK001-A", "shop.example", {"a-shop.example"}))
@example(("INK001-A", "shop.example", {"shop.example", "A-SHOP.EXAMPLE"}))
def test_any_id_comes_back_or_is_refused(given: tuple[str, str, set[str]]) -> None:
    product_id, site, sites = given
    if why := why_unreadable(SUBSCRIBER, product_id, site, sites):
        assert "in the MIS" in why
        return
    assert product_of_part_number(SUBSCRIBER, part_number(SUBSCRIBER, product_id)) == product_id
    first = readings(SUBSCRIBER, engine_product_id(SUBSCRIBER, product_id, site), {*sites, site})[0]
    assert (first.product_id, first.site) == (product_id, site)


@given(any_id, domains)
def test_another_company_s_number_is_never_ours(product_id: str, site: str) -> None:
    for other in (1170, 11, 7):
        theirs = structs.replace(SUBSCRIBER, external_user_id=other)
        number = engine_product_id(theirs, product_id, site)
        assert product_of_part_number(SUBSCRIBER, number) == ""
        assert readings(SUBSCRIBER, number, [site]) == ()


@given(any_id, any_id, st.text(max_size=60))
def test_ids_share_a_url_name_only_if_they_differ_in_letters_alone(one: str, other: str, name: str) -> None:
    same = url_name(one, name) == url_name(other, name)
    assert same <= (one.casefold() == other.casefold())


# Addresses of products in the shop


@given(st.text(min_size=1, max_size=20), st.text(max_size=30))
@example("INK001", "Ink")
def test_the_address_of_a_product_leads_back_to_its_id(product_id: str, name: str) -> None:
    address, words = url_name(product_id, name), url_name("", name).removesuffix("x")
    end = address.removeprefix(words)
    assert (end[1:] if end[0] == "m" else LOWER_CASE.read(end[1:])) == product_id
    assert set(address) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(st.lists(st.text("aAbB1-", min_size=1, max_size=4), min_size=2, max_size=2, unique=True))
@example(["INK001", "ink001"])
def test_ids_that_differ_by_case_alone_have_different_addresses(two: list[str]) -> None:
    one, other = (url_name(product_id, "Ink").casefold() for product_id in two)
    assert one != other


def test_words_of_the_name_are_left_out_where_an_address_is_short() -> None:
    assert url_name("2284", "Opening kit for museums", 20) == "opening-kit-m2284"
    assert url_name("2284", "Opening kit", 5) == "m2284"


async def test_an_import_refuses_an_id_for_which_the_shop_s_numbers_are_too_short(ready: Bench) -> None:
    ready.shop.limits = (Limit(member="url_name", longest=18), Limit(member="part_number", longest=12))
    long = "INK001-A-LONG"
    ready.mis.products[long] = product(long, "Ink")
    why = dict(zip(("INK001-A", long, "2284"), await reasons(ready, "INK001-A", long, "2284"), strict=True))
    assert why["2284"][0] == "create"
    assert why["INK001-A"][0] == "skip"
    assert "The shop cannot hold its URL name x-49-4e-4b001-2d-41: it holds at most 18" in why["INK001-A"][1]
    assert "The shop cannot hold its part number 117-INK001-A-LONG: it holds at most 12" in why[long][1]
    await imported(ready, "2284")
    [made] = ready.shop.products.values()
    assert made.url_name == "product-2284-m2284"


async def test_two_products_that_would_share_an_address_have_one_each_that_fits(ready: Bench) -> None:
    ready.shop.limits = (Limit(member="url_name", longest=18),)
    taken = ShopProduct(id="p9", name="Other", url_name="product-2284-m2284")
    ready.shop.others["p9"] = taken
    await imported(ready, "2284")
    [made] = ready.shop.products.values()
    assert made.url_name == "product-m2284-2"
