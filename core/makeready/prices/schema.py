"""Tables of known prices, estimates, and how questions were answered."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

QUESTION = {
    "subscriber": str,
    "environment": str,
    "product_id": str,  # the MIS's
    "quantity": int,
    "options": str,  # JSON: option ids and values, sorted
    "customer": str,  # whose prices; empty for everybody's
}


MIGRATIONS = Migrations("prices")


@MIGRATIONS()
def m001_price_counts(db: Sqlite) -> None:
    db.execute(
        """create table price_counts (
            subscriber text, hour integer, outcome text, bucket integer, n integer not null,
            primary key (subscriber, hour, outcome, bucket)) strict"""
    )


@MIGRATIONS()
def m002_prices(db: Sqlite) -> None:
    db.table("known_prices").create(
        {**QUESTION, "site": str, "quote": str, "at": float},  # quote: JSON, the last one that the MIS gave
        pk=("subscriber", "environment", "product_id", "site", "quantity", "options", "customer"),
        not_null={"quote", "at"},
        strict=True,
    )
    db.table("known_prices").create_index(["at"])
    db.table("estimates").create(
        {"id": int, **QUESTION, "reference": str, "at": float},  # options: those that made a difference
        pk="id",
        not_null={*QUESTION, "reference", "at"},
        strict=True,
    )
    db.table("estimates").create_index(["subscriber", "environment", "product_id", "quantity"])
    db.table("estimates").create_index(["at"])
