"""The witness tells of all that has left, whichever process writes it last."""

import fcntl
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from makeready.orders.life.model import BreakKind, Life
from makeready.orders.life.witness import WitnessFile


@pytest.fixture
def witness(tmp_path: Path) -> WitnessFile:
    state = tmp_path / "test.db"
    state.touch()
    return WitnessFile(state)


def life(departures: int, name: str = "first") -> Life:
    return Life(name=name, departures=departures)


def test_a_slower_process_takes_nothing_back(witness: WitnessFile) -> None:
    witness.write(life(6))
    witness.write(life(5))
    found = witness.finds(life(5))
    assert found is not None
    assert found[0] is BreakKind.RESTORED
    assert witness.finds(life(6)) is None


def test_a_new_life_begins_with_its_own_count(witness: WitnessFile) -> None:
    witness.write(life(6))
    witness.write(life(2, name="second"))
    assert witness.finds(life(2, name="second")) is None


@pytest.mark.parametrize("left", [b"", b"{", b"\xff" * 300, b'{"life": "first"}'])
def test_what_cannot_be_read_is_written_over(witness: WitnessFile, left: bytes) -> None:
    witness.path.write_bytes(left)
    witness.write(life(3))
    assert witness.finds(life(3)) is None


def test_those_who_write_at_the_same_time_take_turns(witness: WitnessFile) -> None:
    """Each opens the file by itself, as processes do."""
    with ThreadPoolExecutor(8) as threads:
        for last in range(100, 4000, 100):
            list(threads.map(witness.write, map(life, range(last, last - 8, -1))))
            found = witness.read()
            assert found is not None
            assert found.departures == last


def test_one_that_stands_still_in_its_turn_holds_up_nobody_for_long(witness: WitnessFile) -> None:
    witness.write(life(1))
    stopped = os.open(witness.path, os.O_RDWR)
    fcntl.flock(stopped, fcntl.LOCK_EX)
    started = time.monotonic()
    witness.write(life(2))
    os.close(stopped)
    assert time.monotonic() - started < 1
    found = witness.read()
    assert found is not None
    assert found.departures == 2
