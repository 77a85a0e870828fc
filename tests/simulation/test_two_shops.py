"""Orders of two shops with the same numbers, whatever happens: each is in the MIS once, and marked in its own shop."""

import os

import pytest
from platen_lives import STEADY
from two_shops import TwoShopsLife

pytestmark = pytest.mark.long

SEEDS = range(int(os.environ.get("LIVES", "8")))
STEP = int(os.environ.get("STEP", "5"))
"""After one commit or call, and before the next, is the same to whoever comes up."""


async def test_each_order_of_either_shop_arrives_once_and_is_marked_where_it_was_placed() -> None:
    crashes = doubts = shared = 0
    for seed in SEEDS:
        life = TwoShopsLife(seed, orders=4)
        outcome = await life.run()
        assert life.wrong(outcome) == {}, seed
        crashes += outcome.crashes
        doubts += outcome.troubles.get("lost_after", 0)
        shared += sum(count > 1 for count in life.numbers.values())
    assert min(crashes, doubts, shared) > 0, "nothing was put to the test"


async def test_in_a_life_without_trouble_both_shops_have_orders_of_the_same_numbers() -> None:
    life = TwoShopsLife(1, orders=4, odds=STEADY)
    outcome = await life.run()
    assert (life.wrong(outcome), outcome.marked, set(life.numbers.values())) == ({}, 4, {2})


async def test_every_commit_and_every_call_can_be_the_last_of_a_process() -> None:
    whole = TwoShopsLife(1, orders=2, odds=STEADY)
    whole.crash_at(0)
    assert whole.wrong(await whole.run()) == {}
    for point in range(1, whole.points + 1, STEP):
        life = TwoShopsLife(1, orders=2, odds=STEADY)
        life.crash_at(point)
        assert life.wrong(await life.run()) == {}, point
