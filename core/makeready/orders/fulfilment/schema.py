"""Tables of progress and parcels."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.tables import create

MIGRATIONS = Migrations("fulfilment")


@MIGRATIONS()
def m001_progress(db: Sqlite) -> None:
    create(
        db,
        "progress",
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
        defaults={
            "status": "",
            "stage": "",
            "moving_to": "",
            "quiet_until": 0.0,
            "refused": "",
            "notice": "",
            "finished": 0,
        },
    )
    create(
        db,
        "shipments",
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
    )
