"""The engine while its store fails, and while another has taken its work."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest
import queued
from makeready.engine.lease import Keeping, LeaseLost
from makeready.engine.model import NewWork, Work, WorkType
from makeready.engine.retry import Retry
from makeready.engine.trouble import Trouble, pause_s
from makeready.engine.worker import Engine, keep_running
from makeready.stores import Store
from pretend import Clock
from pysqlite3 import dbapi2 as sqlite3  # the same library: locks of another are not seen within a process

SOON_S = 20


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Store]:
    """A store that does not wait for a lock."""
    opened = Store.open(tmp_path / "hasty.db", busy_ms=1)
    yield opened
    opened.close()


@pytest.fixture
def other(tmp_path: Path, hasty: Store) -> Iterator[sqlite3.Connection]:
    """Another process's connection to the same file."""
    connection = sqlite3.connect(tmp_path / "hasty.db", isolation_level=None)
    yield connection
    connection.close()


def work(key: str) -> NewWork:
    return NewWork(subscriber="a", kind="fetch-order", key=key, due_at=0)


async def until_it_is_told(engine: Engine) -> None:
    while not engine.trouble:
        await asyncio.sleep(0.01)


class Doer:
    """Does each work when it is let; remembers which it began."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def __call__(
        self, installation: None, subscriber: str, works: Sequence[Work]
    ) -> Mapping[int, Retry]:
        self.began += [one.key for one in works]
        self.begun.set()
        await self.go.wait()
        return {}


async def test_what_was_done_while_the_file_was_locked_is_noted_when_it_is_free_and_not_done_twice(
    hasty: Store, other: sqlite3.Connection
) -> None:
    doer, stop = Doer(), asyncio.Event()
    engine = Engine(hasty.work, [WorkType(kind="fetch-order", run=doer)], None)
    await hasty.work.add([work("1")])
    running = asyncio.create_task(engine.run(stop))
    async with asyncio.timeout(SOON_S):
        await doer.begun.wait()
        other.execute("begin immediate")
        doer.go.set()
        await until_it_is_told(engine)
        assert "locked" in engine.trouble
        other.execute("rollback")
        while await hasty.work.waiting("a", "fetch-order") or engine.trouble:
            await asyncio.sleep(0.01)
        stop.set()
        await running
    assert doer.began == ["1"]


async def test_work_that_waits_while_the_file_is_locked_is_done_when_it_is_free(
    hasty: Store, other: sqlite3.Connection
) -> None:
    doer, stop = Doer(), asyncio.Event()
    doer.go.set()
    engine = Engine(hasty.work, [WorkType(kind="fetch-order", run=doer)], None)
    assert engine.trouble == "the engine does not run"
    await hasty.work.add([work("1"), work("2")])
    other.execute("begin immediate")
    running = asyncio.create_task(engine.run(stop))
    async with asyncio.timeout(SOON_S):
        await asyncio.sleep(0)
        await until_it_is_told(engine)
        other.execute("rollback")
        while await hasty.work.waiting("a", "fetch-order") or engine.trouble:
            await asyncio.sleep(0.01)
        stop.set()
        await running
    assert doer.began == ["1", "2"]


async def test_work_whose_lease_ran_out_in_its_own_process_is_not_begun_again_beside_itself(
    store: Store, clock: Clock
) -> None:
    doer = Doer()
    engine = Engine(store.work, [WorkType(kind="fetch-order", run=doer)], None, clock=clock)
    await store.work.add([work("1")])
    first = asyncio.create_task(engine.run_due())
    await doer.begun.wait()
    clock.now += 1000
    second = asyncio.create_task(engine.run_due())
    while await store.work.next_due(["fetch-order"]) != clock.now + 10:
        await asyncio.sleep(0.01)
    doer.go.set()
    await asyncio.gather(first, second)
    assert doer.began == ["1"]


async def test_work_that_another_process_has_taken_ends_here(store: Store, clock: Clock) -> None:
    await store.work.add([work("1")])
    claim = partial(queued.claim, store.work, lease_s=10, limit=1)
    mine = await claim(now=clock(), owner="me")
    renew = partial(store.work.renew, mine, owner="me", until=clock() + 10)
    with pytest.raises(LeaseLost):
        async with asyncio.timeout(SOON_S), Keeping(renew, Trouble(), every_s=0.01):
            await claim(now=clock() + 11, owner="another")
            await asyncio.Event().wait()


async def test_work_goes_on_while_it_is_not_known_whose_it_is(
    hasty: Store, other: sqlite3.Connection, clock: Clock
) -> None:
    await hasty.work.add([work("1")])
    mine = await queued.claim(hasty.work, now=clock(), owner="me", lease_s=10, limit=1)
    renew = partial(hasty.work.renew, mine, owner="me", until=clock() + 10)
    trouble = Trouble()
    async with asyncio.timeout(SOON_S), Keeping(renew, trouble, every_s=0.01, again_s=0.01):
        other.execute("begin immediate")
        while not trouble.text:
            await asyncio.sleep(0.01)
        other.execute("rollback")


async def test_an_engine_that_ends_by_a_defect_begins_again() -> None:
    class Fragile:
        def __init__(self) -> None:
            self.runs = 0

        async def run(self, stop: asyncio.Event) -> None:
            self.runs += 1
            if self.runs < 3:
                raise ZeroDivisionError
            stop.set()

    engine = Fragile()
    async with asyncio.timeout(SOON_S):
        await keep_running(engine, asyncio.Event())
    assert engine.runs == 3


def test_pauses_grow_and_stay_short() -> None:
    assert [pause_s(tries) for tries in (1, 2, 3, 100)] == [0.5, 1, 2, 10]
