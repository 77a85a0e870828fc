"""Fixtures for tests of the core: a real store in a temporary folder, and a bench with pretend vendors."""

import gc
import os
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from itertools import chain
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from makeready.stores import Store
    from pretend import Bench, Clock, Mis, Shop


settings.register_profile("steady", deadline=None, print_blob=True)  # speed is measured elsewhere
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each process of `--dist worksteal` begins with files of long tests, so that none waits for another at the end. Two of
    four begin with those that mostly wait: meanwhile the others have the processors.
    """
    files: defaultdict[Path, list[pytest.Item]] = defaultdict(list)
    for item in items:
        files[item.path].append(item)
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    shares: list[list[pytest.Item]] = [[] for _ in range(count)]
    wait, compute = (shares[:2], shares[2:]) if count >= 4 else (shares, shares)
    begun: set[Path] = set()
    for marker, begin in (("waits", wait), ("long", compute)):
        marked = [path for path, of_file in files.items() if of_file[0].get_closest_marker(marker)]
        for turn, path in enumerate(path for path in marked if path not in begun):
            begin[turn % len(begin)] += files[path]
        begun.update(marked)
    for path, of_file in files.items():
        if path not in begun:
            min(shares, key=len).extend(of_file)
    items[:] = chain.from_iterable(shares)


def pytest_collection_finish() -> None:
    """Collections of garbage need not look through thousands of tests each time, nor come so often."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """What a command that a test runs in this process sets up is not the next test's log."""
    yield
    if structlog := sys.modules.get("structlog"):
        structlog.reset_defaults()


@pytest.fixture
def clock() -> "Clock":
    from pretend import Clock  # noqa: PLC0415 - connectors are also tested where the core is not installed

    return Clock()


@pytest.fixture(scope="session")
def empty_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state file with all tables, and a twin company of whatever numbers come. To be copied."""
    from twin import make_empty_state  # noqa: PLC0415 - as above

    return make_empty_state(tmp_path_factory.mktemp("empty") / "state.db")


@pytest.fixture
async def store(tmp_path: Path, empty_state: Path) -> "AsyncIterator[Store]":
    """With a twin company of the same numbers."""
    from makeready.stores import Store  # noqa: PLC0415 - as above
    from twin import unharmed  # noqa: PLC0415 - as above

    opened = Store.open(copyfile(empty_state, tmp_path / "test.db"))
    yield opened
    opened.close()
    unharmed(tmp_path / "test.db")


@pytest.fixture
def press() -> "Mis":
    """A second MIS of the bench's company, for a test that asks for it."""
    from pretend import Mis  # noqa: PLC0415 - as above

    return Mis()


@pytest.fixture
def market() -> "Shop":
    """A second shop of the bench's company, for a test that asks for it: its orders begin with ``market:``."""
    from pretend import Shop  # noqa: PLC0415 - as above

    return Shop()


@pytest.fixture
async def bench(
    tmp_path: Path, clock: "Clock", empty_state: Path, request: pytest.FixtureRequest
) -> "AsyncIterator[Bench]":
    """With a twin company of the same numbers."""
    from pretend import new_bench, plain_log  # noqa: PLC0415 - as above
    from twin import unharmed  # noqa: PLC0415 - as above

    plain_log()
    copyfile(empty_state, tmp_path / "test.db")
    press = request.getfixturevalue("press") if "press" in request.fixturenames else None
    market = request.getfixturevalue("market") if "market" in request.fixturenames else None
    made = new_bench(tmp_path, clock, press=press, market=market)
    await made.installation.store.subscribers.save([made.subscriber])
    yield made
    await made.installation.aclose()
    unharmed(tmp_path / "test.db")
