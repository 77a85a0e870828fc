"""Tables of the files of orders."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("artwork")


@MIGRATIONS()
def m001_files(db: Sqlite) -> None:
    db.execute(
        """create table files (
            subscriber text, submission text, line integer, url text, name text not null,
            state text not null, error text not null, size integer, content_type text not null,
            attempts integer not null, notified text not null default '', -- as of order lines
            seen integer not null default 0, updated_at real not null,
            primary key (subscriber, submission, line, url)) strict"""
    )
    db.table("files").create_index(["subscriber", "state"])
