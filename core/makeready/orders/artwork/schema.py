"""Tables of the files of orders."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("artwork")


@MIGRATIONS()
def m001_files(db: Sqlite) -> None:
    db.execute(
        """create table files (
            id integer primary key,
            subscriber text not null, submission text not null, line integer not null, url text not null,
            version text not null, -- checksum as the shop told it; empty if it did not
            file_name text not null, role text not null, way text not null, state text not null, error text not null,
            size integer, media_type text not null, sha256 text not null,
            went integer not null, -- 1 if its address went with the order
            replaces integer not null, -- id of the file whose place it takes; 0 for none
            attempts integer not null, notified text not null default '', -- as of order lines
            seen integer not null default 0, updated_at real not null) strict"""
    )
    names = ["subscriber", "submission", "line", "url", "version", "replaces"]
    db.table("files").create_index(names, unique=True)
    db.table("files").create_index(["subscriber", "state"])
