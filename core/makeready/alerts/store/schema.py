"""Tables of alerts that were sent."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("alerts")


@MIGRATIONS()
def m001_watch(db: Sqlite) -> None:
    db.table("tellings").create(
        {
            "subscriber": str,
            "channel": str,
            "topic": str,
            "title": str,
            "since": float,
            "told_at": float,
        },
        pk=("subscriber", "channel", "topic"),
        not_null={"title", "since", "told_at"},
        strict=True,
    )
    db.table("moments").create(
        {"subscriber": str, "name": str, "at": float},
        pk=("subscriber", "name"),
        not_null={"at"},
        strict=True,
    )
