"""The contract of mark-ups in a storefront: what it adds to a product's price is read, and set."""

from decimal import Decimal
from typing import Any

import pytest

from makeready_hooks import Capability
from makeready_hooks.errors import Refused, RetryLater
from makeready_hooks.model.product import ProductDraft, ShopMarkup, ShopProduct
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor

NO_SUCH_PRODUCT = "00000000-0000-0000-0000-000000000000"


class ShopMarkupContract(ConnectorContract):
    """A connector that cannot change mark-ups skips these."""

    async def draft(self, vendor: Vendor, hook: Any) -> ProductDraft:
        """A product to be made, with a mark-up of 15 per cent."""
        raise NotImplementedError

    async def make(self, hook: Any, draft: ProductDraft) -> ShopProduct:
        raise NotImplementedError

    async def marked_up(self, vendor: Vendor, hook: Any) -> dict[str, str]:
        """Where a product is whose mark-up can be changed."""
        if not self.can(hook, Capability.CHANGE_MARKUP):
            pytest.skip("it does not change mark-ups")
        draft = await self.draft(vendor, hook)
        made = await self.make(hook, draft)
        return {"site": draft.site, "shop_product_id": made.id}

    async def markup(self, hook: Any, at: dict[str, str]) -> Decimal | None:
        [reading] = hook.read_shop_markup(**at)
        found: ShopMarkup = await reading
        return found.percent

    async def mark_up(self, hook: Any, at: dict[str, str], percent: str) -> tuple[str, ...]:
        [writing] = hook.write_shop_markup(**at, percent=Decimal(percent))
        left: tuple[str, ...] = await writing
        return left

    async def test_the_mark_up_of_a_product_that_was_made_is_read(self, vendor: Vendor, hook: Any) -> None:
        assert await self.markup(hook, await self.marked_up(vendor, hook)) == 15

    async def test_a_mark_up_is_set_once_however_often_and_the_rest_of_the_product_stays(
        self, vendor: Vendor, hook: Any
    ) -> None:
        at = await self.marked_up(vendor, hook)
        before = await vendor.driver.products()
        for percent in ("30", "30", "12.5", "0"):
            assert await self.mark_up(hook, at, percent) == ()
            assert await self.markup(hook, at) == Decimal(percent)
        await self.mark_up(hook, at, "15")
        assert await vendor.driver.products() == before

    async def test_a_mark_up_whose_answer_was_lost_is_try_later_and_can_be_repeated(
        self, vendor: Vendor, hook: Any
    ) -> None:
        at = await self.marked_up(vendor, hook)
        vendor.http.cut = True
        assert isinstance(await self.error_of(vendor, self.mark_up(hook, at, "30")), RetryLater)
        vendor.http.cut = False
        assert await self.mark_up(hook, at, "30") == ()
        assert await self.markup(hook, at) == 30

    async def test_a_product_that_does_not_exist_has_no_mark_up(self, vendor: Vendor, hook: Any) -> None:
        at = {**await self.marked_up(vendor, hook), "shop_product_id": NO_SUCH_PRODUCT}
        assert isinstance(await self.error_of(vendor, self.markup(hook, at)), Refused)
        assert isinstance(await self.error_of(vendor, self.mark_up(hook, at, "30")), Refused)
