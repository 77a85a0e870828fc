"""Tables of tokens, kept answers and the audit log."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations
from sqlite_utils.db import DescIndex

MIGRATIONS = Migrations("access")


@MIGRATIONS()
def m001_audit(db: Sqlite) -> None:
    db.execute(
        """create table audit (
            id integer primary key, at real not null, actor text not null, via text not null,
            address text not null, subscriber text not null, action text not null,
            target text not null, detail text not null, outcome text not null -- empty until it is known
        ) strict"""
    )
    db.table("audit").create_index(["subscriber", DescIndex("id")])


@MIGRATIONS()
def m002_api(db: Sqlite) -> None:
    db.execute(
        """create table tokens (
            name text primary key, hash text not null, -- SHA-256; the token itself is not kept
            subscriber text not null, -- empty for all of them
            read_only integer not null, operator integer not null, created_at real not null,
            expires_at real not null -- 0 for never
        ) strict"""
    )
    db.execute(
        """create table api_answers (
            token text, key text, -- the caller's idempotency key
            fingerprint text not null, -- of the call
            status integer not null, -- 0 while it is under way
            content_type text not null, body blob not null, created_at real not null,
            primary key (token, key)) strict"""
    )
    db.table("api_answers").create_index(["created_at"])
