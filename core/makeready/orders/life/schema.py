"""The life of the ledger in this file, and its breaks."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("life")


@MIGRATIONS()
def m001_life(db: Sqlite) -> None:
    db.execute(
        """create table ledger_life (
            one integer primary key, name text not null, departures integer not null) strict"""
    )
    db.table("ledger_life").insert({"one": 1, "name": "", "departures": 0})
    db.execute(
        """create table ledger_breaks (
            id integer primary key, at real not null, kind text not null, cause text not null,
            actor text not null) strict"""
    )


@MIGRATIONS()
def m002_set_clocks(db: Sqlite) -> None:
    """By how many seconds the clock was set forward since, all steps together; those back are negative."""
    db.execute("alter table ledger_breaks add column ahead real not null default 0")
