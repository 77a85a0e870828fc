"""Tables of webhooks, accepted and refused."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.tables import create

MIGRATIONS = Migrations("webhooks")


@MIGRATIONS()
def m001_deliveries(db: Sqlite) -> None:
    create(
        db,
        "deliveries",
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
    )
    deliveries = db.table("deliveries")
    deliveries.create_index(["subscriber", "connector", "key"], unique=True)
    deliveries.create_index(["subscriber", "order_number"])
    deliveries.create_index(["subscriber", "received_at"])


@MIGRATIONS()
def m002_refused_deliveries(db: Sqlite) -> None:
    create(
        db,
        "refused_deliveries",
        {
            "id": int,
            "subscriber": str,
            "connector": str,
            "received_at": float,
            "reason": str,
            "body": bytes,  # its beginning
        },
        pk="id",
    )
    db.table("refused_deliveries").create_index(["subscriber", "id"])
