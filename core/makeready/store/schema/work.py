"""Webhooks as they came, due work, the budget of calls."""

from sqlite_utils import Database as Sqlite

from makeready.store.schema.migrations import migrations


@migrations()
def m008_deliveries(db: Sqlite) -> None:
    db.table("deliveries").create(
        {
            "id": int,
            "subscriber": str,
            "connector": str,
            "key": str,  # the vendor's message id, or a hash of the body
            "body": bytes,
            "event": str,
            "order_number": str,
            "received_at": float,
        },
        pk="id",
        not_null={"subscriber", "connector", "key", "body", "event", "order_number", "received_at"},
        strict=True,
    )
    deliveries = db.table("deliveries")
    deliveries.create_index(["subscriber", "connector", "key"], unique=True)
    deliveries.create_index(["subscriber", "order_number"])
    deliveries.create_index(["subscriber", "received_at"])


@migrations()
def m009_work(db: Sqlite) -> None:
    db.table("work").create(
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
        not_null={
            "subscriber",
            "kind",
            "key",
            "due_at",
            "lease_until",
            "owner",
            "wanted",
            "attempts",
            "error",
            "failing_since",
            "needs_person",
            "hint",
        },
        strict=True,
    )
    work = db.table("work")
    work.create_index(["subscriber", "kind", "key"], unique=True)
    work.create_index(["due_at"])
    db.table("call_slots").create({"id": int, "host": str, "at": float}, pk="id", strict=True)
    db.table("call_slots").create_index(["host", "at"])
