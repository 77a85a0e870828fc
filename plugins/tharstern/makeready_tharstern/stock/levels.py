"""Stock of many products with few calls.

A site may take an array of ids, or ignore it and show a page of all its products. Which one it is shows
in the first answer and is remembered. Then the cheapest way is taken: arrays, pages of the whole list,
or one call for each.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from makeready_hooks.model.product import StockLevel

from makeready_tharstern import wire
from makeready_tharstern.client import TharsternClient
from makeready_tharstern.products.mapping import stock_level
from makeready_tharstern.settings import TharsternSettings

IDS_AT_ONCE = 100
"""IIS takes 2048 characters of a query if nobody has changed that."""


class StockReader:
    def __init__(self, client: TharsternClient, settings: TharsternSettings) -> None:
        self._client = client
        self._names = settings.assumptions
        self._takes_arrays: bool | None = None
        """None until a site has shown it."""
        self._catalogue = 0
        """How many products the site showed last."""

    async def levels(self, product_ids: Sequence[str]) -> tuple[StockLevel, ...]:
        """Raises RetryLater, Refused."""
        ids = list(dict.fromkeys(filter(wire.is_id, product_ids)))
        now = datetime.now(UTC)
        levels = (stock_level(product, now, self._names) for product in await self._products(ids))
        return tuple(level for level in levels if level is not None)

    async def _products(self, ids: list[str]) -> list[wire.Product]:
        if len(ids) < 2:
            return await self._client.products_by_id(tuple(ids))
        if self._takes_arrays is None:
            await self._learn(ids[:2])
        if self._pages() < self._calls_for(len(ids)):
            return await self._from_the_list(ids)
        if self._takes_arrays:
            return await self._by_arrays(ids)
        return [product for one in ids for product in await self._client.products_by_id((one,))]

    async def _learn(self, ids: list[str]) -> None:
        """Two calls, once: does it take an array, and how many products are there?"""
        products, _ = await self._client.products_of(ids)
        self._takes_arrays = {product.id for product in products} == set(ids)
        _, self._catalogue = await self._client.products(0)

    async def _from_the_list(self, ids: list[str]) -> list[wire.Product]:
        wanted = frozenset(ids)
        products = await self._client.all_products()
        self._catalogue = len(products)
        return [product for product in products if product.id in wanted]

    async def _by_arrays(self, ids: list[str]) -> list[wire.Product]:
        found: list[wire.Product] = []
        for start in range(0, len(ids), IDS_AT_ONCE):
            products, _ = await self._client.products_of(ids[start : start + IDS_AT_ONCE])
            found += products
        return found

    def _pages(self) -> int:
        """Calls that the whole list takes."""
        return max(1, -(-self._catalogue // self._names.page_size))

    def _calls_for(self, count: int) -> int:
        return -(-count // IDS_AT_ONCE) if self._takes_arrays else count
