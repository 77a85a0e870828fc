"""Which shops have products of the MIS, what these cost last, and what people have ticked to be imported."""

import json
from collections.abc import Collection, Sequence

from makeready.installation import Installation
from makeready.prices.model import KnownPrice
from makeready.storage.part import StorePart
from msgspec import Struct
from sqlite_utils import Database as Sqlite


class LastPrice(KnownPrice, frozen=True, kw_only=True):
    """The last price of a product, with the quantity that was asked."""

    product_id: str
    quantity: int


class InShops(StorePart):
    async def sites(self, subscriber: str) -> list[str]:
        """Those with products that are in them through us."""
        sql = "select distinct site from product_links where subscriber = ? and linked_at > 0 order by site"
        found = await self._rows(sql, [subscriber])
        return [str(row["site"]) for row in found]

    async def any_linked(self, subscriber: str) -> bool:
        sql = "select 1 from product_links where subscriber = ? and linked_at > 0 limit 1"
        return bool(await self._rows(sql, [subscriber]))

    async def last_prices(
        self, subscriber: str, environment: str, site: str, product_ids: Collection[str]
    ) -> dict[str, LastPrice]:
        """What the MIS said last of each of these products in a site, whatever was asked."""
        sql = """select product_id, quantity, quote, max(at) as at from known_prices
            where subscriber = ? and environment = ? and product_id in (select value from json_each(?))
            and site = ? group by product_id"""
        values = [subscriber, environment, json.dumps(list(product_ids)), site]
        found = await self._structs(LastPrice, sql, values, as_json=("quote",))
        return {one.product_id: one for one in found}


def in_shops_of(installation: Installation) -> InShops:
    return InShops(installation.store.database)


PICKED_S = 24 * 3600.0
"""What nobody has gone on with for so long is forgotten."""


class Picker(Struct, frozen=True):
    """Who ticks products for which site."""

    subscriber: str
    user: str
    site: str
    mis: str


class Picks(StorePart):
    async def of(self, who: Picker) -> list[str]:
        """In the order in which they were ticked."""
        sql = """select product from picked_products where subscriber = ? and user = ? and site = ? and mis = ?
            order by at, rowid"""
        return [str(row["product"]) for row in await self._rows(sql, [*_key(who)])]

    async def change(self, who: Picker, *, shown: Sequence[str], ticked: Sequence[str], now: float) -> None:
        """Of what was shown, exactly what is ticked is picked; what was not shown stays as it is."""
        gone = [[*_key(who), one] for one in shown if one not in ticked]
        added = [[*_key(who), one, now] for one in ticked]

        def change(db: Sqlite) -> None:
            # company: every one's
            db.execute("delete from picked_products where at < ?", [now - PICKED_S])
            db.conn.executemany(
                """delete from picked_products
                where subscriber = ? and user = ? and site = ? and mis = ? and product = ?""",
                gone,
            )
            db.conn.executemany(
                """insert or ignore into picked_products (subscriber, user, site, mis, product, at)
                values (?, ?, ?, ?, ?, ?)""",
                added,
            )

        await self._database.write(change)

    async def clear(self, who: Picker) -> None:
        sql = "delete from picked_products where subscriber = ? and user = ? and site = ? and mis = ?"
        await self._execute(sql, [*_key(who)])


def _key(who: Picker) -> tuple[str, ...]:
    return (who.subscriber, who.user, who.site, who.mis)


def picks_of(installation: Installation) -> Picks:
    return Picks(installation.store.database)
