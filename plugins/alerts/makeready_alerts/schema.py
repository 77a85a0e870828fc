"""Tables of alerts that were sent."""

from makeready.storage.tables import create
from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

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


TABLES = (MIGRATIONS,)
