"""The demonstration and the chaos with an MIS that was installed beside the first: any pair will do."""

import json
from pathlib import Path

import pytest
from processes import run

pytestmark = pytest.mark.waits

SUPPORT = Path(__file__).parents[2] / "support" / "invented_mis"
ENTRIES = """[makeready.connectors]
platen = platen_connector:CONNECTOR
[makeready.emulators]
platen = platen_emulator:EMULATOR
"""


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment of a process that finds Platen installed."""
    info = tmp_path / "site-packages" / "makeready_platen-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: makeready-platen\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRIES)
    return {"PYTHONPATH": f"{info.parent}:{SUPPORT}"}


def test_the_whole_story_with_another_mis(tmp_path: Path, installed: dict[str, str]) -> None:
    out = tmp_path / "out"
    switches = ("--switch", "pressero.rate-limit=off")
    done = run("demo", "--headless", "--out", str(out), "--mis", "platen", *switches, env=installed)
    assert done.returncode == 0, done.stdout + done.stderr
    received = json.loads((out / "mis-orders.json").read_text())
    assert sorted((one["our_ref"], one["lines"][0]["item"]) for one in received) == [
        ("6994-1", "KIT/22-84"),
        ("6995-1", "CARD/1-A"),
    ]
    assert "fetched: front.pdf" in done.stdout


def test_among_several_one_is_to_be_named(tmp_path: Path, installed: dict[str, str]) -> None:
    done = run("demo", "--headless", "--out", str(tmp_path / "out"), env=installed)
    assert done.returncode == 3
    assert "Several emulators of a mis are installed" in done.stderr.replace("\n", " ")
    assert "--mis: platen, tharstern" in done.stderr.replace("\n", " ")


def test_two_mis_at_once_have_each_line_once_and_in_the_right_one(installed: dict[str, str]) -> None:
    faults = (
        ("--switch", "pressero.rate-limit=off"),
        ("--switch", "tharstern.answer-lost=0.05"),
        ("--switch", "tharstern.order-filter=uniqueSubmitOrderID"),
        ("--switch", "platen.error-before=0.05"),
        ("--switch", "platen.error-after=0.05"),
        ("--set", "pressero.calls_per_10_s=100000"),
        ("--set", "tharstern.answer_within_s=5"),
        ("--set", "tharstern.assumptions.order_reference_filter=uniqueSubmitOrderID"),
        ("--set", "platen.call_within_s=1"),
    )
    options = ("--orders", "30", "--lines", "2", "--kills", "3", "--seed", "6", "--json")
    pair = ("--mis", "tharstern", "--second-mis", "platen")
    done = run("chaos", *options, *pair, *(flag for one in faults for flag in one), env=installed)
    assert done.returncode == 0, done.stdout + done.stderr
    verdict = json.loads(done.stdout)
    assert (verdict["orders"], verdict["arrived"], verdict["lost"], verdict["doubled"]) == (60, 60, 0, 0)


def test_nothing_is_lost_and_nothing_is_doubled_with_another_mis(installed: dict[str, str]) -> None:
    faults = (
        ("--switch", "pressero.rate-limit=off"),
        ("--switch", "platen.error-before=0.05"),
        ("--switch", "platen.error-after=0.05"),
        ("--set", "pressero.calls_per_10_s=100000"),
        ("--set", "platen.call_within_s=1"),
    )
    options = ("--orders", "40", "--kills", "3", "--seed", "5", "--mis", "platen")
    done = run("chaos", *options, "--json", *(flag for pair in faults for flag in pair), env=installed)
    assert done.returncode == 0, done.stdout + done.stderr
    verdict = json.loads(done.stdout)
    assert (verdict["orders"], verdict["lost"], verdict["doubled"], verdict["kills"]) == (40, 0, 0, 3)
