"""Commands of a first day, of pauses and of the ledger's life, over a state file in this process."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
import structlog
from click.testing import CliRunner
from makeready.cli import cli
from makeready.orders.life import check_in
from makeready.orders.life.witness import WitnessFile
from makeready.subscribers.changes import export, propose, save
from makeready_hooks.errors import ConfigError, Refused
from pretend import Clock, new_bench, order
from steps import ask_to_look, settle

PLACED = datetime(2026, 3, 2, 9, 15, tzinfo=UTC).timestamp()
"""When the invented orders are placed."""


async def fill(folder: Path) -> None:
    """Two orders from before our time; the file has lost its witness."""
    clock = Clock()
    clock.now = PLACED + 3600
    bench = new_bench(folder, clock)
    await check_in.check_in(bench.installation)
    await bench.installation.store.subscribers.save([bench.subscriber])
    given = export(bench.installation, await bench.installation.subscriber("northfield"))
    await save(bench.installation, [await propose(bench.installation, "northfield", given)])
    bench.shop.orders |= {number: order(number) for number in ("6994", "6995")}
    await ask_to_look(bench, "6994", "6995")
    await settle(bench)
    WitnessFile(folder / "test.db").path.unlink()
    await check_in.check_in(bench.installation)
    await bench.installation.aclose()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Path]:
    asyncio.run(fill(tmp_path))
    yield tmp_path / "test.db"
    structlog.reset_defaults()  # commands set up the log for a process of their own


def run(db: Path, *arguments: str, answer: str = "") -> str:
    """What a command prints. Raises its error."""
    done = CliRunner().invoke(cli, ["--db", str(db), *arguments], input=answer)
    if done.exception is not None:
        raise done.exception
    return done.stdout


def data(db: Path, *arguments: str) -> Any:
    return json.loads(run(db, *arguments, "--json"))


def listed(db: Path) -> dict[str, str]:
    """States of the orders."""
    return {one["order_number"]: one["state"] for one in data(db, "orders", "list", "northfield")}


# Before our time


def test_what_is_from_before_our_time_is_listed_with_its_reasons(db: Path) -> None:
    shown = run(db, "orders", "before-start", "northfield")
    assert "6994" in shown
    assert "placed before our time began (2026-03-02T10:15:00Z)" in shown
    told = data(db, "orders", "before-start", "northfield")
    assert [one["order_number"] for one in told["lines"]] == ["6994", "6995"]
    assert told["rehearsal"] is None


@pytest.mark.parametrize(
    ("what", "sentence", "state"),
    [("include", "will be sent", "before_start"), ("dismiss", "will not be sent", "ignored")],
)
def test_it_is_decided_after_a_look_at_the_number(db: Path, what: str, sentence: str, state: str) -> None:
    asked = ("orders", what, "northfield", "6994")
    with pytest.raises(SystemExit):
        run(db, *asked, answer="n\n")
    assert listed(db) == {"6994": "before_start", "6995": "before_start"}
    printed = run(db, *asked, answer="y\n")
    assert f"1 line {sentence}. Go on?" in printed
    assert f"1 line {sentence}.\n" in printed
    assert listed(db) == {"6994": state, "6995": "before_start"}


def test_all_of_them_are_decided_without_a_question(db: Path) -> None:
    assert run(db, "orders", "dismiss", "northfield", "--all", "--yes") == "2 lines will not be sent.\n"
    assert set(listed(db).values()) == {"ignored"}
    again = run(db, "orders", "dismiss", "northfield", "--all", "--yes")
    assert again == "No such line is from before our time.\n"


def test_nothing_named_is_not_everything(db: Path) -> None:
    for what in ("include", "dismiss"):
        with pytest.raises(ConfigError, match="No order is named"):
            run(db, "orders", what, "northfield", "--yes")
        none = run(db, "orders", what, "northfield", "--ready-after", "--yes")
        assert none == "No such line is from before our time.\n"
    assert set(listed(db).values()) == {"before_start"}


# Pauses


def test_a_pause_is_begun_listed_and_ended(db: Path) -> None:
    run(db, "ledger", "take-over")
    assert run(db, "pause", "list") == "Nothing is paused.\n"
    with pytest.raises((click.UsageError, SystemExit)):
        run(db, "pause", "begin", "northfield")
    begun = run(db, "pause", "begin", "northfield", "--reason", "Stocktaking.", "--flow", "stock")
    assert begun == "Paused: stock, northfield.\n"
    begun = run(db, "pause", "begin", "--reason", "New servers.")
    assert begun == "Paused: orders, products, stock, write-back, all companies.\n"
    told = [(one["subscriber"], one["flow"], one["reason"]) for one in data(db, "pause", "list")]
    assert told == [
        *[("", flow, "New servers.") for flow in ("orders", "products", "stock", "write-back")],
        ("northfield", "stock", "Stocktaking."),
    ]
    assert run(db, "pause", "end", "northfield", "--flow", "stock") == "northfield: it flows again.\n"
    with pytest.raises(Refused, match="resume without a name"):
        run(db, "pause", "end", "northfield")
    assert run(db, "pause", "end") == "All companies: it flows again.\n"
    assert run(db, "pause", "list") == "Nothing is paused.\n"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("northfield", "--reason", " "), "needs a reason"),
        (("nobody", "--reason", "x"), "There is no subscriber nobody"),
        (("--reason", "x", "--until", "2001-01-01"), "would be over already"),
        (("--reason", "x", "--until", "soon"), "neither a day nor a moment"),
    ],
)
def test_a_pause_that_cannot_be_is_told(db: Path, options: tuple[str, ...], text: str) -> None:
    with pytest.raises(ConfigError, match=text):
        run(db, "pause", "begin", *options)


# The ledger


def test_its_breaks_are_shown_and_a_person_takes_over(db: Path) -> None:
    shown = run(db, "ledger", "show")
    assert "copied" in shown
    assert "there is no test.db.witness beside it" in shown
    with pytest.raises(Refused, match="came from elsewhere"):
        run(db, "pause", "end")
    assert "This installation goes on." in run(db, "ledger", "take-over")
    assert [one["kind"] for one in data(db, "ledger", "show")] == ["taken over", "copied"]
    with pytest.raises(Refused, match="nothing to take over"):
        run(db, "ledger", "take-over")


def test_what_was_not_noticed_is_said(db: Path) -> None:
    run(db, "ledger", "mark-restored", "--reason", "a snapshot of the disk")
    newest = data(db, "ledger", "show")[0]
    assert (newest["kind"], newest["cause"]) == ("declared", "a snapshot of the disk")


def test_a_ledger_that_witnessed_everything_says_so(tmp_path: Path) -> None:
    told = run(tmp_path / "new.db", "--new", "ledger", "show")
    structlog.reset_defaults()
    assert told == "The ledger has witnessed all that was sent.\n"


def test_what_a_person_said_is_in_the_audit_log(db: Path) -> None:
    run(db, "orders", "dismiss", "northfield", "6994", "--yes")
    run(db, "ledger", "take-over")
    run(db, "pause", "begin", "--reason", "New servers.")
    kept = [one["action"] for one in data(db, "audit", "list")]
    assert {"orders dismiss", "ledger take-over", "pause begin"} <= set(kept)
