"""What the loop's own thread does of the store's work, and what it leaves to others so that nobody waits for it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from makeready.plugins import load_tables
from makeready.storage import checkpointer
from makeready.storage.database import Database
from makeready.storage.writer import LONG_CHANGE_S
from pysqlite3 import dbapi2 as sqlite3
from sqlite_utils import Database as Sqlite

MANY_STEPS = (
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000) select count(*) from n"
)
SOON_S = 30


@pytest.fixture
async def database(tmp_path: Path):
    opened = Database(tmp_path / "test.db", load_tables())
    await opened.write(lambda db: db.execute("create table notes (id integer primary key, text text)"))
    yield opened
    opened.close()


@asynccontextmanager
async def ticks() -> AsyncIterator[list[float]]:
    """How often the loop comes by meanwhile."""
    seen: list[float] = []

    async def tick() -> None:
        while True:
            seen.append(0)
            await asyncio.sleep(0.001)

    ticking = asyncio.create_task(tick())
    yield seen
    ticking.cancel()


def note(text: str) -> Callable[[Sqlite], object]:
    return lambda db: db.execute("insert into notes (text) values (?)", [text])


def thread_of(db: Sqlite) -> str:
    return threading.current_thread().name


async def test_a_read_by_key_is_answered_on_the_loop_s_thread_and_a_long_one_beside_it(
    database: Database,
) -> None:
    assert await database.read(thread_of) == threading.current_thread().name
    async with ticks() as seen:
        count, thread = await database.read(lambda db: (db.execute(MANY_STEPS).fetchone()[0], thread_of(db)))
    assert count == 3_000_000
    assert thread.startswith("store-reader")
    assert len(seen) > 3


async def test_reads_in_a_row_let_others_run(database: Database) -> None:
    async with ticks() as seen:
        for _ in range(30_000):
            await database.read(lambda db: db.execute("select count(*) from notes").fetchone())
    assert len(seen) > 3


async def test_a_change_that_took_long_runs_beside_the_loop_the_next_time(database: Database) -> None:
    def long(db: Sqlite) -> str:
        db.execute(MANY_STEPS).fetchone()
        return thread_of(db)

    first = await database.write(long)
    async with ticks() as seen:
        second = await database.write(long)
    assert (first, second) == (threading.current_thread().name, "store-writer")
    assert len(seen) > 3 and LONG_CHANGE_S < 1


async def test_a_file_that_another_process_has_does_not_keep_the_loop(database: Database) -> None:
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("begin immediate")
    writing = asyncio.create_task(
        database.write(lambda db: db.execute("insert into notes (text) values ('one')"))
    )
    async with ticks() as seen, asyncio.timeout(SOON_S):
        while len(seen) < 20:
            await asyncio.sleep(0.001)
    assert not writing.done()
    other.execute("rollback")
    async with asyncio.timeout(SOON_S):
        await writing
    other.close()


@pytest.mark.parametrize("when", ["before it is begun", "while it is on its way"])
def test_what_waits_of_a_loop_that_has_ended_is_done_and_others_go_on(tmp_path: Path, when: str) -> None:
    database = Database(tmp_path / "test.db", load_tables())
    left: list[asyncio.Task[None]] = []

    async def leave() -> None:
        await database.write(lambda db: db.execute("create table notes (text text)"))
        write = database.write(lambda db: db.execute("insert into notes values ('left')"))
        left.append(asyncio.create_task(write))
        await asyncio.sleep(0)
        if when == "before it is begun":
            asyncio.get_running_loop().stop()
            await asyncio.Event().wait()

    async def come() -> list[tuple[str]]:
        async with asyncio.timeout(SOON_S):
            await database.write(lambda db: db.execute("insert into notes values ('came')"))
        return await database.read(lambda db: db.execute("select text from notes").fetchall())

    loop = asyncio.new_event_loop()
    leaving = loop.create_task(leave())
    with suppress(RuntimeError):  # it was stopped
        loop.run_until_complete(leaving)
    loop.close()
    assert asyncio.run(come()) == [("left",), ("came",)]
    database.close()
    for one in (*left, leaving):
        one._log_destroy_pending = False  # type: ignore[attr-defined]


async def test_everybody_s_commits_change_the_version(database: Database) -> None:
    before = database.version()
    assert database.version() == before
    await database.write(lambda db: db.execute("insert into notes (text) values ('ours')"))
    ours = database.version()
    with sqlite3.connect(database.path) as other:
        other.execute("insert into notes (text) values ('theirs')")
    other.close()
    assert len({before, ours, database.version()}) == 3


async def test_the_journal_is_written_into_the_file_beside_the_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpointer, "EVERY_S", 0.005)
    database = Database(tmp_path / "test.db", load_tables())
    await database.write(lambda db: db.execute("create table notes (text text)"))
    before = database.path.stat().st_size
    await asyncio.gather(*(database.write(note("x" * 4000)) for _ in range(50)))
    async with asyncio.timeout(SOON_S):
        while database.path.stat().st_size < before + 200_000:
            await asyncio.sleep(0.01)
    database.close()


async def test_a_journal_that_never_is_all_in_the_file_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpointer, "EVERY_S", 0.005)
    monkeypatch.setattr(checkpointer, "MOST_PAGES", 50)
    database = Database(tmp_path / "test.db", load_tables())
    await database.write(lambda db: db.execute("create table notes (text text)"))
    reader = sqlite3.connect(database.path, isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from notes").fetchone()  # what comes now has to stay in the journal
    await asyncio.gather(*(database.write(note("x" * 4000)) for _ in range(300)))
    async with asyncio.timeout(SOON_S):
        while not database.begins_journal_anew:
            await asyncio.sleep(0.01)
    monkeypatch.setattr(checkpointer, "EVERY_S", 3600.0)
    await database.write(note("the reader is there still"))
    reader.execute("commit")
    await database.write(note("the last one in it"))
    await database.write(note("the first one in the next"))
    [_, pages, _] = reader.execute("pragma wal_checkpoint(passive)").fetchone()
    assert pages < 50
    reader.close()
    database.close()
