"""Questions of strangers: what reaches the MIS is bounded, what is not the company's is asked of nobody."""

import asyncio
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.prices.model import PriceOutcome
from makeready_hooks.errors import NotPriced, RetryLater
from makeready_hooks.model.price import NoPriceCause, Quote
from makeready_hooks.model.product import PriceBreak
from makeready_imports.links import check_links
from makeready_inspect.alarm_inputs import collect_inputs
from makeready_inspect.alarms import alarms
from makeready_prices.cache import Bucket, caches_of
from makeready_prices.calculate import in_quantity
from makeready_prices.latency import answer_key
from pretend import SITE, Bench, Clock
from steps import LIST, ask, ruled
from world import link

LINKED, UNLINKED = f"117-2284-{SITE}", f"117-9999-{SITE}"
HOUR = 3600
BREAKS = (
    PriceBreak(from_quantity=10, unit_price=Decimal("8.25")),
    PriceBreak(from_quantity=100, unit_price=Decimal("7.00")),
)


@pytest.fixture
async def linked(bench: Bench) -> Bench:
    await link(bench.installation, "northfield", "2284", site=SITE)
    bench.mis.quotes = [Quote(total=Decimal(60), reference="88001")]
    return bench


async def ask_many(bench: Bench, product: str, count: int) -> list[Any]:
    """So many distinct questions at once."""
    return await asyncio.gather(*(ask(bench, product, quantity=str(n)) for n in range(1, count + 1)))


async def test_distinct_questions_reach_the_mis_within_the_budget_of_their_product(linked: Bench) -> None:
    bench = ruled(linked, product_questions_per_hour=40, max_calls=100)
    answers = await ask_many(bench, LINKED, 300)
    assert len(bench.mis.questions) == 10
    assert sum("just now" in one.get("reason", "") for one in answers) == 290
    bench.clock.now += 90 * 10  # one comes back each 90 seconds
    await ask_many(bench, LINKED, 300)
    assert len(bench.mis.questions) == 20
    await link(bench.installation, "northfield", "4107", site=SITE)
    await ask(bench, f"117-4107-{SITE}")
    assert len(bench.mis.questions) == 21, "another product has a budget of its own"


async def test_all_products_together_have_a_budget(linked: Bench) -> None:
    await link(linked.installation, "northfield", "4107", site=SITE)
    bench = ruled(linked, questions_per_hour=40, max_calls=100)
    await ask_many(bench, LINKED, 9)
    await ask_many(bench, f"117-4107-{SITE}", 9)
    assert len(bench.mis.questions) == 10


async def test_the_same_question_asked_by_many_at_once_costs_one(linked: Bench) -> None:
    bench = ruled(linked, product_questions_per_hour=8)
    await asyncio.gather(*(ask(bench, LINKED) for _ in range(100)))
    answers = await ask_many(bench, LINKED, 1)
    assert "total" in answers[0]
    assert len(bench.mis.questions) == 2


async def test_over_the_budget_the_last_known_price_is_given(linked: Bench) -> None:
    bench = ruled(linked, product_questions_per_hour=4, estimate_max_age_s=60, outage="serve")
    assert (await ask(bench, LINKED))["total"] == "60"
    bench.clock.now += 120
    assert (await ask(bench, LINKED))["total"] == "60"
    assert len(bench.mis.questions) == 1


async def test_a_site_of_somebody_else_s_is_asked_of_nobody(linked: Bench) -> None:
    for number in ("117-2284-stranger.example", "118-2284-shop.example", "117-PVC-1.5"):
        assert "not available" in (await ask(linked, number))["reason"]
        await ask(linked, number, what="options")
    assert linked.mis.questions == []
    assert linked.mis.options_asked == 0


async def test_while_the_shop_is_away_a_site_that_is_not_known_is_asked_for(linked: Bench) -> None:
    linked.shop.away = RetryLater("no connection")
    assert (await ask(linked, "117-2284-new.example"))["total"] == "60"


