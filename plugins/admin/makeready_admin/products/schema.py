"""What people have ticked of the MIS's products, over the pages of a search."""

from sqlite_utils import Database as Sqlite
from sqlite_utils import Migrations

MIGRATIONS = Migrations("products-picked")


@MIGRATIONS()
def m001_picked(db: Sqlite) -> None:
    db.execute(
        """create table picked_products (
            subscriber text, user text, site text, mis text, product text, -- an id or a code
            at real not null,
            primary key (subscriber, user, site, mis, product)) strict"""
    )
