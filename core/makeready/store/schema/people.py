"""What people were told, and who may use the JSON API."""

from sqlite_utils import Database as Sqlite

from makeready.store.schema.migrations import migrations


@migrations()
def m005_watch(db: Sqlite) -> None:
    db.table("tellings").create(
        {
            "subscriber": str,
            "channel": int,
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


@migrations()
def m006_api(db: Sqlite) -> None:
    db.table("tokens").create(
        {
            "name": str,
            "hash": str,  # SHA-256; the token itself is not kept
            "subscriber": str,  # empty for all of them
            "read_only": int,
            "operator": int,
            "created_at": float,
            "expires_at": float,  # 0 for never
        },
        pk="name",
        not_null={"hash", "subscriber", "read_only", "operator", "created_at", "expires_at"},
        strict=True,
    )
    db.table("api_answers").create(
        {
            "token": str,
            "key": str,  # the caller's idempotency key
            "fingerprint": str,  # of the call
            "status": int,  # 0 while it is under way
            "content_type": str,
            "body": bytes,
            "created_at": float,
        },
        pk=("token", "key"),
        not_null={"fingerprint", "status", "content_type", "body", "created_at"},
        strict=True,
    )
    db.table("api_answers").create_index(["created_at"])
