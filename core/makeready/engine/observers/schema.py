"""The table of who listens."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("observers")


@MIGRATIONS()
def m001_observers(db: Sqlite) -> None:
    db.execute(
        """create table observers (
            subscriber text, hook text, connector text, -- that implements it, as of the last process that made it
            primary key (subscriber, hook, connector)) strict"""
    )
