"""One SQLite file: one thread that writes and commits in groups, readers beside it.

Many tasks wait for a commit at the same time; one commit to the disk serves them all. Each change
runs in a savepoint of its own, so that one that fails takes nothing of the others with it.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite

from makeready.store.schema import migrations

T = TypeVar("T")
MAX_GROUP = 256
BUSY_MS = 15_000  # another process (a command beside the server) may be writing

_Job = tuple[Callable[[Sqlite], Any], "Future[Any]"]


class Storage(Protocol):
    """What the store's parts need of a database."""

    async def write(self, change: Callable[[Sqlite], T]) -> T: ...
    async def read(self, query: Callable[[Sqlite], T]) -> T: ...
    def close(self) -> None: ...


class Database:
    """The state file. Create one per process; `close` it to release the file."""

    def __init__(self, path: Path) -> None:
        """Open or create the file and bring its schema up to date.

        Raises:
            OSError: the file cannot be opened or created.
        """
        self.path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
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
        """Run ``change`` in a transaction and return its result once it is on the disk."""
        future: Future[T] = Future()
        self._jobs.put((change, future))
        return await asyncio.wrap_future(future)

    async def read(self, query: Callable[[Sqlite], T]) -> T:
        """Run ``query`` on a connection that cannot write; it sees the last commit."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: query(self._reader()))

    def close(self) -> None:
        """Finish what is queued, then release the file. Safe to call twice."""
        self._jobs.put(None)
        self._thread.join()
        self._readers.shutdown()
        for connection in self._read_connections:
            connection.close()
        self._read_connections.clear()

    def _reader(self) -> Sqlite:
        reader: Sqlite | None = getattr(self._local, "db", None)
        if reader is None:
            reader = self._local.db = _open(self.path)
            reader.conn.execute("pragma query_only = on")
            self._read_connections.append(reader)
        return reader

    def _write_loop(self, ready: "Future[None]") -> None:
        try:
            db = _open(self.path)
            _prepare(db)
        except (sqlite.Error, OSError) as exc:
            ready.set_exception(OSError(f"the state file {self.path} cannot be opened: {exc}"))
            return
        ready.set_result(None)
        while (group := self._next_group()) is not None:
            _commit_group(db, group)
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


def safe_for_two_processes() -> bool:
    """Whether this SQLite has the fix for the WAL-reset bug (3.51.3)."""
    return tuple(sqlite.sqlite_version_info) >= (3, 51, 3)


def _open(path: Path) -> Sqlite:
    connection = sqlite.connect(str(path), isolation_level=None, check_same_thread=False)
    connection.execute(f"pragma busy_timeout = {BUSY_MS}")
    return Sqlite(connection)


def _prepare(db: Sqlite) -> None:
    db.conn.execute("pragma journal_mode = wal")
    db.conn.execute("pragma synchronous = full")
    db.conn.execute("pragma foreign_keys = on")
    migrations.apply(db)


def _commit_group(db: Sqlite, group: list[_Job]) -> None:
    """One whose caller has given up before is left out; from then on nobody can: it gets its outcome."""
    group = [(change, future) for change, future in group if future.set_running_or_notify_cancel()]
    outcomes: list[tuple[Future[Any], Any, Exception | None]] = []
    try:
        db.conn.execute("begin immediate")
        for change, future in group:
            outcomes.append((future, *_run_one(db, change)))
        db.conn.execute("commit")
    except sqlite.Error as exc:
        if db.conn.in_transaction:
            db.conn.execute("rollback")
        for _, future in group:
            future.set_exception(exc)
        return
    for future, result, error in outcomes:
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)


def _run_one(db: Sqlite, change: Callable[[Sqlite], Any]) -> tuple[Any, Exception | None]:
    db.conn.execute("savepoint one")
    try:
        result = change(db)
    except Exception as exc:  # noqa: BLE001 - handed to the task that asked for the change
        db.conn.execute("rollback to one")
        db.conn.execute("release one")
        return None, exc
    db.conn.execute("release one")
    return result, None
