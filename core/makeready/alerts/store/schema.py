"""Tables of alerts that were sent."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.tables import create

MIGRATIONS = Migrations("alerts")


@MIGRATIONS()
def m001_watch(db: Sqlite) -> None:
    create(
        db,
        "sent_alerts",
        {
            "subscriber": str,
            "channel": str,
            "topic": str,
            "title": str,
            "since": float,
            "told_at": float,
        },
        pk=("subscriber", "channel", "topic"),
    )
    create(db, "checkpoints", {"subscriber": str, "name": str, "at": float}, pk=("subscriber", "name"))
