"""What the journal holds is written into the file beside the changes, by a thread of its own: nobody waits for it.

SQLite's own way, in the commit that comes after so many pages, holds up whoever waits for that commit by the time that the
disk takes for all of them.
"""

import contextlib
import threading
from collections.abc import Callable

from pysqlite3 import dbapi2 as sqlite
from sqlite_utils import Database as Sqlite

from makeready.storage.writer import Writer

EVERY_S = 0.5
MOST_PAGES = 8_000
"""Of a journal that changes go on being added to: then the writer is asked to write the rest and to start it over."""


class Checkpointer:
    def __init__(self, connect: Callable[[], Sqlite], writer: Writer) -> None:
        self._connect, self._writer = connect, writer
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-checkpointer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        seen, db = 0, None
        while not self._over.wait(EVERY_S):
            if (commits := self._writer.commits) == seen:
                continue
            with contextlib.suppress(sqlite.Error):  # a file that fails is told by the changes
                db = db or self._connect()
                pages = db.conn.execute("pragma wal_checkpoint(passive)").fetchone()[1]
                self._writer.begins_journal_anew = pages > MOST_PAGES
                seen = commits
        if db is not None:
            db.close()
