"""Tables of the files of orders."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("artwork")


@MIGRATIONS()
def m001_files(db: Sqlite) -> None:
    db.table("files").create(
        {
            "subscriber": str,
            "submission": str,
            "line": int,
            "url": str,
            "name": str,
            "state": str,
            "error": str,
            "size": int,
            "content_type": str,
            "attempts": int,
            "told": str,  # as of order lines
            "seen": int,
            "updated_at": float,
        },
        pk=("subscriber", "submission", "line", "url"),
        not_null={"name", "state", "error", "content_type", "attempts", "told", "seen", "updated_at"},
        defaults={"told": "", "seen": 0},
        strict=True,
    )
    db.table("files").create_index(["subscriber", "state"])
