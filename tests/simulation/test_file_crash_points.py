"""The process is killed at every commit and every call of a file that follows its order, and started again."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from amend_child import copy
from file_child import NEW, how_it_ended, make_template, run_child
from file_server import FileServer

pytestmark = pytest.mark.long

HOUR = 3600


@pytest.fixture
async def server() -> AsyncIterator[str]:
    made = FileServer()
    listening = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    for path in ("/card.pdf?v=1", "/card.pdf?v=2", "/late.pdf"):
        made.put(path, f"%PDF {path}".encode())
    yield made.url
    listening.close()
    await listening.wait_closed()


async def run(
    folder: Path, errand: str, server: str, later: int, crash_at: int = 0
) -> tuple[int | None, int]:
    return await asyncio.to_thread(run_child, folder, errand, server, later * HOUR, crash_at)


async def ends(
    template: Path, tmp_path: Path, errand: str, server: str, order: str = "6994"
) -> list[tuple[int, list[str]]]:
    """How it ends after a death at each of its points."""
    code, points = await run(copy(template, tmp_path / "whole"), errand, server, 1)
    assert (code, points > 10) == (0, True), "commits and calls, before and after each"
    ended = []
    for crash_at in range(1, points + 1):
        folder = copy(template, tmp_path / str(crash_at))
        assert (await run(folder, errand, server, 1, crash_at))[0] == -signal.SIGKILL
        for later in (2, 3):
            assert (await run(folder, errand, server, later))[0] == 0
        ended.append(await how_it_ended(folder, order))
    return ended


@pytest.fixture
async def template(tmp_path: Path, server: str) -> Path:
    made = tmp_path / "template"
    made.mkdir()
    await make_template(made, server)
    return made


async def test_every_point_of_a_replacement_can_be_the_last_of_a_process(
    template: Path, tmp_path: Path, server: str
) -> None:
    ended = await ends(template, tmp_path, "replace", server)
    assert {tuple(states) for _, states in ended} == {("replaced", "attached")}
    assert {given for given, _ in ended} == {1}


async def test_every_point_of_a_late_file_can_be_the_last_of_a_process_and_it_is_given_once_at_most(
    template: Path, tmp_path: Path, server: str
) -> None:
    ended = await ends(template, tmp_path, "attach", server)
    assert {(given, states[-1]) for given, states in ended} == {
        (1, "attached"),
        (1, "in_doubt"),
        (0, "in_doubt"),
    }


async def test_every_point_of_an_order_whose_files_follow_can_be_the_last_and_no_file_is_lost(
    template: Path, tmp_path: Path, server: str
) -> None:
    ended = await ends(template, tmp_path, "follow", server, NEW)
    assert {(given, *states) for given, states in ended} == {
        (1, "attached"),
        (1, "in_doubt"),
        (0, "in_doubt"),
        (0, "parked"),  # whether the MIS has the order a person has to say first
    }
