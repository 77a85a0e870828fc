"""Tables of due work and of the calls that count against a limit."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.tables import create

MIGRATIONS = Migrations("engine")


@MIGRATIONS()
def m001_work(db: Sqlite) -> None:
    create(
        db,
        "work",
        {
            "id": int,
            "subscriber": str,
            "kind": str,
            "key": str,
            "due_at": float,
            "lease_until": float,  # 0 while nobody works on it
            "owner": str,
            "wanted": int,  # rises when it is asked for again, so that a finished run does not hide it
            "attempts": int,
            "error": str,  # what went wrong last time
            "failing_since": float,  # when it first went wrong; 0 if it did not
            "needs_person": int,  # 1 if it will go wrong until somebody changes something
            "hint": str,  # JSON that makes the work cheaper; never needed to do it right
        },
        pk="id",
        defaults={
            "lease_until": 0.0,
            "owner": "",
            "wanted": 1,
            "attempts": 0,
            "error": "",
            "failing_since": 0.0,
            "needs_person": 0,
            "hint": "",
        },
    )
    work = db.table("work")
    work.create_index(["subscriber", "kind", "key"], unique=True)
    work.create_index(["due_at"])
    db.execute("create index work_needs_person on work (subscriber, failing_since) where needs_person = 1")
    create(db, "call_slots", {"id": int, "host": str, "at": float}, pk="id", nullable={"host", "at"})
    db.table("call_slots").create_index(["host", "at"])


@MIGRATIONS()
def m002_pauses(db: Sqlite) -> None:
    create(
        db,
        "pauses",
        {
            "subscriber": str,  # empty: of every company
            "flow": str,
            "since": float,
            "until": float,  # 0 if it does not end by itself
            "reason": str,
            "actor": str,
            "by_ledger": int,  # 1 if only a take-over ends it
        },
        pk=("subscriber", "flow", "by_ledger"),
    )
