"""Tables of users, sessions and sign-in attempts."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("admin")


@MIGRATIONS()
def m001_users(db: Sqlite) -> None:
    db.execute(
        """create table users (
            name text primary key, role text not null, subscriber text not null, -- empty for an operator
            password_hash text not null, created_at real not null, password_at real not null,
            disabled integer not null default 0) strict"""
    )
    db.execute(
        """create table sessions (
            id text primary key, -- SHA-256 of what the browser holds
            user text not null, csrf text not null, address text not null,
            begun_at real not null, seen_at real not null, notice text not null) strict"""
    )
    db.table("sessions").create_index(["user"])
    db.execute("create table sign_in_attempts (key text not null, at real not null) strict")
    db.table("sign_in_attempts").create_index(["key", "at"])


TABLES = (MIGRATIONS,)