async def test_products_that_are_not_linked_share_a_small_budget_and_leave_that_of_the_others(
    linked: Bench,
) -> None:
    bench = ruled(linked, unlinked_questions_per_hour=12)
    answers = await asyncio.gather(*(ask(bench, f"117-{n}-{SITE}") for n in range(5000, 5050)))
    assert sum("total" in one for one in answers) == 3
    await asyncio.gather(*(ask(bench, f"117-{n}-{SITE}", what="options") for n in range(6000, 6050)))
    assert bench.mis.options_asked == 0
    assert "total" in await ask(bench, LINKED)


async def test_that_an_unlinked_product_has_no_price_is_remembered_for_an_hour(linked: Bench) -> None:
    linked.mis.quotes = [NotPriced("no such product", cause=NoPriceCause.UNKNOWN_PRODUCT)]
    for passed, asked in ((0, 1), (HOUR - 1, 1), (2, 2)):
        linked.clock.now += passed
        await ask(linked, UNLINKED)
        assert len(linked.mis.questions) == asked


async def test_what_is_sold_and_not_linked_is_listed_until_it_is(linked: Bench) -> None:
    await ask(linked, UNLINKED)
    await caches_of(linked.installation).aclose()  # what is left to be written is written
    subscriber = linked.subscriber
    found = await check_links(linked.installation, subscriber, SITE)
    assert [(one.product_id, one.at) for one in found.sold] == [("9999", linked.clock.now)]
    await link(linked.installation, "northfield", "9999", site=SITE)
    assert (await check_links(linked.installation, subscriber, SITE)).sold == ()


async def test_people_are_told_while_more_is_asked_than_the_budget_allows(linked: Bench) -> None:
    key = answer_key("northfield", PriceOutcome.OVER_BUDGET, 1.0, linked.clock.now)
    await linked.installation.store.price_counts.add({key: 290})
    facts = await collect_inputs(linked.installation, linked.subscriber)
    [alarm] = [one for one in alarms(linked.subscriber, facts) if one.topic == "price-budget"]
    assert "290 questions had the last known price, or none" in alarm.detail
    linked.clock.now += 2 * HOUR
    facts = await collect_inputs(linked.installation, linked.subscriber)
    assert "price-budget" not in {one.topic for one in alarms(linked.subscriber, facts)}


async def test_a_price_list_is_read_once_for_all_quantities(linked: Bench) -> None:
    linked.mis.quotes = [msgspec.structs.replace(LIST, breaks=BREAKS)]
    totals = [(await ask(linked, LINKED, quantity=n)).get("total") for n in ("10", "99", "100", "1000")]
    assert totals == ["82.50", "816.75", "700.00", "7000.00"]
    assert len(linked.mis.questions) == 1
    linked.clock.now += 61
    await ask(linked, LINKED, quantity="99")
    await ask(linked, LINKED, quantity="5")  # the list has none
    assert [one.quantity for one in linked.mis.questions] == [10, 99, 5]


@given(st.integers(1, 500), st.integers(1, 500))
def test_a_price_from_a_list_is_what_the_list_says(of: int, quantity: int) -> None:
    asked = Quote(total=Decimal(1), weight_kg=Decimal("0.4") * of, breaks=BREAKS)
    found = in_quantity(asked, of, quantity)
    if quantity < 10:
        assert found is None
    else:
        assert found is not None
        assert found.total == quantity * (Decimal("8.25") if quantity < 100 else Decimal(7))
        assert found.weight_kg == Decimal("0.4") * quantity


@given(st.integers(1, 1000), st.lists(st.floats(0, 7200), max_size=200))
def test_a_bucket_never_gives_more_than_an_hour_s_share(per_hour: int, gaps: list[float]) -> None:
    clock = Clock()
    bucket, began, taken = Bucket(per_hour, clock), clock.now, 0
    for gap in gaps:
        clock.now += gap
        taken += bucket.take()
        assert taken <= max(1, per_hour / 4) + (clock.now - began) * per_hour / HOUR + 1e-6
