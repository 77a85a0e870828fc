"""Prices: as the MIS says, within the deadline, never zero without a reason, asked as rarely as the rules allow."""

import asyncio
import time
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from makeready_hooks.errors import ConfigError, NotPriced, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.price import NoPriceCause, OptionValue, PriceOption, Quote
from makeready_prices.cache import caches_of
from pretend import SITE, Bench, new_bench
from steps import LIST, ask, ruled
from world import link

ESTIMATE = Quote(total=Decimal(60), reference="88001", options=(("paper", "silk"),))


async def test_the_mis_s_price_is_the_answer(bench: Bench) -> None:
    bench.mis.quotes = [LIST]
    assert (await ask(bench, department="sales", paper="silk"))["total"] == "82.50"
    [question] = bench.mis.questions
    assert (question.product_id, question.quantity, question.site) == ("2284", 10, SITE)
    assert (question.customer, question.options) == ("SALES", (("paper", "silk"),))


@pytest.mark.parametrize(
    ("trouble", "shown"),
    [
        (Refused("No press can run this size."), "No press can run this size."),
        (NotPriced("detail", cause=NoPriceCause.ON_REQUEST), "Please ask us for a price"),
        (NotPriced("detail", cause=NoPriceCause.QUANTITY), "no price for a quantity of 10"),
        (RetryLater("no connection"), "The price is not available just now"),
        (OutcomeUnknown("it was cut"), "The price is not available just now"),
        (ConfigError("The login is refused."), "The price is not available just now"),
        (ValueError("a defect"), "The price is not available just now"),
        (Quote(total=Decimal(0)), "There is no price for this product. Please ask us for one."),
        (Quote(total=Decimal(-1)), "There is no price for this product. Please ask us for one."),
    ],
)
async def test_where_there_is_no_price_the_buyer_reads_why(bench: Bench, trouble, shown: str) -> None:
    bench.mis.quotes = [trouble]
    answer = await ask(bench)
    assert "total" not in answer
    assert shown in answer["reason"]


@pytest.mark.parametrize("rules", [{"minimum_price": "5"}, {"rounding": "cent"}, {"rounding": ".95"}])
@pytest.mark.parametrize("nothing", [Decimal(0), Decimal(-1)])
async def test_nothing_is_not_made_a_price_by_rounding_or_a_minimum(
    bench: Bench, rules: dict[str, str], nothing: Decimal
) -> None:
    bench.mis.quotes = [Quote(total=nothing)]
    assert (
        "There is no price for this product. Please ask us for one."
        in (await ask(ruled(bench, **rules)))["reason"]
    )


@pytest.mark.parametrize("rules", [{}, {"rounding": "cent"}, {"minimum_price": Decimal(5)}])
async def test_a_plugin_that_leaves_nothing_of_a_price_leaves_no_price(
    bench: Bench, rules: dict[str, Any]
) -> None:
    bench.mis.quotes = [LIST]
    bench.mis.discount = Decimal(1)
    assert (
        "There is no price for this product. Please ask us for one."
        in (await ask(ruled(bench, **rules)))["reason"]
    )


@pytest.mark.parametrize("quantity", ["0", "-1"])
async def test_a_price_for_nothing_is_not_asked(bench: Bench, quantity: str) -> None:
    assert f"quantity of {quantity}" in (await ask(bench, quantity=quantity))["reason"]
    assert bench.mis.questions == []


async def test_a_product_of_somebody_else_has_no_price(bench: Bench) -> None:
    assert "118-2284" in (await ask(bench, "118-2284-shop.example"))["reason"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "ask us"),
        ("fr", "Veuillez nous"),
        ("de", "Bitte fragen"),
        ("es", "Consúltenos"),
        ("nl", "Vraag ons"),
    ],
)
async def test_the_reason_is_in_the_shop_s_language(bench: Bench, language: str, words: str) -> None:
    bench.mis.quotes = [NotPriced("detail", cause=NoPriceCause.ON_REQUEST)]
    spoken = ruled(bench, site_languages={SITE: language})
    assert words in (await ask(spoken))["reason"]
    assert "ask us" in (await ask(spoken, "117-2284-other.example"))["reason"]


# Kindness


async def test_a_price_is_asked_again_only_when_it_is_too_old(bench: Bench) -> None:
    bench.mis.quotes = [LIST]
    for passed, asked in ((0, 1), (59.9, 1), (0.2, 2), (0, 2)):
        bench.clock.now += passed
        await ask(bench)
        assert len(bench.mis.questions) == asked


async def test_an_estimate_is_kept_longer_and_a_price_of_age_0_never(bench: Bench) -> None:
    bench.mis.quotes = [ESTIMATE]
    kept = ruled(bench, price_max_age_s=0, estimate_max_age_s=3600)
    for passed, asked in ((0, 1), (3599, 1), (2, 2)):
        bench.clock.now += passed
        await ask(kept)
        assert len(bench.mis.questions) == asked
    bench.mis.quotes = [LIST]
    for _ in range(3):
        await ask(kept, quantity="7")
    assert len(bench.mis.questions) == 5


async def test_other_quantities_options_customers_and_sites_are_other_questions(bench: Bench) -> None:
    bench.mis.quotes = [LIST]
    for _ in range(2):
        await ask(bench)
        await ask(bench, quantity="11")
        await ask(bench, paper="silk")
        await ask(bench, department="sales")
        await ask(bench, "117-2284-other.example")
    assert len(bench.mis.questions) == 5


