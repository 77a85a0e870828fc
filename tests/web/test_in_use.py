"""What carries the bytes is told, and a slow stand-in is noticed."""

from pathlib import Path

import pytest
from processes import run_anew, running

NOTHING_COMPILED = {"AIOHTTP_NO_EXTENSIONS": "1"}


@pytest.mark.parametrize("asked", [("--version", "-v"), ("-v", "--version")])
def test_the_version_names_what_carries_bytes(asked: tuple[str, ...]) -> None:
    told = run_anew(*asked).stdout
    for name in ("makeready ", "uvloop ", "uvicorn ", "httptools ", "httpx ", "aiohttp "):
        assert name in told
    assert "in Python" not in told


def test_the_version_alone_is_one_line() -> None:
    [line] = run_anew("--version").stdout.splitlines()
    assert line.startswith("makeready ")


def test_a_library_that_is_not_compiled_is_told() -> None:
    assert "in Python" in run_anew("--version", "-v", env=NOTHING_COMPILED).stdout


def test_a_server_says_what_it_runs_on(tmp_path: Path) -> None:
    with running("serve", "--port", "0", db=tmp_path / "makeready.db", env={}) as server:
        assert server.prints('"event": "runs on"')


def test_a_server_warns_of_what_is_slow(tmp_path: Path) -> None:
    with running("serve", "--port", "0", db=tmp_path / "makeready.db", env=NOTHING_COMPILED) as server:
        assert server.prints("runs on what is slow")
