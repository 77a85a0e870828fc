"""Commands that are made of coroutine functions."""

import asyncio
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from makeready.access.model import AuditRow
from makeready.installation import Installation
from makeready.terminal import with_installation, with_subscriber
from makeready_admin.audit.store import AuditFilter, AuditLog
from makeready_hooks.errors import ConfigError


@click.command()
@with_installation("things mend", target="{name}", detail="{parts}, {left_out}")
@click.argument("name")
@click.option("--part", "parts", multiple=True)
@click.option("--left-out")
@click.option("--subscriber", default="")
@click.option("--dry-run", is_flag=True)
async def mend(installation: Installation, name: str, **given: object) -> int:
    """Mend NAME."""
    click.echo(f"{name} {sorted(given)}")
    return 3 if name == "broken" else 0


@click.command()
@with_subscriber("things look", target="{thing}")
@click.argument("thing")
async def look(installation: Installation, subscriber: object, thing: str) -> None:
    raise AssertionError("there is no subscriber")


def acts(db: Path) -> list[AuditRow]:
    async def read() -> list[AuditRow]:
        async with Installation.opened(db) as installation:
            return await AuditLog(installation.store.database).find(AuditFilter(), limit=10)

    return asyncio.run(read())


def test_what_a_command_does_is_kept_with_what_it_was_given(tmp_path: Path) -> None:
    db = tmp_path / "state.db"
    db.touch()

    done = CliRunner().invoke(mend, ["press", "--part", "a", "--part", "{b}", "--subscriber", "x"], obj=db)

    assert (done.exit_code, done.output) == (0, "press ['dry_run', 'left_out', 'parts', 'subscriber']\n")
    [act] = acts(db)
    assert (act.action, act.subscriber, act.target, act.outcome) == ("things mend", "x", "press", "done")
    assert act.detail == "a, {b}, "


def test_a_dry_run_is_not_kept(tmp_path: Path) -> None:
    db = tmp_path / "state.db"
    db.touch()

    assert CliRunner().invoke(mend, ["press", "--dry-run"], obj=db).exit_code == 0

    assert acts(db) == []


def test_a_command_ends_with_what_its_function_returns_and_is_done_all_the_same(tmp_path: Path) -> None:
    db = tmp_path / "state.db"
    db.touch()

    assert CliRunner().invoke(mend, ["broken"], obj=db).exit_code == 3

    assert [act.outcome for act in acts(db)] == ["done"]


def test_the_subscriber_is_the_first_argument_and_has_to_be_there(tmp_path: Path) -> None:
    db = tmp_path / "state.db"
    db.touch()

    with pytest.raises(ConfigError, match="There is no subscriber nobody"):
        CliRunner().invoke(look, ["nobody", "press"], obj=db, catch_exceptions=False)

    [act] = acts(db)
    assert (act.subscriber, act.target) == ("nobody", "press")
    assert act.outcome.startswith("not done: There is no subscriber")
    assert "SUBSCRIBER THING" in CliRunner().invoke(look, ["--help"]).output
