"""A state file's tables are brought up to date: all that is pending in one transaction, or nothing of it."""

from collections.abc import Sequence

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations


def bring_up_to_date(db: Sqlite, sets: Sequence[Migrations]) -> None:
    """One set after the other. One commit to the disk serves all; a file that is up to date is only read.

    Raises whatever a migration raises; then the file is as it was.
    """
    if not any(one.pending(db) for one in sets):
        return
    db.conn.execute("begin immediate")  # another process may be doing the same; then nothing is left to do
    try:
        for one in sets:
            one.apply(db)
        db.conn.execute("commit")
    except BaseException:
        db.rollback()
        raise
