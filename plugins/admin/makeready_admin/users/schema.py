"""Tables of users, their sessions, what they try, and their second factors."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready_admin.inbox.schema import MIGRATIONS as INBOX
from makeready_admin.products.schema import MIGRATIONS as PICKED

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


@MIGRATIONS()
def m002_tries(db: Sqlite) -> None:
    db.execute("drop table sign_in_attempts")
    db.execute(
        """create table tries (
            key text primary key, -- stands for a name or an address, which are not kept
            level real not null, at real not null) strict"""
    )
    db.table("tries").create_index(["at"])


@MIGRATIONS()
def m003_factors(db: Sqlite) -> None:
    db.execute(
        """create table factors (
            id integer primary key, user text not null, kind text not null, title text not null,
            sealed text not null, -- an app's secret
            credential_id text not null, public_key blob not null, -- a passkey's
            counter integer not null, -- an app's last period, a passkey's number of uses
            created_at real not null, used_at real not null) strict"""
    )
    db.table("factors").create_index(["user"])
    db.execute("create unique index passkeys on factors (credential_id) where credential_id != ''")
    db.execute(
        """create table recovery_codes (user text, hash text, -- SHA-256; the code itself is not kept
            primary key (user, hash)) strict"""
    )
    db.execute(
        """create table begun_sign_ins ( -- the password was right, the second factor is to come
            id text primary key, -- SHA-256 of what the browser holds
            user text not null, address text not null, next text not null,
            begun_at real not null, tries integer not null) strict"""
    )
    db.table("begun_sign_ins").create_index(["user", "begun_at"])
    db.execute(
        """create table challenges ( -- of passkeys; each answered once
            holder text primary key, -- a session, or a sign-in that has begun
            challenge text not null, at real not null) strict"""
    )


@MIGRATIONS()
def m004_invitations(db: Sqlite) -> None:
    db.execute(
        """create table invitations (
            id integer primary key, hash text not null unique, -- SHA-256 of the link's secret part
            whom text not null, role text not null, subscriber text not null, invited_by text not null,
            made_at real not null, expires_at real not null) strict"""
    )


@MIGRATIONS()
def m005_identities(db: Sqlite) -> None:
    db.execute(
        """create table identities ( -- who of an identity provider is which user
            issuer text, subject text, user text not null, by_rules integer not null, known_at real not null,
            primary key (issuer, subject)) strict"""
    )
    db.table("identities").create_index(["user"])


@MIGRATIONS()
def m010_languages(db: Sqlite) -> None:
    for column in ("language", "time_zone"):
        db.execute(f"alter table users add column {column} text not null default ''")


TABLES = (MIGRATIONS, INBOX, PICKED)
