"""Tables of subscribers, their connectors, and what was made for them and learned about them."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations
from sqlite_utils.db import DescIndex

from makeready.storage.tables import create

MIGRATIONS = Migrations("subscribers")


@MIGRATIONS()
def m001_subscribers(db: Sqlite) -> None:
    create(db, "installation", {"name": str, "value": str}, pk="name", nullable={"value"})
    create(
        db,
        "subscribers",
        {
            "name": str,
            "title": str,
            "external_user_id": int,
            "environment": str,
            "rules": str,  # JSON: rules by their name; secrets in them are sealed
            "url_token": str,  # unguessable; part of every address that we give out
            "version": int,  # rises with every change, so that a running server notices
        },
        pk="name",
    )
    subscribers = db.table("subscribers")
    subscribers.create_index(["external_user_id"], unique=True)
    subscribers.create_index(["url_token"], unique=True)
    create(
        db,
        "connectors",
        {
            "subscriber": str,
            "connector": str,
            "settings": str,  # JSON: shared, test and live settings; secrets sealed or referred to
            "signing_key": str,  # sealed
        },
        pk=("subscriber", "connector"),
        nullable={"settings", "signing_key"},
        foreign_keys=[("subscriber", "subscribers", "name")],
    )
    create(
        db,
        "installed",
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
        nullable={"state", "title", "id", "by_hand"},
        foreign_keys=[("subscriber", "subscribers", "name")],
    )
    create(
        db,
        "learned",
        {"subscriber": str, "connector": str, "about": str, "finding": str, "value": str, "at": float},
        pk=("subscriber", "connector", "about"),
        foreign_keys=[("subscriber", "subscribers", "name")],
    )


@MIGRATIONS()
def m002_settings_changes(db: Sqlite) -> None:
    create(
        db,
        "settings_changes",
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
    )
    db.table("settings_changes").create_index(["subscriber", DescIndex("id")])
