"""The contract of stock in a storefront: levels are read, and moved by differences."""

from typing import Any

import pytest

from makeready_hooks import Capability
from makeready_hooks.errors import OutcomeUnknown, RetryLater
from makeready_hooks.model.product import ProductDraft, ShopStock
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor


class ShopStockContract(ConnectorContract):
    """A connector that cannot mirror stock skips these."""

    async def draft(self, vendor: Vendor, hook: Any) -> ProductDraft:
        """A product to be made, with a stock of 7."""
        raise NotImplementedError

    async def stock_item(self, vendor: Vendor, hook: Any) -> tuple[ProductDraft, ShopStock]:
        if not self.can(hook, Capability.STOCK_MIRROR):
            pytest.skip("it does not mirror stock: read_shop_stock, update_shop_stock")
        draft = await self.draft(vendor, hook)
        [making] = hook.create_shop_product(draft=draft)
        await making
        [item] = await self.shop_stock(hook, draft, "no such item")
        return draft, item

    async def shop_stock(self, hook: Any, draft: ProductDraft, *others: str) -> tuple[ShopStock, ...]:
        [reading] = hook.read_shop_stock(site=draft.site, names=(draft.part_number, *others))
        found: tuple[ShopStock, ...] = await reading
        return found

    async def test_a_product_s_stock_item_is_read_by_its_part_number(self, vendor: Vendor, hook: Any) -> None:
        draft, item = await self.stock_item(vendor, hook)
        assert (item.name, item.level) == (draft.part_number, 7)

    async def test_a_level_moves_by_the_difference(self, vendor: Vendor, hook: Any) -> None:
        draft, item = await self.stock_item(vendor, hook)
        await vendor.driver.set_stock_level(item.name, 5)  # a buyer was quicker than we
        for change, level in ((-4, 1), (10, 11)):
            [adjusting] = hook.update_shop_stock(site=draft.site, stock=item, change=change)
            assert await adjusting is True
            [now] = await self.shop_stock(hook, draft)
            assert now.level == level

    async def test_an_outage_before_a_level_moved_is_try_later_and_a_lost_answer_is_unknown(
        self, vendor: Vendor, hook: Any
    ) -> None:
        draft, item = await self.stock_item(vendor, hook)
        for trouble, kind in (("down", RetryLater), ("cut", OutcomeUnknown)):
            setattr(vendor.http, trouble, True)
            [adjusting] = hook.update_shop_stock(site=draft.site, stock=item, change=-1)
            assert isinstance(await self.error_of(vendor, adjusting), kind)
            setattr(vendor.http, trouble, False)
        [now] = await self.shop_stock(hook, draft)
        assert now.level == 6, "the one whose answer was lost"
