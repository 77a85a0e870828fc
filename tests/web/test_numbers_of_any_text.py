"""Orders whose numbers are any text: on the command line, in file names."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner
from makeready.cli import cli
from makeready_hooks.errors import Refused
from makeready_hooks.names import FILE_NAME
from makeready_hooks.testing.orders import ODD_IDS
from pretend import Clock, new_bench, order
from steps import ask_to_look, settle

NUMBERS = (*ODD_IDS, "-7101", "--json")


async def fill(folder: Path) -> None:
    bench = new_bench(folder, Clock())
    await bench.installation.store.subscribers.save([bench.subscriber])
    for number in NUMBERS:
        bench.shop.orders[number] = order(number)
        bench.mis.before_effect = [Refused("On stop.")]
        await ask_to_look(bench, number)
        await settle(bench)
    await bench.installation.aclose()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("odd")
    asyncio.run(fill(folder))
    yield folder / "test.db"
    structlog.reset_defaults()  # commands set up the log for a process of their own


def run(db: Path, *arguments: str) -> str:
    done = CliRunner().invoke(cli, ["--db", str(db), *arguments])
    if done.exception is not None:
        raise done.exception
    return done.stdout


@pytest.mark.parametrize("number", NUMBERS)
def test_a_command_takes_a_number_that_is_any_text(db: Path, number: str, tmp_path: Path) -> None:
    told = json.loads(run(db, "orders", "show", "--json", "--", "northfield", number))
    assert told["order"] == number
    assert f"{number}-1 will" in run(db, "orders", "send-again", "--", "northfield", f"{number}-1")
    run(db, "orders", "evidence", "--out", str(tmp_path), "--", "northfield", number)
    names = sorted(FILE_NAME.read(file.name) for file in tmp_path.iterdir())
    assert names == [f"order-{number}-evidence.{suffix}" for suffix in ("html", "json")]
