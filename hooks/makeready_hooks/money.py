"""Sharing amounts of money, so that no cent is lost and none is made."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
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
