"""Which shops have products of the MIS, and what these cost last."""

import json
from collections.abc import Collection

from makeready.installation import Installation
from makeready.prices.model import KnownPrice
from makeready.storage.part import StorePart


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
