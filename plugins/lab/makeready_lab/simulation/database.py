"""A state store in memory that can die with its process, and copies of state files."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

from makeready.plugins import load_tables
from makeready.storage.clock_steps import ClockWatch
from makeready.storage.clocks import UNWITNESSED, Clocks
from makeready.storage.contents import learn_plain
from makeready.storage.errors import StateFileError
from makeready.storage.migrate import bring_up_to_date
from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite

from makeready_lab.simulation.faults import Fate
from makeready_lab.simulation.weather import STATE_FAILS, Weather

T = TypeVar("T")


class MortalDatabase:
    """A `makeready.storage.database.Storage`. What was committed stays; what was not is gone."""

    def __init__(self, fate: Fate, clocks: Clocks = UNWITNESSED, *, weather: Weather | None = None) -> None:
        self._fate = fate
        self._weather = weather
        self._db = open_memory()
        self._backup: Sqlite | None = None
        self.open(clocks)

    def open(self, clocks: Clocks) -> None:
        """As a process does that has just started."""
        self._watch = ClockWatch(clocks)
        self._watch.recall(self._db)

    async def write(self, change: Callable[[Sqlite], T]) -> T:
        await self._until_it_takes_changes()
        self._fate.maybe_crash("crash_before_commit")
        result = self._commit(change)
        self._fate.maybe_crash("crash_after_commit")
        return result

    async def read(self, query: Callable[[Sqlite], T]) -> T:
        if self._watch.has_moved() and not self._trouble():
            self._commit(lambda db: None)
        return query(self._db)

    def _trouble(self) -> str:
        return self._weather.state_trouble() if self._weather else ""

    async def _until_it_takes_changes(self) -> None:
        """Raises StateFileError if it does not in time."""
        if trouble := self._trouble():
            await asyncio.sleep(STATE_FAILS[trouble])
        if trouble := self._trouble():
            raise StateFileError(f"the state file fails: {trouble}")

    def _commit(self, change: Callable[[Sqlite], T]) -> T:
        with self._db.atomic():
            ahead = self._watch.settle(self._db)
            result = change(self._db)
        self._watch.settled(ahead)
        if self._fate.odds.backup and self._fate.happens("backup"):
            self._keep()
        return result

    def _keep(self) -> None:
        self._backup = self._backup or Sqlite(_empty())
        self._db.conn.backup(self._backup.conn)

    def put_back(self) -> bool:
        """The last backup stands in the place of the state. False if none was made."""
        if self._backup is None:
            return False
        self._backup.conn.backup(self._db.conn)
        return True

    def lose(self) -> None:
        """An empty state stands in its place."""
        new = open_memory()
        new.conn.backup(self._db.conn)
        new.close()

    def version(self) -> int:
        return self._db.conn.total_changes

    def check_room(self) -> None:
        """There is always some, or no change is taken at all."""

    def close(self) -> None:
        self._db.close()
        if self._backup is not None:
            self._backup.close()


def _empty() -> sqlite.Connection:
    return sqlite.connect(":memory:", isolation_level=None)


def open_memory() -> Sqlite:
    """With all tables, empty."""
    db = Sqlite(_empty())
    _with_tables().conn.backup(db.conn)
    db.conn.execute("pragma foreign_keys = on")
    learn_plain(db.conn)
    return db


@cache
def _with_tables() -> Sqlite:
    """To be copied: a simulation opens hundreds."""
    db = Sqlite(_empty())
    bring_up_to_date(db, load_tables())
    return db


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Nobody else changes the state file meanwhile."""
    with closing(sqlite.connect(path, isolation_level=None, timeout=60)) as db:
        db.execute("begin immediate")
        yield
        db.execute("rollback")


def copy_state(source: Path, target: Path) -> None:
    """As the documentation says: a copy that SQLite makes, while everything runs."""
    with closing(sqlite.connect(source)) as read, closing(sqlite.connect(target)) as written:
        read.backup(written)
