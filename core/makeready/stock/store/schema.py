"""Stock of the MIS, its history, and the shop's levels that follow it."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("stock")


@MIGRATIONS()
def m001_stock(db: Sqlite) -> None:
    db.table("stock_levels").create(
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
        not_null={"on_hand", "allocated", "expected_on", "read_at", "changed_at"},
        strict=True,
    )
    db.table("stock_history").create(
        {"subscriber": str, "product_id": str, "at": float, "free": str},
        pk=("subscriber", "product_id", "at"),
        not_null={"free"},
        strict=True,
    )
    db.table("stock_mirrors").create(
        {
            "subscriber": str,
            "site": str,
            "product_id": str,
            "level": int,  # as it was seen last in the shop, or as it will be after our own call
            "known_since": float,
            "dropped": int,  # how much it has fallen lately, not by our doing
            "dropped_at": float,
            "change": int,  # the last one that we made
            "quiet_until": float,  # before this, a change without an answer may still take effect
            "writes": int,  # rises with every step of a change
            "error": str,
            "said_level": int,  # by the shop's last event about it
            "said_at": float,
        },
        pk=("subscriber", "site", "product_id"),
        not_null={
            "level",
            "known_since",
            "dropped",
            "dropped_at",
            "change",
            "quiet_until",
            "writes",
            "error",
            "said_at",
        },
        defaults={
            "dropped": 0,
            "dropped_at": 0.0,
            "change": 0,
            "quiet_until": 0.0,
            "writes": 0,
            "error": "",
            "said_at": 0.0,
        },
        strict=True,
    )
    db.table("stock_trials").create(
        {"subscriber": str, "trial": str},  # JSON: does the shop let us move levels?
        pk="subscriber",
        not_null={"trial"},
        strict=True,
    )
