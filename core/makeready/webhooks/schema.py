"""Tables of webhooks, accepted and refused."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("webhooks")


@MIGRATIONS()
def m001_deliveries(db: Sqlite) -> None:
    db.execute(
        """create table deliveries (
            id integer primary key, subscriber text not null, connector text not null,
            key text not null, -- the vendor's message id, or a hash of the body
            body blob not null, event text not null, order_number text not null,
            received_at real not null) strict"""
    )
    deliveries = db.table("deliveries")
    deliveries.create_index(["subscriber", "connector", "key"], unique=True)
    deliveries.create_index(["subscriber", "order_number"])
    deliveries.create_index(["subscriber", "received_at"])


@MIGRATIONS()
def m002_refused_deliveries(db: Sqlite) -> None:
    db.execute(
        """create table refused_deliveries (
            id integer primary key, subscriber text not null, connector text not null,
            received_at real not null, reason text not null, body blob not null -- its beginning
        ) strict"""
    )
    db.table("refused_deliveries").create_index(["subscriber", "id"])
