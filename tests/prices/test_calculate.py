"""Rounding, minimum and mark-up keep what they promise for any amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.prices.model import Language, PriceRules
from makeready_hooks.model.price import NoPriceCause, Quote
from makeready_prices.calculate import apply_markup, at_least, rounded
from makeready_prices.messages import TEXTS, text_for

amounts = st.decimals(min_value="0.0001", max_value=10**9, places=4)


@given(amounts, st.sampled_from([".95", ".99"]))
def test_a_price_ends_in_the_wanted_cents_and_is_never_below_nor_a_whole_unit_above(
    total: Decimal, rule: str
) -> None:
    made = rounded(total, rule)
    assert made % 1 == Decimal(rule)
    assert 0 <= made - total < 1
    assert rounded(made, rule) == made


@given(amounts)
def test_a_price_is_rounded_to_half_a_cent_and_never_to_nothing(total: Decimal) -> None:
    made = rounded(total, "cent")
    assert made == made.quantize(Decimal("0.01")) > 0
    assert abs(made - total) <= Decimal("0.005") or total < made == Decimal("0.01")
    assert rounded(total, "none") == total


@pytest.mark.parametrize(
    ("total", "made"), [("0.125", "0.13"), ("2.345", "2.35"), ("2.3449", "2.34"), ("10.005", "10.01")]
)
def test_half_a_cent_goes_up(total: str, made: str) -> None:
    assert rounded(Decimal(total), "cent") == Decimal(made)


@given(amounts, amounts, st.sampled_from(["none", "cent", ".95", ".99"]))
def test_a_dearer_price_stays_the_dearer_one(one: Decimal, other: Decimal, rule: str) -> None:
    low, high = sorted((one, other))
    assert rounded(low, rule) <= rounded(high, rule)
    assert at_least(low, other) <= at_least(high, other)


@given(amounts, st.decimals(min_value=0, max_value=1000, places=2), st.integers(1, 10_000))
def test_a_mark_up_of_the_total_is_that_of_each_piece(unit: Decimal, percent: Decimal, quantity: int) -> None:
    rules = PriceRules(markup="engine", markup_percent=percent)
    whole = apply_markup(Quote(total=unit * quantity), rules, "shop.example").total
    assert whole == apply_markup(Quote(total=unit), rules, "shop.example").total * quantity


@pytest.mark.parametrize(
    "wrong",
    [
        {"markup_percent": Decimal(5)},
        {"site_markup_percents": {"a": Decimal(5)}},
        {"markup": "engine", "markup_percent": Decimal(-1)},
        {"markup": "engine", "site_markup_percents": {"a": Decimal("NaN")}},
        {"minimum_price": Decimal("Infinity")},
    ],
)
def test_rules_that_cannot_be_meant_are_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"prices"):
        PriceRules(**wrong)


def test_every_cause_has_a_text_in_every_language() -> None:
    assert set(TEXTS) == set(Language.__args__)
    for language in TEXTS:
        texts = [text_for(language, cause, product="117-1", quantity=3) for cause in NoPriceCause]
        assert len(set(texts)) == len(NoPriceCause)
        assert not any("{" in text for text in texts)
