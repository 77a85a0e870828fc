"""Imports, and which product of a shop is which of the MIS."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("products")


@MIGRATIONS()
def m001_imports(db: Sqlite) -> None:
    db.execute(
        """create table import_profiles (
            subscriber text, site text, name text, wish text not null,
            primary key (subscriber, site, name)) strict"""
    )
    db.execute(
        """create table import_jobs (
            id integer primary key, subscriber text not null, site text not null,
            state text not null, choices text not null, -- JSON
            created_at real not null, started_at real not null) strict"""
    )
    db.execute(
        """create table import_items (
            job integer references import_jobs(id), product_id text, name text not null,
            action text not null, state text not null, reason text not null,
            changes text not null, -- JSON list of sentences
            part_number text not null, public_part_number text not null, url_name text not null,
            shop_product_id text not null, by_hand text not null, -- JSON list of sentences
            updated_at real not null, primary key (job, product_id)) strict"""
    )
    db.table("import_items").create_index(["job", "state", "updated_at"])
    _links(db)


def _links(db: Sqlite) -> None:
    """A product of the MIS is once in a site, and a shop's product belongs to one of them."""
    db.execute(
        """create table product_links (
            subscriber text, site text, product_id text, job integer not null,
            mis text not null, -- its connector
            part_number text not null, url_name text not null, shop_product_id text not null,
            before text not null, -- JSON
            tried_at real not null, linked_at real not null,
            primary key (subscriber, site, product_id)) strict"""
    )
    db.table("product_links").create_index(["job"])
    for column in ("url_name", "shop_product_id"):
        db.execute(
            f"create unique index product_links_{column} on product_links (subscriber, site, {column}) "
            f"where {column} != ''"
        )


@MIGRATIONS()
def m002_sold_unlinked(db: Sqlite) -> None:
    db.execute(
        """create table sold_unlinked (
            subscriber text, site text, product_id text, at real not null,
            primary key (subscriber, site, product_id)) strict"""
    )


@MIGRATIONS()
def m003_figures(db: Sqlite) -> None:
    db.execute("alter table import_items add column figures text not null default '{}'")  # JSON


@MIGRATIONS()
def m004_links_by_product(db: Sqlite) -> None:
    """An order asks which of its products are linked, on whichever site."""
    db.table("product_links").create_index(["subscriber", "product_id"])
