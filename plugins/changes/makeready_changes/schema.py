"""The table of cursors."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("changes")


@MIGRATIONS()
def m001_cursors(db: Sqlite) -> None:
    db.execute(
        """create table change_cursors (
            subscriber text, connector text, far_end text, -- what the cursors are of
            latest text not null, earlier text not null, -- of the last reading, and of the one before it
            read_at real not null, primary key (subscriber, connector)) strict"""
    )


TABLES = (MIGRATIONS,)
