"""Reads on the loop's own thread: most go by a key and take microseconds; to visit another thread costs many times that."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite

T = TypeVar("T")
LONG_S = 0.002
LOOK_EVERY = 5_000
"""Steps of SQLite between two looks at the clock: some tenths of a millisecond."""
AT_A_STRETCH_S = 0.005
"""Others of the loop come in between reads that follow one another."""


class TooLong(Exception):
    """It belongs on a thread of its own."""


class QuickReads:
    """A connection for each thread that asks."""

    def __init__(self, connect: Callable[[], Sqlite]) -> None:
        self._connect = connect
        self._local = threading.local()
        self._connections: list[Sqlite] = []
        self._until = 0.0
        self._stretch_ends = 0.0

    def ask(self, query: Callable[[Sqlite], T]) -> T:
        """Raises TooLong for one that takes more than some milliseconds, or has to wait for the file."""
        db = self._connection()
        self._until = time.perf_counter() + LONG_S
        try:
            return query(db)
        except sqlite.OperationalError as exc:
            if exc.sqlite_errorname.startswith(("SQLITE_INTERRUPT", "SQLITE_BUSY")):
                raise TooLong from exc
            raise

    def version(self) -> int:
        """Changes with every commit of any other connection, whosever it is."""
        return int(self._connection().conn.execute("pragma data_version").fetchone()[0])

    async def let_others_run(self) -> None:
        """A read does not suspend its task, so a row of them must not keep the loop."""
        now = time.perf_counter()
        if not self._stretch_ends:
            self._stretch_ends = now + AT_A_STRETCH_S
            asyncio.get_running_loop().call_soon(self._begin_anew)
        elif now > self._stretch_ends:
            self._stretch_ends = 0.0
            await asyncio.sleep(0)

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    def _begin_anew(self) -> None:
        self._stretch_ends = 0.0

    def _connection(self) -> Sqlite:
        found: Sqlite | None = getattr(self._local, "db", None)
        if found is None:
            found = self._local.db = self._connect()
            found.conn.set_progress_handler(lambda: time.perf_counter() > self._until, LOOK_EVERY)
            self._connections.append(found)
        return found
