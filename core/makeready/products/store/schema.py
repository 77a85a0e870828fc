"""Imports, and which product of a shop is which of the MIS."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

from makeready.storage.tables import create

MIGRATIONS = Migrations("products")


@MIGRATIONS()
def m001_imports(db: Sqlite) -> None:
    create(
        db,
        "import_profiles",
        {"subscriber": str, "site": str, "name": str, "wish": str},
        pk=("subscriber", "site", "name"),
    )
    create(
        db,
        "import_jobs",
        {
            "id": int,
            "subscriber": str,
            "site": str,
            "state": str,
            "choices": str,  # JSON
            "created_at": float,
            "started_at": float,
        },
        pk="id",
    )
    create(
        db,
        "import_items",
        {
            "job": int,
            "product_id": str,
            "name": str,
            "action": str,
            "state": str,
            "reason": str,
            "changes": str,  # JSON list of sentences
            "part_number": str,
            "public_part_number": str,
            "url_name": str,
            "shop_product_id": str,
            "by_hand": str,  # JSON list of sentences
            "updated_at": float,
        },
        pk=("job", "product_id"),
        foreign_keys=[("job", "import_jobs", "id")],
    )
    db.table("import_items").create_index(["job", "state", "updated_at"])
    _links(db)


def _links(db: Sqlite) -> None:
    """A product of the MIS is once in a site, and a shop's product belongs to one of them."""
    create(
        db,
        "product_links",
        {
            "subscriber": str,
            "site": str,
            "product_id": str,
            "job": int,
            "part_number": str,
            "url_name": str,
            "shop_product_id": str,
            "before": str,  # JSON
            "tried_at": float,
            "linked_at": float,
        },
        pk=("subscriber", "site", "product_id"),
    )
    db.table("product_links").create_index(["job"])
    for column in ("url_name", "shop_product_id"):
        db.execute(
            f"create unique index product_links_{column} on product_links (subscriber, site, {column}) "
            f"where {column} != ''"
        )
