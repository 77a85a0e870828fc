"""Tables of calls, and how near they came to the vendors' limits."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("outbound")


@MIGRATIONS()
def m001_calls(db: Sqlite) -> None:
    db.table("calls").create(
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
        not_null={
            "subscriber",
            "connector",
            "at",
            "host",
            "method",
            "path",
            "status",
            "error",
            "ms",
            "size",
            "failed",
        },
        strict=True,
    )
    # All that a list is filtered by, so that rows are read only for what is shown.
    db.table("calls").create_index(
        ["subscriber", "at", "failed", "ms", "connector"], index_name="calls_by_time"
    )
    db.table("call_hours").create(
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
        not_null={"calls", "failed", "ms"},
        strict=True,
    )
    db.table("call_peaks").create(
        {"host": str, "hour": int, "peak": int, "most": int, "per_s": float},
        pk=("host", "hour"),
        not_null={"peak", "most", "per_s"},
        strict=True,
    )
