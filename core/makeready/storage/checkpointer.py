"""What the journal holds is written into the file beside the changes, by a thread of its own: nobody waits for it.

SQLite's own way, in the commit that comes after so many pages, holds up whoever waits for that commit by the time that the
disk takes for all of them.
"""

import contextlib
import threading
from collections.abc import Callable

from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite

EVERY_S = 0.5
MOST_PAGES = 8_000
"""Of a journal that changes go on being added to: then they wait for a moment, until the rest is in the file."""
MOMENT_MS = 200


class Checkpointer:
    """``commits``: how many there were, of this process."""

    def __init__(self, connect: Callable[[], Sqlite], commits: Callable[[], int]) -> None:
        self._connect, self._commits = connect, commits
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-checkpointer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        seen, db = 0, None
        while not self._over.wait(EVERY_S):
            if (commits := self._commits()) == seen:
                continue
            with contextlib.suppress(sqlite.Error):  # a file that fails is told by the changes
                db = db or self._connect()
                db.conn.execute(f"pragma busy_timeout = {MOMENT_MS}")
                pages = db.conn.execute("pragma wal_checkpoint(passive)").fetchone()[1]
                if pages > MOST_PAGES:
                    db.conn.execute("pragma wal_checkpoint(restart)")
                seen = commits
        if db is not None:
            db.close()
