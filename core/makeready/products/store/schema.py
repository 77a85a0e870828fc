"""Imports, and which product of a shop is which of the MIS."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("products")


@MIGRATIONS()
def m001_imports(db: Sqlite) -> None:
    db.table("import_profiles").create(
        {"subscriber": str, "site": str, "name": str, "wish": str},  # JSON
        pk=("subscriber", "site", "name"),
        not_null={"wish"},
        strict=True,
    )
    db.table("import_jobs").create(
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
        not_null={"subscriber", "site", "state", "choices", "created_at", "started_at"},
        strict=True,
    )
    db.table("import_items").create(
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
        not_null={
            "name",
            "action",
            "state",
            "reason",
            "changes",
            "part_number",
            "public_part_number",
            "url_name",
            "shop_product_id",
            "by_hand",
            "updated_at",
        },
        foreign_keys=[("job", "import_jobs", "id")],
        strict=True,
    )
    db.table("import_items").create_index(["job", "state", "updated_at"])
    _links(db)


def _links(db: Sqlite) -> None:
    """A product of the MIS is once in a site, and a shop's product belongs to one of them."""
    db.table("product_links").create(
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
        not_null={"job", "part_number", "url_name", "shop_product_id", "before", "tried_at", "linked_at"},
        strict=True,
    )
    db.table("product_links").create_index(["job"])
    for column in ("url_name", "shop_product_id"):
        db.execute(
            f"create unique index product_links_{column} on product_links (subscriber, site, {column}) "
            f"where {column} != ''"
        )
