"""Tables of users, sessions and sign-in attempts."""

from makeready.storage.tables import create
from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("admin")


@MIGRATIONS()
def m001_users(db: Sqlite) -> None:
    create(
        db,
        "users",
        {
            "name": str,
            "role": str,
            "subscriber": str,  # empty for an operator
            "password_hash": str,
            "created_at": float,
            "password_at": float,
            "disabled": int,
        },
        pk="name",
        defaults={"disabled": 0},
    )
    create(
        db,
        "sessions",
        {
            "id": str,  # SHA-256 of what the browser holds
            "user": str,
            "csrf": str,
            "address": str,
            "begun_at": float,
            "seen_at": float,
            "notice": str,
        },
        pk="id",
    )
    db.table("sessions").create_index(["user"])
    create(db, "sign_in_attempts", {"key": str, "at": float})
    db.table("sign_in_attempts").create_index(["key", "at"])


TABLES = (MIGRATIONS,)
