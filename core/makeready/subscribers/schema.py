"""Tables of subscribers, their connectors, and what was made for them and learned about them."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations
from sqlite_utils.db import DescIndex

MIGRATIONS = Migrations("subscribers")


@MIGRATIONS()
def m001_subscribers(db: Sqlite) -> None:
    db.execute("create table installation (name text primary key, value text) strict")
    db.execute(
        """create table subscribers (
            name text primary key, title text not null, external_user_id integer not null,
            environment text not null,
            rules text not null, -- JSON: rules by their name; secrets in them are sealed
            url_token text not null, -- unguessable; part of every address that we give out
            version integer not null -- rises with every change, so that a running server notices
        ) strict"""
    )
    subscribers = db.table("subscribers")
    subscribers.create_index(["external_user_id"], unique=True)
    subscribers.create_index(["url_token"], unique=True)
    db.execute(
        """create table connectors (
            subscriber text references subscribers(name), connector text,
            settings text, -- JSON: shared, test and live settings; secrets sealed or referred to
            signing_key text, -- sealed
            primary key (subscriber, connector)) strict"""
    )
    db.execute(
        """create table installed (
            subscriber text references subscribers(name), connector text, kind text, state text,
            title text, id text, by_hand text, primary key (subscriber, connector, kind)) strict"""
    )
    db.execute(
        """create table learned (
            subscriber text references subscribers(name), connector text, about text,
            finding text not null, value text not null, at real not null,
            primary key (subscriber, connector, about)) strict"""
    )


@MIGRATIONS()
def m002_settings_changes(db: Sqlite) -> None:
    db.execute(
        """create table settings_changes (
            id integer primary key, subscriber text not null, at real not null,
            actor text not null, changes text not null, -- JSON list of sentences
            before text not null, -- JSON, as it is exported: no secret in it; null for a new subscriber
            after text not null) strict"""
    )
    db.table("settings_changes").create_index(["subscriber", DescIndex("id")])
