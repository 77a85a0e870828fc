from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready_hooks.money import CENT, split

amounts = st.decimals(-100_000, 100_000, places=2)
weights = st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=9)


@given(amounts, weights)
def test_shares_are_whole_cents_and_their_sum_is_the_amount(amount, weights) -> None:
    shares = split(amount, weights)
    assert sum(shares) == amount
    assert all(share % CENT == 0 for share in shares)


@given(amounts, weights)
def test_no_share_is_more_than_a_cent_from_what_is_fair(amount, weights) -> None:
    fair = weights if any(weights) else [Decimal(1)] * len(weights)
    for share, weight in zip(split(amount, weights), fair, strict=True):
        assert abs(share - amount * weight / sum(fair)) <= CENT


@pytest.mark.parametrize("wrong", [[], [Decimal(1), Decimal(-1)]])
def test_weights_that_mean_nothing_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Decimal(1), wrong)
