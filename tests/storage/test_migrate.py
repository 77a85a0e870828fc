"""Tables of a state file: all that is new comes at once, or not at all."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest
from makeready.plugins import load_tables
from makeready.storage.database import Database
from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations


def tables(path: Path) -> set[str]:
    with closing(sqlite.connect(str(path))) as db:
        return {name for (name,) in db.execute("select name from sqlite_master where type = 'table'")}


def broken() -> Migrations:
    made = Migrations("broken")

    @made(name="two_tables")
    def two_tables(db: Sqlite) -> None:
        db.execute("create table notes (id integer primary key)")
        db.execute("create table notes (id integer primary key)")

    return made


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    with pytest.raises(OSError, match="already exists"):
        Database(path, [*load_tables(), broken()])
    assert tables(path) == set()
    Database(path, load_tables()).close()
    before = tables(path)
    with pytest.raises(OSError, match="already exists"):
        Database(path, [*load_tables(), broken()])
    assert tables(path) == before


def test_a_file_that_is_up_to_date_opens_while_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    Database(path, load_tables()).close()
    with closing(sqlite.connect(str(path), isolation_level=None)) as other:
        other.execute("begin immediate")
        Database(path, load_tables(), busy_ms=10).close()


async def test_many_that_open_a_new_file_at_the_same_time_find_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    opened = await asyncio.gather(*(asyncio.to_thread(Database, path, load_tables()) for _ in range(8)))
    for one in opened:
        await one.write(lambda db: db.execute("select count(*) from work"))
        one.close()
