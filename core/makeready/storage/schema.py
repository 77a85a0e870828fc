"""How the wall's clock stood against a clock that nobody can set; moments that work goes by."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.tables import create

MIGRATIONS = Migrations("storage")


@MIGRATIONS()
def m001_clocks(db: Sqlite) -> None:
    create(
        db,
        "clocks",
        {
            "boot": str,  # a life of a machine
            "ahead": float,  # the wall's clock less the steady one, as the moments in this file are meant
            "seen": float,  # by the wall's clock, about when this file was last written to
        },
        pk="boot",
    )


@MIGRATIONS()
def m002_checkpoints(db: Sqlite) -> None:
    """Files from before alerts were an extension have it from there."""
    if "checkpoints" not in db.table_names():
        create(db, "checkpoints", {"subscriber": str, "name": str, "at": float}, pk=("subscriber", "name"))
