"""What of all stock is shown to buyers: products that are in a shop through us, by the names of their pages."""

from decimal import Decimal

from makeready.installation import Installation
from makeready.storage.part import StorePart
from makeready.storage.rows import rows, structs
from msgspec import Struct


class ShelfRow(Struct, frozen=True, kw_only=True):
    """A product of a site with what is known of its stock; ``read_at`` is 0 if nothing is."""

    site: str
    url_name: str
    product_id: str
    on_hand: Decimal
    allocated: Decimal
    expected_on: str
    read_at: float


class Shelves(StorePart):
    async def shops(self) -> dict[str, str]:
        """Whose each site with products of ours is, by the site's domain: the first by name, if several are."""
        # company: every one's: a domain says whose page it is
        sql = """select distinct subscriber, site from product_links where linked_at > 0
            order by subscriber desc"""
        found = await self._database.read(lambda db: rows(db, sql))
        return {row["site"]: row["subscriber"] for row in found}

    async def of(self, subscriber: str) -> list[ShelfRow]:
        """The products that are in a shop through us, with what is known of their stock."""
        sql = """select site, url_name, product_id, coalesce(on_hand, '0') as on_hand,
                coalesce(allocated, '0') as allocated, coalesce(expected_on, '') as expected_on,
                coalesce(read_at, 0.0) as read_at
            from product_links left join stock_levels using (subscriber, product_id)
            where subscriber = ? and linked_at > 0"""
        return await self._database.read(lambda db: structs(ShelfRow, db, sql, [subscriber]))


def shelves_of(installation: Installation) -> Shelves:
    return Shelves(installation.store.database)
