"""Stock of the MIS, its history, and the shop's levels that follow it."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("stock")


@MIGRATIONS()
def m001_stock(db: Sqlite) -> None:
    db.execute(
        """create table stock_levels (
            subscriber text, product_id text, on_hand text not null, allocated text not null,
            expected_on text not null, -- a day; empty if none is known
            read_at real not null, -- when the MIS was asked
            changed_at real not null, primary key (subscriber, product_id)) strict"""
    )
    db.execute(
        """create table stock_history (
            subscriber text, product_id text, at real, free text not null,
            primary key (subscriber, product_id, at)) strict"""
    )
    db.execute(
        """create table stock_mirrors (
            subscriber text, site text, product_id text,
            level integer not null, -- as it was seen last in the shop, or as it will be after our own call
            first_seen_at real not null,
            recent_drop integer not null default 0, -- how much it has fallen lately, not by our doing
            dropped_at real not null default 0.0,
            change integer not null default 0, -- the last one that we made
            quiet_until real not null default 0.0, -- before this, a change without an answer may still take effect
            version integer not null default 0, -- rises with every step of a change
            error text not null default '', said_level integer, -- by the shop's last event about it
            said_at real not null default 0.0, primary key (subscriber, site, product_id)) strict"""
    )
    db.execute(
        """create table stock_trials (
            subscriber text, shop text, trial text not null, primary key (subscriber, shop)) strict"""
    )
