"""One SQLite file: one connection that writes and commits in groups, readers beside it.

Many tasks wait for a commit at the same time; one commit to the disk serves them all. Each change
runs in a savepoint of its own, so that one that fails takes nothing of the others with it.
"""

import asyncio
import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.checkpointer import Checkpointer
from makeready.storage.clock_steps import ClockWatch
from makeready.storage.clocks import Clocks, of_this_machine
from makeready.storage.contents import learn_plain
from makeready.storage.errors import StateFileError, named
from makeready.storage.migrate import bring_up_to_date
from makeready.storage.quick import QuickReads, TooLong
from makeready.storage.types import learn_types
from makeready.storage.writer import Writer

T = TypeVar("T")
Condition = Callable[[Sqlite], bool]
"""What has to hold in one room's tables, asked inside another's transaction."""
TransactionStep = Callable[[Sqlite], None]
"""What one room's store adds to another's transaction: it changes its own tables, or raises to stop the whole."""
LEAST_FREE_BYTES = 16_000_000
LOOK_AT_DISK_S = 0.1
JOURNAL_BYTES = 16_000_000
"""A journal that grew beyond this while somebody read for long is cut back to it once it has been written into the file."""
MOST_STATEMENTS = 500
"""That are kept as SQLite has read them: to read one takes longer than to run it."""
BUSY_MS = 15_000  # another process (a command beside the server) may be writing


class Storage(Protocol):
    """What the store's parts need of a database."""

    async def write(self, change: Callable[[Sqlite], T]) -> T: ...
    async def read(self, query: Callable[[Sqlite], T]) -> T: ...
    def version(self) -> int: ...
    def check_room(self) -> None: ...
    def close(self) -> None: ...


class Database:
    """The state file. Create one per process; `close` it to release the file."""

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Migrations],
        *,
        busy_ms: int = BUSY_MS,
        clocks: Clocks | None = None,
    ) -> None:
        """Open or create the file and bring its tables up to date, one set of migrations after the
        other. ``busy_ms``: how long a change waits for the
        other processes'. ``clocks``: those of this machine if none are given.

        Raises:
            OSError: the file cannot be opened or created.
        """
        self.path = path
        self._migrations = migrations
        self._busy_ms = busy_ms
        self._watch = ClockWatch(clocks or of_this_machine())
        self._free, self._look_at_disk_at = LEAST_FREE_BYTES, 0.0
        learn_types()
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="store-reader")
        self._quick = QuickReads(lambda: _open_to_read(path, busy_ms=0))
        self._local = threading.local()
        self._read_connections: list[Sqlite] = []
        self._writer = Writer(path, self._connect, self._watch, busy_s=busy_ms / 1000)
        connect = partial(_open, path, busy_ms)
        writes_beside = safe_for_two_processes()  # two connections that write, as two processes are
        self._checkpointer = Checkpointer(connect, self._writer) if writes_beside else None

    async def write(self, change: Callable[[Sqlite], T]) -> T:
        """Run ``change`` in a transaction and return its result once it is on the disk.

        Raises StateFileError if the file does not take it.
        """
        result: T = await self._writer.write(change)
        return result

    async def read(self, query: Callable[[Sqlite], T]) -> T:
        """Run ``query`` on a connection that cannot write; it sees the last commit. One that takes long is
        begun again beside the loop.

        Raises StateFileError if the file cannot be read.
        """
        if self._watch.has_moved():
            with contextlib.suppress(StateFileError):  # then nothing that waits can be begun either
                await self.write(lambda db: None)
        await self._quick.let_others_run()
        try:
            return _asked(self._quick.ask, query)
        except TooLong:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._readers, _asked, lambda one: one(self._reader()), query)

    def version(self) -> int:
        """Changes with every commit, of this process and of others; it costs microseconds to ask. 0 if it cannot be told."""
        try:
            return self._quick.version()
        except sqlite.Error:
            return 0

    @property
    def begins_journal_anew(self) -> bool:
        """Whether the journal has grown so much that the next changes wait until it is in the file."""
        return self._writer.begins_journal_anew

    def check_room(self) -> None:
        """Raises StateFileError while the disk is nearly full: what is still free is for work that is under way."""
        if (now := time.monotonic()) >= self._look_at_disk_at:
            with contextlib.suppress(OSError):  # told by the next change
                self._free = shutil.disk_usage(self.path.parent).free
            self._look_at_disk_at = now + LOOK_AT_DISK_S
        if self._free < LEAST_FREE_BYTES:
            raise StateFileError(
                f"the disk of {self.path} is nearly full: {self._free // 1_000_000} MB are free"
            )

    def close(self) -> None:
        """Finish what is queued, then release the file. Safe to call twice."""
        if self._checkpointer:
            self._checkpointer.close()
        self._writer.close()
        self._readers.shutdown()
        for connection in self._read_connections:
            connection.close()
        self._read_connections.clear()
        self._quick.close()

    def _reader(self) -> Sqlite:
        reader: Sqlite | None = getattr(self._local, "db", None)
        if reader is None:
            reader = self._local.db = _open_to_read(self.path, self._busy_ms)
            self._read_connections.append(reader)
        return reader

    def _connect(self) -> Sqlite:
        db = _open(self.path, self._busy_ms)
        _prepare(db, self._migrations)
        db.conn.execute("pragma busy_timeout = 0")  # it waits in its own way
        if safe_for_two_processes():
            db.conn.execute("pragma wal_autocheckpoint = 0")  # see `Checkpointer`
        return db


def _asked(ask: Callable[[Callable[[Sqlite], T]], T], query: Callable[[Sqlite], T]) -> T:
    try:
        return ask(query)
    except (sqlite.Error, OSError) as exc:
        if (failed := named(exc)) is exc:
            raise
        raise failed from exc


def safe_for_two_processes() -> bool:
    """Whether this SQLite has the fix for the WAL-reset bug (3.51.3)."""
    return tuple(sqlite.sqlite_version_info) >= (3, 51, 3)


def _open(path: Path, busy_ms: int) -> Sqlite:
    options: Any = {"check_same_thread": False, "cached_statements": MOST_STATEMENTS}
    connection = sqlite.connect(str(path), isolation_level=None, **options)
    connection.execute(f"pragma busy_timeout = {busy_ms}")
    learn_plain(connection)
    return Sqlite(connection)


def _open_to_read(path: Path, busy_ms: int) -> Sqlite:
    reader = _open(path, busy_ms)
    reader.conn.execute("pragma query_only = on")
    return reader


def _prepare(db: Sqlite, migrations: Sequence[Migrations]) -> None:
    db.conn.execute("pragma journal_mode = wal")
    db.conn.execute("pragma synchronous = full")
    db.conn.execute(f"pragma journal_size_limit = {JOURNAL_BYTES}")
    db.conn.execute("pragma foreign_keys = on")
    bring_up_to_date(db, migrations)
