"""Tables of subscribers, their connectors, and what was made for them and learned about them."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations
from sqlite_utils.db import DescIndex

MIGRATIONS = Migrations("subscribers")


@MIGRATIONS()
def m001_subscribers(db: Sqlite) -> None:
    db.table("installation").create({"name": str, "value": str}, pk="name", strict=True)
    db.table("subscribers").create(
        {
            "name": str,
            "title": str,
            "external_user_id": int,
            "environment": str,
            "rules": str,  # JSON: rules by their name; secrets in them are sealed
            "path_segment": str,  # unguessable; part of every address that we give out
            "version": int,  # rises with every change, so that a running server notices
        },
        pk="name",
        not_null={
            "title",
            "external_user_id",
            "environment",
            "rules",
            "path_segment",
            "version",
        },
        strict=True,
    )
    subscribers = db.table("subscribers")
    subscribers.create_index(["external_user_id"], unique=True)
    subscribers.create_index(["path_segment"], unique=True)
    db.table("connectors").create(
        {
            "subscriber": str,
            "connector": str,
            "settings": str,  # JSON: shared, test and live settings; secrets sealed or referred to
            "signing_key": str,  # sealed
        },
        pk=("subscriber", "connector"),
        foreign_keys=[("subscriber", "subscribers", "name")],
        strict=True,
    )
    db.table("installed").create(
        {
            "subscriber": str,
            "connector": str,
            "kind": str,
            "state": str,
            "title": str,
            "id": str,
            "by_hand": str,
        },
        pk=("subscriber", "connector", "kind"),
        foreign_keys=[("subscriber", "subscribers", "name")],
        strict=True,
    )
    db.table("learned").create(
        {"subscriber": str, "connector": str, "about": str, "finding": str, "value": str, "at": float},
        pk=("subscriber", "connector", "about"),
        not_null={"finding", "value", "at"},
        foreign_keys=[("subscriber", "subscribers", "name")],
        strict=True,
    )


@MIGRATIONS()
def m002_settings_changes(db: Sqlite) -> None:
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
