"""One SQLite file: one thread that writes and commits in groups, readers beside it.

Many tasks wait for a commit at the same time; one commit to the disk serves them all. Each change
runs in a savepoint of its own, so that one that fails takes nothing of the others with it.
"""

import asyncio
import contextlib
import queue
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.clock_steps import ClockWatch
from makeready.storage.clocks import Clocks, of_this_machine
from makeready.storage.contents import learn_plain
from makeready.storage.errors import StateFileError, named, not_opened
from makeready.storage.migrate import bring_up_to_date
from makeready.storage.types import learn_types

T = TypeVar("T")
Condition = Callable[[Sqlite], bool]
"""What has to hold in one room's tables, asked inside another's transaction."""
TransactionStep = Callable[[Sqlite], None]
"""What one room's store adds to another's transaction: it changes its own tables, or raises to stop the whole."""
MAX_GROUP = 256
LEAST_FREE_BYTES = 16_000_000
JOURNAL_BYTES = 16_000_000
"""A journal that grew beyond this while somebody read for long is cut back to it once it has been written into the file."""
BUSY_MS = 15_000  # another process (a command beside the server) may be writing

_Job = tuple[Callable[[Sqlite], Any], "Future[Any]"]


class Storage(Protocol):
    """What the store's parts need of a database."""

    async def write(self, change: Callable[[Sqlite], T]) -> T: ...
    async def read(self, query: Callable[[Sqlite], T]) -> T: ...
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
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        learn_types()
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="store-reader")
        self._local = threading.local()
        self._read_connections: list[Sqlite] = []
        ready: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._write_loop, args=(ready,), name="store-writer", daemon=True
        )
        self._thread.start()
        ready.result()

    async def write(self, change: Callable[[Sqlite], T]) -> T:
        """Run ``change`` in a transaction and return its result once it is on the disk.

        Raises StateFileError if the file does not take it.
        """
        future: Future[T] = Future()
        self._jobs.put((change, future))
        return await asyncio.wrap_future(future)

    async def read(self, query: Callable[[Sqlite], T]) -> T:
        """Run ``query`` on a connection that cannot write; it sees the last commit.

        Raises StateFileError if the file cannot be read.
        """
        if self._watch.has_moved():
            with contextlib.suppress(StateFileError):  # then nothing that waits can be begun either
                await self.write(lambda db: None)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self._ask(query))

    def check_room(self) -> None:
        """Raises StateFileError while the disk is nearly full: what is still free is for work that is under way."""
        with contextlib.suppress(OSError):  # told by the next change
            free = shutil.disk_usage(self.path.parent).free
            if free < LEAST_FREE_BYTES:
                raise StateFileError(
                    f"the disk of {self.path} is nearly full: {free // 1_000_000} MB are free"
                )

    def close(self) -> None:
        """Finish what is queued, then release the file. Safe to call twice."""
        self._jobs.put(None)
        self._thread.join()
        self._readers.shutdown()
        for connection in self._read_connections:
            connection.close()
        self._read_connections.clear()

    def _ask(self, query: Callable[[Sqlite], T]) -> T:
        try:
            return query(self._reader())
        except (sqlite.Error, OSError) as exc:
            if (failed := named(exc)) is exc:
                raise
            raise failed from exc

    def _reader(self) -> Sqlite:
        reader: Sqlite | None = getattr(self._local, "db", None)
        if reader is None:
            reader = self._local.db = _open(self.path, self._busy_ms)
            reader.conn.execute("pragma query_only = on")
            self._read_connections.append(reader)
        return reader

    def _write_loop(self, ready: "Future[None]") -> None:
        try:
            db = _open(self.path, self._busy_ms)
            _prepare(db, self._migrations)
            self._watch.recall(db)
            self._place = _place(self.path)
        except Exception as exc:  # noqa: BLE001 - handed to whoever opens it
            ready.set_exception(
                not_opened(self.path, exc) if isinstance(exc, sqlite.Error | OSError) else exc
            )
            return
        ready.set_result(None)
        while (group := self._next_group()) is not None:
            self._commit_group(db, [job for job in group if job[1].set_running_or_notify_cancel()])
        db.close()

    def _next_group(self) -> list[_Job] | None:
        """Wait for a job and take along those that wait behind it; None at the end."""
        first = self._jobs.get()
        if first is None:
            return None
        group = [first]
        while len(group) < MAX_GROUP:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            group.append(job)
        return group

    def _check_place(self) -> None:
        """What is written to a file that was deleted or replaced under us would be lost."""
        with contextlib.suppress(FileNotFoundError):
            if _place(self.path) == self._place:
                return
        raise StateFileError(
            f"{self.path} was deleted or replaced while it was in use. Put the right file at its place and start all "
            "processes again"
        )

    def _commit_group(self, db: Sqlite, group: list[_Job]) -> None:
        """All or none of them reach the disk. Whatever goes wrong is told to who waits, and the thread goes on."""
        outcomes: list[tuple[Future[Any], Any, Exception | None]] = []
        try:
            self._check_place()
            db.conn.execute("begin immediate")
            ahead = self._watch.settle(db)
            for change, future in group:
                outcomes.append((future, *_run_one(db, change)))
            db.conn.execute("commit")
        except Exception as exc:  # noqa: BLE001 - handed to the tasks that asked for the changes
            _roll_back(db)
            for _, future in group:
                future.set_exception(named(exc))
            return
        self._watch.settled(ahead)
        for future, result, error in outcomes:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(named(error))


def _place(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def safe_for_two_processes() -> bool:
    """Whether this SQLite has the fix for the WAL-reset bug (3.51.3)."""
    return tuple(sqlite.sqlite_version_info) >= (3, 51, 3)


def _open(path: Path, busy_ms: int) -> Sqlite:
    connection = sqlite.connect(str(path), isolation_level=None, check_same_thread=False)
    connection.execute(f"pragma busy_timeout = {busy_ms}")
    learn_plain(connection)
    return Sqlite(connection)


def _prepare(db: Sqlite, migrations: Sequence[Migrations]) -> None:
    db.conn.execute("pragma journal_mode = wal")
    db.conn.execute("pragma synchronous = full")
    db.conn.execute(f"pragma journal_size_limit = {JOURNAL_BYTES}")
    db.conn.execute("pragma foreign_keys = on")
    bring_up_to_date(db, migrations)


def _roll_back(db: Sqlite) -> None:
    """As far as a file that has just failed lets us; SQLite itself drops what was begun and not committed."""
    with contextlib.suppress(sqlite.Error):
        if db.conn.in_transaction:
            db.conn.execute("rollback")


def _run_one(db: Sqlite, change: Callable[[Sqlite], Any]) -> tuple[Any, Exception | None]:
    """Its result, or its error. Raises where SQLite has dropped the whole group, as it does on a full disk."""
    db.conn.execute("savepoint one")
    try:
        result = change(db)
    except Exception as exc:  # handed to the task that asked for the change
        if not db.conn.in_transaction:
            raise
        db.conn.execute("rollback to one")
        db.conn.execute("release one")
        return None, exc
    db.conn.execute("release one")
    return result, None
