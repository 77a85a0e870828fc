"""Table of corrected values."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("corrections")


@MIGRATIONS()
def m001_corrections(db: Sqlite) -> None:
    db.execute(
        """create table order_corrections (
            subscriber text, order_number text, line integer, -- 0 for the whole order
            member text, mis text, was text not null, value text not null, actor text not null, at real not null,
            primary key (subscriber, order_number, line, member, mis)) strict"""
    )
