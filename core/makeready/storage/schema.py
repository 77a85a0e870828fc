"""How the wall's clock stood against a clock that nobody can set; moments that work goes by."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("storage")


@MIGRATIONS()
def m001_clocks(db: Sqlite) -> None:
    db.execute(
        """create table clocks (
            boot text primary key, -- a life of a machine
            ahead real not null, -- the wall's clock less the steady one, as the moments in this file are meant
            seen real not null -- by the wall's clock, about when this file was last written to
        ) strict"""
    )


@MIGRATIONS()
def m002_checkpoints(db: Sqlite) -> None:
    """Files from before alerts were an extension have it from there."""
    if "checkpoints" not in db.table_names():
        db.execute(
            """create table checkpoints (
                subscriber text, name text, at real not null, primary key (subscriber, name)) strict"""
        )


@MIGRATIONS()
def m003_dictionaries(db: Sqlite) -> None:
    """With which contents are compressed; see `makeready.storage.contents`."""
    db.execute(
        """create table dictionaries (
            id integer primary key, -- as the frames name it
            subscriber text not null, made_at real not null, content blob not null) strict"""
    )
    db.table("dictionaries").create_index(["subscriber", "made_at"])
