"""Tables of tokens, kept answers and the audit log."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations
from sqlite_utils.db import DescIndex

from makeready.storage.tables import create

MIGRATIONS = Migrations("access")


@MIGRATIONS()
def m001_audit(db: Sqlite) -> None:
    create(
        db,
        "audit",
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
    )
    db.table("audit").create_index(["subscriber", DescIndex("id")])


@MIGRATIONS()
def m002_api(db: Sqlite) -> None:
    create(
        db,
        "tokens",
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
    )
    create(
        db,
        "api_answers",
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
    )
    db.table("api_answers").create_index(["created_at"])
