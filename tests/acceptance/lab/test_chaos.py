"""A short form of `make chaos`: real processes, SIGKILLs, and an MIS that loses its answers."""

import json
from pathlib import Path

import pytest
from makeready_lab.chaos.verdict import Seen, count_arrivals
from processes import run

pytestmark = pytest.mark.waits

FAULTS = (
    ("--switch", "pressero.rate-limit=off"),
    ("--switch", "pressero.answer-lost=0.02"),
    ("--switch", "tharstern.answer-lost=0.05"),
    ("--switch", "tharstern.effect-late=0.02"),
    ("--switch", "tharstern.error-after=0.02"),
    ("--switch", "tharstern.reset=0.02"),
    ("--switch", "tharstern.order-filter=uniqueSubmitOrderID"),
    ("--set", "pressero.calls_per_10_s=100000"),
    ("--set", "tharstern.answer_within_s=5"),
    ("--set", "tharstern.assumptions.order_reference_filter=uniqueSubmitOrderID"),
)


@pytest.mark.parametrize(
    "how", [("--workers", "2", "--edge", "outage"), ("--workers", "1", "--grouping", "order", "--lines", "2")]
)
def test_nothing_is_lost_and_nothing_is_doubled_while_processes_are_killed(
    how: tuple[str, ...], tmp_path: Path
) -> None:
    options = ("--orders", "40", "--kills", "4", "--seed", "3", *how, "--json")
    faults = [flag for pair in FAULTS for flag in pair]
    done = run("chaos", *options, *faults, env={"TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr
    verdict = json.loads(done.stdout)
    assert (verdict["orders"], verdict["lost"], verdict["doubled"], verdict["kills"]) == (40, 0, 0, 4)
    assert verdict["edges"] == ({"outage": 2} if "outage" in how else {})
    assert verdict["late_s"] < 300
    assert list(tmp_path.iterdir()) == [], "nothing is left of what went well"


def test_a_broken_promise_is_told() -> None:
    seen = Seen(
        expected=("1-1", "2-1", "3-1"),
        references=("1-1", "1-1", "4-1"),
        states={"2-1": "accepted", "3-1": "parked"},
        acknowledged=3,
        calls=6,
        kills=0,
        seconds=1,
    )
    verdict = count_arrivals(seen)
    assert (verdict.lost, verdict.doubled, verdict.parked, verdict.accepted_but_absent) == (1, 2, 1, 1)
    assert verdict.doubled_keys == ("1-1", "4-1")
    assert verdict.calls_per_order == 2
    assert not verdict.kept


def test_people_at_the_edges_decide_line_by_line() -> None:
    done = run("chaos", "--edge", "copy", "--grouping", "order")
    assert done.returncode == 2
    assert "--edge" in done.stderr
