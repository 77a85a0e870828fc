"""The table of how far records were gone through."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("records")


@MIGRATIONS()
def m001_places(db: Sqlite) -> None:
    db.execute(
        """create table record_places (
            subscriber text, done text, -- what was done up to there
            at real not null, row integer not null, -- moment and number of the last record
            primary key (subscriber, done)) strict"""
    )


TABLES = (MIGRATIONS,)
