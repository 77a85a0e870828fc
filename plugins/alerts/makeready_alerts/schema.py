"""Tables of alerts: what people take to be so, and the history of what they were told."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations
from sqlite_utils.db import DescIndex

MIGRATIONS = Migrations("alerts")


@MIGRATIONS()
def m001_watch(db: Sqlite) -> None:
    db.execute(
        """create table sent_alerts (
            subscriber text, channel text, topic text, title text not null, since real not null,
            told_at real not null, primary key (subscriber, channel, topic)) strict"""
    )


@MIGRATIONS()
def m002_history(db: Sqlite) -> None:
    db.execute(
        """create table alert_history (
            subscriber text, topic text, raised_at real, kind text not null, title text not null,
            text text not null, over_at real not null, -- 0 while it lasts
            primary key (subscriber, topic, raised_at)) strict"""
    )
    db.table("alert_history").create_index(["subscriber", DescIndex("raised_at")])
    db.execute(
        """create table alert_tellings (
            subscriber text, topic text, raised_at real, channel text, said text, -- begun or over
            whom text not null, at real not null, tries integer not null,
            error text not null, -- empty if it was delivered
            primary key (subscriber, topic, raised_at, channel, said)) strict"""
    )


TABLES = (MIGRATIONS,)
