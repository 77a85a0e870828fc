"""Tables of users, sessions and sign-in attempts."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("admin")


@MIGRATIONS()
def m001_users(db: Sqlite) -> None:
    db.table("users").create(
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
        not_null={"role", "subscriber", "password_hash", "created_at", "password_at", "disabled"},
        strict=True,
    )
    db.table("sessions").create(
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
        not_null={"user", "csrf", "address", "begun_at", "seen_at", "notice"},
        strict=True,
    )
    db.table("sessions").create_index(["user"])
    db.table("sign_in_attempts").create(
        {"key": str, "at": float},  # the key names a user or an address
        not_null={"key", "at"},
        strict=True,
    )
    db.table("sign_in_attempts").create_index(["key", "at"])
