import asyncio
from pathlib import Path

import pytest
from makeready.plugins import load_tables
from makeready.storage.database import Database
from makeready.storage.errors import StateFileError
from pysqlite3 import dbapi2 as sqlite3  # the same library: locks of another are not seen within a process
from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations


@pytest.fixture
async def database(tmp_path: Path):
    opened = Database(tmp_path / "test.db", load_tables())
    await opened.write(
        lambda db: db.execute("create table notes (id integer primary key, text text not null)")
    )
    yield opened
    opened.close()


def add(text: str | None):
    return lambda db: db.execute("insert into notes (text) values (?)", [text])


def texts(db: Sqlite) -> list[str]:
    return [row["text"] for row in db.query("select text from notes order by id")]


def test_what_goes_wrong_while_it_is_opened_reaches_whoever_opens_it(tmp_path: Path) -> None:
    broken = Migrations("broken")

    @broken()
    def m001_wrong(db: Sqlite) -> None:
        raise LookupError("a defect of ours")

    with pytest.raises(LookupError, match="a defect of ours"):
        Database(tmp_path / "test.db", [broken])


async def test_a_write_is_seen_by_the_next_read(database: Database) -> None:
    await database.write(add("one"))
    assert await database.read(texts) == ["one"]


async def test_a_write_that_fails_takes_nothing_of_its_neighbours_with_it(database: Database) -> None:
    writes = [database.write(add(text)) for text in ("one", None, "three")]
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert isinstance(results[1], Exception)
    assert await database.read(texts) == ["one", "three"]


def half(db: Sqlite) -> None:
    db.execute("insert into notes (text) values ('lost')")
    raise LookupError


@pytest.mark.parametrize("changes", [[half], [half, half, add("kept")], [add("kept"), half, half]])
async def test_half_a_change_is_no_change(database: Database, changes: list) -> None:
    """The first of a group is undone in another way than those that come after it."""
    done = await asyncio.gather(*(database.write(one) for one in changes), return_exceptions=True)
    assert [type(one) is LookupError for one in done] == [one is half for one in changes]
    assert await database.read(texts) == ["kept"] * (len(changes) - 2 if len(changes) > 1 else 0)


async def test_one_that_fails_has_its_own_error_though_another_process_takes_the_file_then(
    database: Database,
) -> None:
    other = sqlite3.connect(database.path, isolation_level=None, timeout=0)

    def half_before_another(db: Sqlite) -> None:
        def takes_it(sql: str) -> None:
            if sql == "begin immediate":
                db.conn.set_trace_callback(None)
                other.execute(sql)

        db.conn.set_trace_callback(takes_it)
        half(db)

    failed = asyncio.create_task(database.write(half_before_another))
    waits = asyncio.create_task(database.write(add("kept")))
    with pytest.raises(LookupError):
        await failed
    assert other.in_transaction
    other.execute("commit")
    other.close()
    await waits
    assert await database.read(texts) == ["kept"]


async def test_many_writers_are_all_kept(database: Database) -> None:
    await asyncio.gather(*(database.write(add(str(number))) for number in range(300)))
    assert sorted(map(int, await database.read(texts))) == list(range(300))


async def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match="readonly"):
        await database.read(add("no"))


async def test_what_was_acknowledged_is_there_after_another_process_opens_the_file(
    database: Database,
) -> None:
    await database.write(add("kept"))
    with sqlite3.connect(database.path) as other:
        assert other.execute("select text from notes").fetchall() == [("kept",)]
    other.close()


async def test_an_acknowledged_write_is_synchronised_to_the_disk(database: Database) -> None:
    settings = await database.write(
        lambda db: (
            db.execute("pragma synchronous").fetchone()[0],
            db.execute("pragma journal_mode").fetchone()[0],
        )
    )
    assert settings == (2, "wal")


async def test_a_change_that_is_given_up_while_it_waits_does_not_end_the_others(database: Database) -> None:
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("begin immediate")
    first = asyncio.create_task(database.write(add("first")))
    await asyncio.sleep(0)
    given_up = asyncio.create_task(database.write(add("given up")))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    other.close()
    async with asyncio.timeout(10):
        await first
        await database.write(add("after"))
    assert await database.read(texts) == ["first", "after"]


async def test_a_file_that_is_locked_too_long_is_an_error_of_the_file_and_heals(tmp_path: Path) -> None:
    opened = Database(tmp_path / "test.db", load_tables(), busy_ms=10)
    await opened.write(lambda db: db.execute("create table notes (id integer primary key, text text)"))
    other = sqlite3.connect(opened.path, isolation_level=None)
    other.execute("begin immediate")
    for _ in range(2):
        with pytest.raises(StateFileError, match="locked"):
            await opened.write(add("too early"))
    other.close()
    await opened.write(add("one"))
    assert await opened.read(texts) == ["one"]
    opened.close()


async def test_a_file_that_may_not_grow_takes_nothing_and_heals(database: Database) -> None:
    [pages] = await database.write(lambda db: db.execute("pragma page_count").fetchone())
    await database.write(lambda db: db.execute(f"pragma max_page_count = {pages}"))
    results = await asyncio.gather(
        *(database.write(add("x" * 100_000)) for _ in range(3)), return_exceptions=True
    )
    assert [type(one) for one in results] == [StateFileError] * 3
    await database.write(lambda db: db.execute("pragma max_page_count = 1000000"))
    await database.write(add("one"))
    assert await database.read(texts) == ["one"]


def test_a_path_that_cannot_be_used_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        Database(tmp_path / "nowhere" / "test.db", load_tables())


def test_closing_twice_does_no_harm(tmp_path: Path) -> None:
    opened = Database(tmp_path / "test.db", load_tables())
    opened.close()
    opened.close()
