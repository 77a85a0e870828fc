"""Tables of progress and parcels."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("fulfilment")


@MIGRATIONS()
def m001_progress(db: Sqlite) -> None:
    db.execute(
        """create table progress (
            subscriber text, order_number text, line integer,
            status text not null default '', -- the MIS's, as it was read last
            stage text not null default '', -- the stage that the shop's item has reached
            moving_to text not null default '', -- the stage of a move that may have happened; empty if none is open
            quiet_until real not null default 0.0, -- before this, an open move may still take effect
            refused text not null default '', -- the stage that cannot be reached
            notice text not null default '', -- why not
            finished integer not null default 0, primary key (subscriber, order_number, line)) strict"""
    )
    db.execute(
        """create table shipments (
            subscriber text, submission text, tracking text, carrier text not null,
            shipped_at real not null, state text not null, error text not null,
            quiet_until real not null, primary key (subscriber, submission, tracking)) strict"""
    )


@MIGRATIONS()
def m002_parts(db: Sqlite) -> None:
    for column, default in (("id", ""), ("service", ""), ("lines", "[]")):  # lines: JSON of what is in it
        db.execute(f"alter table shipments add column {column} text not null default '{default}'")
