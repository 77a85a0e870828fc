"""Commands over a state file with orders, in this process: lists, many sent again, tokens."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner
from makeready.cli import cli
from makeready_hooks.errors import ConfigError, Refused, RetryLater
from msgspec.structs import replace
from pretend import Clock, new_bench, order
from steps import ask_to_look, settle


async def fill(folder: Path) -> None:
    """One order refused, another that waits for the MIS, a third that was accepted, a fourth that cannot be read."""
    bench = new_bench(folder, Clock())
    await bench.installation.store.subscribers.save([bench.subscriber])
    troubles = {"6994": [Refused("On stop.")], "6995": [RetryLater("Away.", after_s=9e9)], "6996": []}
    for number, trouble in troubles.items():
        bench.shop.orders[number] = order(number)
        bench.mis.before_effect = list(trouble)
        await ask_to_look(bench, number)
        await settle(bench)
    bench.shop.orders["6997"] = replace(order("6997"), lines=(), problem="No date.", document=b'{"n": 6997}')
    await ask_to_look(bench, "6997")
    await settle(bench)
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


def listed(db: Path, *options: str) -> list[str]:
    lines = json.loads(run(db, "orders", "list", "northfield", "--json", *options))
    return [f"{one['order_number']} {one['state']}" for one in lines]


def test_lines_are_listed_by_time_and_by_name(db: Path) -> None:
    assert len(listed(db)) == 4
    day = ("--from", "1970-01-12", "--to", "1970-01-12")
    assert listed(db, *day, "--state", "refused") == ["6994 refused"]
    assert listed(db, "--query", "SO-1") == ["6996 accepted"]
    assert listed(db, "--customer", "ada", "--product", "kit", "--state", "accepted") == ["6996 accepted"]
    assert listed(db, "--customer", "bea") == listed(db, "--product", "it") == []
    assert listed(db, "--from", "1970-01-13") == []
    assert "No orders match" in run(db, "orders", "list", "northfield", "--query", "404")
    with pytest.raises(ConfigError, match="'soon' is neither a day nor a moment"):
        listed(db, "--from", "soon")


def test_many_are_sent_again_after_a_look_at_their_number(db: Path) -> None:
    replay = ("orders", "replay", "northfield", "--state", "refused", "--reason", "stop")
    assert run(db, *replay, "--dry-run") == "1 found: 6994-1.\nNothing was sent.\n"
    assert "Nothing was sent." in run(db, *replay, answer="n\n")
    assert listed(db, "--query", "6994") == ["6994 refused"]
    assert "1 will be sent again." in run(db, *replay, answer="y\n")
    assert listed(db, "--query", "6994") == ["6994 ready"]
    none = run(db, "orders", "replay", "northfield", "--state", "parked", "--yes")
    assert none == "0 found: none.\nNothing was sent.\n"


def test_what_waits_for_its_next_try_is_tried_at_once(db: Path) -> None:
    assert run(db, "orders", "retry", "northfield", "6995") == "1 tried again now.\n"
    assert run(db, "orders", "retry", "northfield") == "Nothing waits for another try.\n"
    with pytest.raises(ConfigError, match="Nothing is known of order 404"):
        run(db, "orders", "retry", "northfield", "404")


def test_an_order_that_cannot_be_read_is_listed_shown_and_read_again(db: Path) -> None:
    assert listed(db, "--state", "unreadable") == listed(db, "--query", "6997") == ["6997 unreadable"]
    told = run(db, "orders", "list", "northfield")
    assert told.index("No date.") < told.index("6996-1")
    shown = run(db, "orders", "show", "northfield", "6997")
    assert "unreadable since" in shown and '{"n": 6997}' in shown
    [one] = json.loads(run(db, "orders", "show", "northfield", "6997", "--json"))["unreadable"]
    assert (one["problem"], one["document"]) == ("No date.", {"n": 6997})
    assert run(db, "orders", "look-again", "northfield", "6997") == "Order 6997 is read again now.\n"
    with pytest.raises(ConfigError, match="no order 6994 that cannot be read"):
        run(db, "orders", "look-again", "northfield", "6994")


def test_what_is_in_the_mis_is_shown_before_it_is_accepted_and_can_be_taken_back(db: Path) -> None:
    accept = ("orders", "accept", "northfield", "6994-1", "--as")
    told = run(db, *accept, "SO-7", answer="n\n")
    assert "nobody can check whether it has SO-7" in told and "2 x 2284" in told
    assert listed(db, "--query", "6994") == ["6994 refused"]
    with pytest.raises(ConfigError, match="can be no number"):
        run(db, *accept, "yes it is", "--yes")
    assert "6994-1 is accepted as SO-7." in run(db, *accept, "SO-7", answer="y\n")
    assert listed(db, "--query", "SO-7") == ["6994 accepted"]
    assert "waits again" in run(db, "orders", "take-back", "northfield", "6994-1")
    assert listed(db, "--query", "6994") == ["6994 refused"]
    audit = run(db, "audit", "list", "--subscriber", "northfield", "--json")
    assert "orders take-back" in audit and "orders accept" in audit


def test_a_change_is_not_offered_where_the_mis_takes_none(db: Path) -> None:
    with pytest.raises(Refused, match="not in an MIS that takes changes from here"):
        run(db, "orders", "amend", "northfield", "6996-1", "--yes")
    with pytest.raises(ConfigError, match="There is no submission"):
        run(db, "orders", "amend", "northfield", "6996-2", "--yes")


def test_a_token_is_shown_once(db: Path) -> None:
    made = run(db, "token", "add", "ci", "--subscriber", "northfield", "--read-only", "--expires-days", "30")
    assert made.startswith("mkr_ci_")
    shown = run(db, "token", "list", "--json")
    [token] = json.loads(shown)
    assert (token["name"], token["subscriber"], token["read_only"]) == ("ci", "northfield", True)
    assert token["expires_at"] - token["created_at"] == pytest.approx(30 * 86_400)
    assert "hash" not in shown
    run(db, "token", "remove", "ci")
    assert "There is no token yet" in run(db, "token", "list")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("add", "ci", "--all"), "There is a token ci already"),
        (("add", "CI", "--all"), "lower case"),
        (("add", "other"), "--subscriber NAME or --all"),
        (("add", "other", "--all", "--subscriber", "northfield"), "--subscriber NAME or --all"),
        (("add", "other", "--subscriber", "nobody"), "There is no subscriber nobody"),
        (("remove", "other"), "There is no token other"),
    ],
)
def test_a_token_that_cannot_be_is_told(db: Path, arguments: tuple[str, ...], text: str) -> None:
    run(db, "token", "add", "ci", "--all")
    with pytest.raises(ConfigError, match=text):
        run(db, "token", *arguments)
