"""Tables of tokens, kept answers and the audit log."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations
from sqlite_utils.db import DescIndex

MIGRATIONS = Migrations("access")


@MIGRATIONS()
def m001_audit(db: Sqlite) -> None:
    db.table("audit").create(
        {
            "id": int,
            "at": float,
            "actor": str,
            "via": str,
            "address": str,
            "subscriber": str,
            "action": str,
            "target": str,
            "detail": str,
            "outcome": str,  # empty until it is known
        },
        pk="id",
        not_null={"at", "actor", "via", "address", "subscriber", "action", "target", "detail", "outcome"},
        strict=True,
    )
    db.table("audit").create_index(["subscriber", DescIndex("id")])


@MIGRATIONS()
def m002_api(db: Sqlite) -> None:
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
