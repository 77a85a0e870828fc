"""Stock of the MIS, its history, and the shop's levels that follow it."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.tables import create

MIGRATIONS = Migrations("stock")


@MIGRATIONS()
def m001_stock(db: Sqlite) -> None:
    create(
        db,
        "stock_levels",
        {
            "subscriber": str,
            "product_id": str,
            "on_hand": str,
            "allocated": str,
            "expected_on": str,  # a day; empty if none is known
            "read_at": float,  # when the MIS was asked
            "changed_at": float,
        },
        pk=("subscriber", "product_id"),
    )
    create(
        db,
        "stock_history",
        {"subscriber": str, "product_id": str, "at": float, "free": str},
        pk=("subscriber", "product_id", "at"),
    )
    create(
        db,
        "stock_mirrors",
        {
            "subscriber": str,
            "site": str,
            "product_id": str,
            "level": int,  # as it was seen last in the shop, or as it will be after our own call
            "first_seen_at": float,
            "recent_drop": int,  # how much it has fallen lately, not by our doing
            "dropped_at": float,
            "change": int,  # the last one that we made
            "quiet_until": float,  # before this, a change without an answer may still take effect
            "version": int,  # rises with every step of a change
            "error": str,
            "said_level": int,  # by the shop's last event about it
            "said_at": float,
        },
        pk=("subscriber", "site", "product_id"),
        nullable={"said_level"},
        defaults={
            "recent_drop": 0,
            "dropped_at": 0.0,
            "change": 0,
            "quiet_until": 0.0,
            "version": 0,
            "error": "",
            "said_at": 0.0,
        },
    )
    create(db, "stock_trials", {"subscriber": str, "trial": str}, pk="subscriber")
