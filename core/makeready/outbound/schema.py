"""Tables of calls, and how near they came to the vendors' limits."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.tables import create

MIGRATIONS = Migrations("outbound")


@MIGRATIONS()
def m001_calls(db: Sqlite) -> None:
    create(
        db,
        "calls",
        {
            "id": int,
            "subscriber": str,
            "connector": str,
            "at": float,
            "host": str,
            "method": str,
            "path": str,
            "status": int,  # 0 if no answer came
            "error": str,
            "ms": float,
            "size": int,  # bytes of the answer
            "failed": int,  # no answer, or one of 400 and more
        },
        pk="id",
    )
    # All that a list is filtered by, so that rows are read only for what is shown.
    db.table("calls").create_index(
        ["subscriber", "at", "failed", "ms", "connector"], index_name="calls_by_time"
    )
    create(
        db,
        "call_hours",
        {
            "subscriber": str,
            "hour": int,  # since 1970
            "connector": str,
            "host": str,
            "calls": int,
            "failed": int,
            "ms": float,  # of all of them together
        },
        pk=("subscriber", "hour", "connector", "host"),
    )
    create(
        db,
        "call_peaks",
        {"host": str, "hour": int, "peak": int, "most": int, "per_s": float},
        pk=("host", "hour"),
    )
