"""Orders into an MIS that takes them in steps: every answer lost, every crash, customers that are corrected meanwhile."""

import os
from pathlib import Path
from typing import Any

import pytest
from makeready_hooks import hookimpl
from makeready_hooks.model.submission import AcceptedOrder, BegunOrder, PreparedOrder
from msgspec.structs import replace
from platen_connector import CONNECTOR, Platen, client_of
from platen_lives import REJECTED, STEADY, PlatenLife

pytestmark = pytest.mark.long

SEEDS = range(int(os.environ.get("LIVES", "16")))
STEP = int(os.environ.get("STEP", "3"))
"""After one commit or call, and before the next, is the same to whoever comes up: every second point is enough."""


async def lived(life: PlatenLife) -> dict[str, Any]:
    """What is wrong with it."""
    outcome = await life.run()
    return life.wrong(outcome)


async def test_nothing_is_lost_doubled_or_stale_whatever_happens(tmp_path: Path) -> None:
    crashes = corrected = rejected = 0
    for seed in SEEDS:
        life = PlatenLife(seed, tmp_path, rejects=REJECTED, orders=3)
        assert await lived(life) == {}, seed
        crashes += life._fate.crashes
        corrected += life.corrected
        rejected += len(life.rejected)
    assert min(crashes, corrected, rejected) > 0, "nothing was put to the test"


async def test_every_commit_and_every_call_can_be_the_last_of_a_process(tmp_path: Path) -> None:
    whole = PlatenLife(1, tmp_path, orders=1, odds=STEADY)
    whole.crash_at(0)
    assert await lived(whole) == {}
    assert whole.points > 30, "commits and calls, before and after each"
    print(f"{whole.points} points")  # noqa: T201 - the figure is the result
    assert whole.corrected == 1, "its customer is corrected on the way, with a draft of before"
    for point in range(1, whole.points + 1, STEP):
        life = PlatenLife(1, tmp_path, orders=1, odds=STEADY)
        life.crash_at(point)
        assert await lived(life) == {}, point
        assert life._fate.crashes == 1


async def test_every_answer_can_be_lost_after_its_effect(tmp_path: Path) -> None:
    whole = PlatenLife(1, tmp_path, orders=1, odds=STEADY)
    whole.lose_answer(0)
    assert await lived(whole) == {}
    print(f"{whole.calls} calls")  # noqa: T201 - the figure is the result
    for call in range(1, whole.calls + 1):
        life = PlatenLife(1, tmp_path, orders=1, odds=STEADY)
        life.lose_answer(call)
        assert await lived(life) == {}, call


class Careless(Platen):
    """It confirms whatever draft there is."""

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        return await super().submit_order(prepared)

    async def _filled(self, begun: BegunOrder, prepared: PreparedOrder) -> str:
        return begun.id


async def test_a_connector_that_confirms_what_it_finds_is_seen(tmp_path: Path) -> None:
    careless = replace(
        CONNECTOR,
        build=lambda given, context: Careless(given, client_of(given, context)),
    )
    life = PlatenLife(1, tmp_path, connector=careless, orders=1, odds=STEADY)
    assert list(await lived(life)) == ["stale drafts confirmed"]