async def test_buyers_who_ask_the_same_at_once_share_one_question_and_its_answer(bench: Bench) -> None:
    bench.mis.quotes = [LIST, Quote(total=Decimal(1))]
    answers = await asyncio.gather(*(ask(bench) for _ in range(500)))
    assert len(bench.mis.questions) == 1
    assert {answer["total"] for answer in answers} == {"82.50"}


async def test_new_settings_forget_what_was_asked_under_the_old_ones(bench: Bench) -> None:
    bench.mis.quotes = [LIST]
    await ask(bench)
    await ask(ruled(bench, price_max_age_s=0))
    assert len(bench.mis.questions) == 2


async def test_a_no_is_kept_as_long_as_a_price(bench: Bench) -> None:
    await link(bench.installation, "northfield", "2284", site=SITE)
    bench.mis.quotes = [NotPriced("sold out", cause=NoPriceCause.NO_PRICE), LIST]
    for passed, asked, shown in ((0, 1, None), (59, 1, None), (2, 2, "82.50")):
        bench.clock.now += passed
        assert (await ask(bench)).get("total") == shown
        assert len(bench.mis.questions) == asked


# An MIS that is away


async def test_an_mis_that_hangs_does_not_hold_the_shop(bench: Bench) -> None:
    bench.mis.hangs = True
    started = time.monotonic()
    assert "just now" in (await ask(ruled(bench, deadline_s=0.1)))["reason"]
    assert time.monotonic() - started < 0.1 + 0.1


async def test_a_question_that_hangs_ends_with_its_installation(bench: Bench) -> None:
    bench.mis.hangs, before = True, asyncio.all_tasks()
    own = ruled(new_bench(bench.folder, bench.clock, bench.shop, bench.mis), deadline_s=0.1)
    await ask(own)
    assert asyncio.all_tasks() > before
    await own.installation.aclose()
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize(
    ("rules", "minutes", "served"),
    [
        ({"outage": "serve"}, 100_000, True),
        ({"outage": "refuse"}, 2, False),
        ({"outage": "refuse-after", "outage_minutes": 30}, 29, True),
        ({"outage": "refuse-after", "outage_minutes": 30}, 31, False),
        ({}, 59, True),
        ({}, 61, False),
    ],
)
@pytest.mark.parametrize("restart", [False, True])
async def test_the_last_known_price_serves_as_the_policy_says_also_after_a_restart(
    bench: Bench, rules: dict, minutes: float, served: bool, restart: bool
) -> None:
    bench.mis.quotes = [LIST]
    before = ruled(bench, **rules)
    await ask(before)
    bench.mis.quotes = [RetryLater("no connection")]
    bench.clock.now += minutes * 60
    after = before
    if restart:
        await caches_of(bench.installation).aclose()  # what is left to be written is written
        after = msgspec.structs.replace(
            new_bench(bench.folder, bench.clock, bench.shop, bench.mis), subscriber=before.subscriber
        )
    answer = await ask(after)
    assert answer.get("total") == ("82.50" if served else None)
    if restart:
        await after.installation.aclose()


async def test_a_restart_does_not_ask_again_what_is_fresh(bench: Bench) -> None:
    bench.mis.quotes = [ESTIMATE]
    await ask(bench)
    again = new_bench(bench.folder, bench.clock, bench.shop, bench.mis)
    assert (await ask(again))["total"] == "60"
    assert len(bench.mis.questions) == 1
    await again.installation.aclose()


async def test_the_mis_s_no_is_not_an_outage(bench: Bench) -> None:
    bench.mis.quotes = [LIST]
    await ask(bench)
    bench.clock.now += 61
    bench.mis.quotes = [NotPriced("withdrawn", cause=NoPriceCause.UNKNOWN_PRODUCT)]
    assert "not available" in (await ask(bench))["reason"]


# Options

PAPER = PriceOption(
    id="paper", label="Paper", values=(OptionValue(value="silk", label="Silk"),), default="silk"
)


async def test_options_are_the_mis_s_and_are_asked_once_in_a_while(bench: Bench) -> None:
    bench.mis.options = (PAPER,)
    assert (await ask(bench, what="options"))[0]["id"] == "paper"
    bench.mis.options = RetryLater("no connection")
    bench.clock.now += 10_000
    assert (await ask(bench, what="options"))[0]["id"] == "paper"  # the last known
    assert "just now" in (await ask(bench, "117-4107-shop.example", what="options"))["reason"]
    assert await ask(bench, "118-2284-shop.example", what="options") == []


# The shop's price


@pytest.mark.parametrize(
    ("rules", "total"),
    [
        ({}, "82.50"),
        ({"markup": "engine", "markup_percent": "10"}, "90.75"),
        ({"markup": "engine", "markup_percent": "10", "site_markup_percents": {SITE: "0"}}, "82.50"),
        ({"markup": "engine", "markup_percent": "33.33", "rounding": "cent"}, "110.00"),
        ({"rounding": ".95"}, "82.95"),
        ({"markup": "engine", "markup_percent": "20", "rounding": ".99"}, "99.99"),
        ({"minimum_price": "100"}, "100"),
    ],
)
async def test_mark_up_rounding_and_minimum_are_applied_once_and_in_this_order(
    bench: Bench, rules: dict, total: str
) -> None:
    bench.mis.quotes = [LIST]
    asked = ruled(bench, **rules)
    assert [(await ask(asked))["total"] for _ in range(2)] == [total, total]
