"""Changes of subscribers' settings."""

from sqlite_utils import Database as Sqlite
from sqlite_utils.db import DescIndex

from makeready.store.schema.migrations import migrations


@migrations()
def m012_settings_changes(db: Sqlite) -> None:
    db.table("settings_changes").create(
        {
            "id": int,
            "subscriber": str,
            "at": float,
            "actor": str,
            "changes": str,  # JSON list of sentences
            "before": str,  # JSON, as it is exported: no secret in it; null for a new subscriber
            "after": str,
        },
        pk="id",
        not_null={"subscriber", "at", "actor", "changes", "before", "after"},
        strict=True,
    )
    db.table("settings_changes").create_index(["subscriber", DescIndex("id")])
