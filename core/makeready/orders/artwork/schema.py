"""Tables of the files of orders."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.tables import create

MIGRATIONS = Migrations("artwork")


@MIGRATIONS()
def m001_files(db: Sqlite) -> None:
    create(
        db,
        "files",
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
            "notified": str,  # as of order lines
            "seen": int,
            "updated_at": float,
        },
        pk=("subscriber", "submission", "line", "url"),
        nullable={"size"},
        defaults={"notified": "", "seen": 0},
    )
    db.table("files").create_index(["subscriber", "state"])
