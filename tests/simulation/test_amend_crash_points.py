"""The process is killed at every commit and every call of a change in the MIS, started again: the MIS does it once."""

import asyncio
import signal
from pathlib import Path

import pytest
from amend_child import copy, how_it_ended, make_template, run_child

pytestmark = pytest.mark.long

HOUR = 3600


@pytest.mark.parametrize(("change", "ended"), [("change", "accepted"), ("cancel", "cancelled")])
def test_every_point_of_a_change_can_be_the_last_of_a_process(
    tmp_path: Path, change: str, ended: str
) -> None:
    template = tmp_path / "template"
    template.mkdir()
    asyncio.run(make_template(template))
    code, points = run_child(copy(template, tmp_path / "whole"), change)
    assert (code, points > 10) == (0, True), "commits and calls, before and after each"
    for crash_at in range(1, points + 1):
        folder = copy(template, tmp_path / str(crash_at))
        assert run_child(folder, change, 0, crash_at)[0] == -signal.SIGKILL
        for later in (1, 2):
            assert run_child(folder, change, later * HOUR)[0] == 0
        assert asyncio.run(how_it_ended(folder)) == (1, ended, False), crash_at
