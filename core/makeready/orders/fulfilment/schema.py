"""Tables of progress and parcels."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("fulfilment")


@MIGRATIONS()
def m001_progress(db: Sqlite) -> None:
    db.table("progress").create(
        {
            "subscriber": str,
            "order_number": str,
            "line": int,
            "status": str,  # the MIS's, as it was read last
            "stage": str,  # the stage that the shop's item has reached
            "moving_to": str,  # the stage of a move that may have happened; empty if none is open
            "quiet_until": float,  # before this, an open move may still take effect
            "refused": str,  # the stage that cannot be reached
            "notice": str,  # why not
            "finished": int,
        },
        pk=("subscriber", "order_number", "line"),
        not_null={"status", "stage", "moving_to", "quiet_until", "refused", "notice", "finished"},
        defaults={
            "status": "",
            "stage": "",
            "moving_to": "",
            "quiet_until": 0.0,
            "refused": "",
            "notice": "",
            "finished": 0,
        },
        strict=True,
    )
    db.table("shipments").create(
        {
            "subscriber": str,
            "submission": str,
            "tracking": str,
            "carrier": str,
            "shipped_at": float,
            "state": str,
            "error": str,
            "quiet_until": float,
        },
        pk=("subscriber", "submission", "tracking"),
        not_null={"carrier", "shipped_at", "state", "error", "quiet_until"},
        strict=True,
    )
