"""Orders that two MIS of one company share: each line is in the one that makes it, once, whatever happens on the way."""

import os
from pathlib import Path

import pytest
from platen_lives import REJECTED, STEADY
from routed_lives import RoutedLife

pytestmark = pytest.mark.long

SEEDS = range(int(os.environ.get("LIVES", "10")))
STEP = int(os.environ.get("STEP", "6"))
"""After one commit or call, and before the next, is the same to whoever comes up; and each has a test of its own alone."""


async def test_each_line_is_where_it_belongs_and_nowhere_else_whatever_happens(tmp_path: Path) -> None:
    crashes = doubts = 0
    for seed in SEEDS:
        life = RoutedLife(seed, tmp_path, rejects=REJECTED, orders=3)
        outcome = await life.run()
        assert life.wrong(outcome) == {}, seed
        crashes += outcome.crashes
        doubts += outcome.troubles.get("lost_after", 0)
    assert min(crashes, doubts) > 0, "nothing was put to the test"


async def test_every_commit_and_every_call_can_be_the_last_of_a_process(tmp_path: Path) -> None:
    whole = RoutedLife(1, tmp_path, orders=1, odds=STEADY)
    whole.crash_at(0)
    assert whole.wrong(await whole.run()) == {}
    print(f"{whole.points} points")  # noqa: T201 - the figure is the result
    for point in range(1, whole.points + 1, STEP):
        life = RoutedLife(1, tmp_path, orders=1, odds=STEADY)
        life.crash_at(point)
        assert life.wrong(await life.run()) == {}, point
