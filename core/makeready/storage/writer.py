"""The one connection that writes: the loop runs the changes that wait, a thread takes them to the disk.

While one group of changes is on its way to the disk, the next gathers: one commit serves all of them. A change takes
microseconds and runs on the loop's thread, since two threads that take turns for every statement cost many times as much;
one that has taken long runs on the thread, and so does everything while another process has the file.
"""

import asyncio
import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple

from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite

from makeready.storage.clock_steps import ClockWatch
from makeready.storage.errors import StateFileError, named, not_opened

MAX_GROUP = 256
AT_A_STRETCH_S = 0.005
"""So long the changes of one group keep the loop; those that are left go with the next."""
LONG_CHANGE_S = 0.01
FIRST_WAIT_S, LONGEST_WAIT_S = 0.0005, 0.002
"""Between two tries while another process has the file."""


class Job(NamedTuple):
    """A change, and who waits for it."""

    change: Callable[[Sqlite], Any]
    waiter: "asyncio.Future[Any]"


class Outcome(NamedTuple):
    waiter: "asyncio.Future[Any]"
    result: Any = None
    error: Exception | None = None


class _Group:
    """Changes of one transaction. ``begun``: how the clocks stood when the loop began it; None if the thread has to."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.outcomes: list[Outcome] = []
        self.begun: float | None = None
        self.error: Exception | None = None


class Writer:
    def __init__(
        self, path: Path, connect: Callable[[], Sqlite], watch: ClockWatch, *, busy_s: float
    ) -> None:
        """``connect``: with its tables up to date, and without a wait of its own for other processes, which is ``busy_s``.

        Raises OSError if the file cannot be opened, or as ``connect``.
        """
        self._path, self._watch, self._busy_s = path, watch, busy_s
        self._lock = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._filler: asyncio.AbstractEventLoop | None = None
        """The loop that is to fill the next group."""
        self._on_its_way = False
        """The thread has a group: nobody else touches the connection."""
        self._groups: queue.SimpleQueue[_Group | None] = queue.SimpleQueue()
        self._long: set[object] = set()
        self.commits = 0
        self.begins_journal_anew = False
        """Set from outside: after the next commit what is left of the journal is written into the file first."""
        ready: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(connect, ready), name="store-writer", daemon=True
        )
        self._thread.start()
        ready.result()

    async def write(self, change: Callable[[Sqlite], Any]) -> Any:
        loop = asyncio.get_running_loop()
        job = Job(change, loop.create_future())
        with self._lock:
            self._waiting.append(job)
            is_idle = not self._on_its_way and (self._filler is None or self._filler.is_closed())
            if is_idle:
                self._filler = loop
        if is_idle:
            loop.call_soon(self._fill)
        return await job.waiter

    def close(self) -> None:
        """Finish what waits, then release the file. Safe to call twice."""
        self._groups.put(None)
        self._thread.join()

    def _fill(self) -> None:
        """On the loop: run what waits in a transaction, and hand it over to be committed."""
        group = _Group()
        if self._begin_at_once(group):
            ends = time.perf_counter() + AT_A_STRETCH_S
            try:
                while (
                    group.begun is not None
                    and time.perf_counter() < ends
                    and (job := self._next(without_long=True)) is not None
                ):
                    group.jobs.append(job)
                    self._run_one(group, job, self._begin_at_once)
            except Exception as exc:  # noqa: BLE001 - handed to the tasks that asked for the changes
                group.error = exc
        with self._lock:
            self._filler, self._on_its_way = None, True
        self._groups.put(group)

    def _begin_at_once(self, group: _Group) -> bool:
        group.begun = None
        with self._lock:
            if self._waiting and _kind(self._waiting[0].change) in self._long:
                return False
        try:
            self._begin(self._db)
            group.begun = self._watch.settle(self._db)
        except Exception:  # noqa: BLE001 - the thread meets it again, and tells it
            _roll_back(self._db)
            return False
        return True

    def _next(self, *, without_long: bool = False) -> Job | None:
        with self._lock:
            while self._waiting:
                if without_long and _kind(self._waiting[0].change) in self._long:
                    return None
                job = self._waiting.popleft()
                if not job.waiter.cancelled():
                    return job
        return None

    def _run(self, connect: Callable[[], Sqlite], ready: "Future[None]") -> None:
        try:
            self._db = connect()
            self._watch.recall(self._db)
            self._place = _place(self._path)
        except Exception as exc:  # noqa: BLE001 - handed to whoever opens it
            ready.set_exception(
                not_opened(self._path, exc) if isinstance(exc, sqlite.Error | OSError) else exc
            )
            return
        ready.set_result(None)
        while (group := self._groups.get()) is not None:
            self._finish(group)
            if self.begins_journal_anew:
                self._begin_journal_anew()
            self._go_on()
        while self._waiting:  # nobody fills a group any more
            self._finish(_Group())
        self._db.close()

    def _begin_journal_anew(self) -> None:
        """If nobody reads what it holds just now; else after another commit."""
        with contextlib.suppress(sqlite.Error):
            [busy, *_] = self._db.conn.execute("pragma wal_checkpoint(restart)").fetchone()
            self.begins_journal_anew = bool(busy)

    def _go_on(self) -> None:
        """Whoever waits longest has the next group filled."""
        with self._lock:
            filler = self._filler = self._waiting[0].waiter.get_loop() if self._waiting else None
            self._on_its_way = False
            if filler is None:
                return
            try:
                filler.call_soon_threadsafe(self._fill)
            except RuntimeError:  # that loop is closed
                self._filler, self._on_its_way = None, True
                self._groups.put(_Group())

    def _finish(self, group: _Group) -> None:
        """All or none of them reach the disk. Whatever goes wrong is told to who waits, and the thread goes on."""
        try:
            if group.error is not None:
                raise group.error
            begun = self._do_here(group) if group.begun is None else group.begun
            self._db.conn.execute("commit")
            self.commits += 1
        except Exception as exc:  # noqa: BLE001 - handed to the tasks that asked for the changes
            _roll_back(self._db)
            group.outcomes = [Outcome(job.waiter, error=exc) for job in group.jobs]
        else:
            self._watch.settled(begun)
        _tell(group.outcomes)

    def _do_here(self, group: _Group) -> float:
        try:
            self._begin_in_turn()
        finally:  # those that came meanwhile go with it, or fail with it
            while len(group.jobs) < MAX_GROUP and (job := self._next()) is not None:
                group.jobs.append(job)
        group.begun = self._watch.settle(self._db)
        for job in tuple(group.jobs):
            self._run_one(group, job, self._begin_here)
        return group.begun

    def _begin_here(self, group: _Group) -> None:
        self._begin_in_turn()
        group.begun = self._watch.settle(self._db)

    def _begin_in_turn(self) -> None:
        """Wait for other processes. Raises if they have the file for too long."""
        ends, wait_s = time.monotonic() + self._busy_s, FIRST_WAIT_S
        while True:
            try:
                self._begin(self._db)
                return
            except sqlite.OperationalError as exc:
                if not exc.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > ends:
                    raise
            time.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _begin(self, db: Sqlite) -> None:
        self._check_place()
        db.conn.execute("begin immediate")

    def _run_one(self, group: _Group, job: Job, begin_anew: Callable[[_Group], object]) -> None:
        """A group's first needs no savepoint: if it fails, nothing else is in the transaction, which is begun again.

        Raises where SQLite has dropped the whole group, as it does on a full disk.
        """
        began, alone = time.perf_counter(), not group.outcomes
        result, error = _run_one(self._db, job.change, alone=alone)
        if alone and error is not None:
            group.jobs.remove(job)
            _tell([Outcome(job.waiter, error=error)])
            begin_anew(group)
        else:
            group.outcomes.append(Outcome(job.waiter, result, error))
        took_long = time.perf_counter() - began > LONG_CHANGE_S
        (self._long.add if took_long else self._long.discard)(_kind(job.change))

    def _check_place(self) -> None:
        """What is written to a file that was deleted or replaced under us would be lost."""
        with contextlib.suppress(FileNotFoundError):
            if _place(self._path) == self._place:
                return
        raise StateFileError(
            f"{self._path} was deleted or replaced while it was in use. Put the right file at its place and start all "
            "processes again"
        )


def _kind(change: Callable[[Sqlite], Any]) -> object:
    """What changes of one function have in common."""
    return getattr(getattr(change, "func", change), "__code__", type(change))


def _tell(outcomes: Sequence[Outcome]) -> None:
    """One wake-up for all who wait in a loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Outcome]] = {}
    for one in outcomes:
        by_loop.setdefault(one.waiter.get_loop(), []).append(one)
    for loop, some in by_loop.items():
        with contextlib.suppress(RuntimeError):  # it is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, some)


def _settle(outcomes: Sequence[Outcome]) -> None:
    for waiter, result, error in outcomes:
        if waiter.done():  # whoever waited has been cancelled
            continue
        if error is None:
            waiter.set_result(result)
        else:
            waiter.set_exception(named(error))


def _place(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _roll_back(db: Sqlite) -> None:
    """As far as a file that has just failed lets us; SQLite itself drops what was begun and not committed."""
    with contextlib.suppress(sqlite.Error):
        if db.conn.in_transaction:
            db.conn.execute("rollback")


def _run_one(db: Sqlite, change: Callable[[Sqlite], Any], *, alone: bool) -> tuple[Any, Exception | None]:
    if not alone:
        db.conn.execute("savepoint one")
    try:
        result = change(db)
    except Exception as exc:  # handed to the task that asked for the change
        if not db.conn.in_transaction:
            raise
        for statement in ("rollback",) if alone else ("rollback to one", "release one"):
            db.conn.execute(statement)
        return None, exc
    if not alone:
        db.conn.execute("release one")
    return result, None
