"""Sharing and rounding amounts of money, so that no cent is lost and none is made."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise

CENT = Decimal("0.01")


def split(amount: Decimal, weights: Sequence[Decimal], unit: Decimal = CENT) -> tuple[Decimal, ...]:
    """Shares of an amount in whole units, by weight; their sum is exactly the amount.

    Equal shares if all weights are zero. A part of the amount smaller than a unit goes to the last share.
    Raises ValueError for a negative weight or none at all.
    """
    if not weights or min(weights) < 0:
        raise ValueError("weights must be there, and not below zero")
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    total = sum(weights)
    sums = [(amount * upto / total).quantize(unit, ROUND_HALF_EVEN) for upto in accumulate(weights)]
    return tuple(after - before for before, after in pairwise([Decimal(0), *sums[:-1], amount]))


def whole_units(amounts: Sequence[Decimal], unit: Decimal = CENT) -> tuple[Decimal, ...]:
    """Amounts in whole units, each less than a unit from what it was; their sum is the rounded sum of what they were.

    For what comes from outside: a shop may say 0.30000000000000004, or three times 33.33335 of an order of 100.00.
    """
    sums = [to_unit(upto, unit) for upto in accumulate(amounts)]
    return tuple(after - before for before, after in pairwise([Decimal(0), *sums]))


def to_unit(amount: Decimal, unit: Decimal = CENT) -> Decimal:
    """A single amount in whole units, halves away from zero."""
    return amount.quantize(unit, ROUND_HALF_UP)
