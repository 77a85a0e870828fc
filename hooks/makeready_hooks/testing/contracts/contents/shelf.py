"""The contract of products and stock as the MIS has them: all of them, each with its own."""

import contextlib
from decimal import Decimal
from typing import Any

import pytest

from makeready_hooks import Capability
from makeready_hooks.model.product import MisProduct, ProductPage
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor
from makeready_hooks.testing.orders import ODD_IDS

LEVELS = ((Decimal(10), Decimal(3)), (Decimal(2), Decimal(5)), (Decimal(0), Decimal(0)))


class MisShelfContract(ConnectorContract):
    """Part of `MisContract`."""

    known: str

    async def every_product(self, hook: Any) -> list[MisProduct]:
        raise NotImplementedError

    async def page(self, hook: Any, **search: Any) -> ProductPage:
        raise NotImplementedError

    async def test_stock_is_what_is_on_the_shelf_and_what_of_it_is_promised(
        self, vendor: Vendor, hook: Any
    ) -> None:
        if not self.can(hook, Capability.STOCK):
            pytest.skip("it keeps no stock: read_stock")
        products = await vendor.driver.demo_products()
        for product_id, (on_hand, allocated) in zip(products, LEVELS, strict=True):
            try:
                await vendor.driver.set_stock(product_id, on_hand, allocated)
            except ValueError as exc:
                pytest.skip(f"this MIS does not tell what is promised: {exc}")
        [waiting] = hook.read_stock(product_ids=products)
        told = {one.product_id: (one.on_hand, one.allocated) for one in await waiting}
        assert told == dict(zip(products, LEVELS, strict=True)), f"(on hand, promised) is told as {told}"

    async def test_a_level_that_has_changed_is_told_from_then_on(self, vendor: Vendor, hook: Any) -> None:
        if not self.can(hook, Capability.STOCK):
            pytest.skip("it keeps no stock: read_stock")
        for on_hand in (Decimal(50), Decimal(49), Decimal(0)):
            await vendor.driver.set_stock(self.known, on_hand, Decimal(0))
            [waiting] = hook.read_stock(product_ids=(self.known,))
            [level] = await waiting
            assert level.on_hand == on_hand, f"{on_hand} are on the shelf, and {level.on_hand} is told"

    async def test_all_products_are_read_by_their_ids_at_once(self, hook: Any) -> None:
        found = await self.every_product(hook)
        [waiting] = hook.read_mis_products(product_ids=tuple(one.id for one in found))
        told = {one.id: one for one in await waiting}
        missing = [one.id for one in found if one.id not in told]
        assert not missing, (
            f"of {len(found)} products that a search shows {missing} are not read by their ids"
        )
        assert all(told[one.id].name == one.name for one in found), (
            "a product is called otherwise when it is read by its id"
        )

    async def test_every_product_is_on_some_page(self, vendor: Vendor, hook: Any) -> None:
        wanted = set(await vendor.driver.demo_products())
        for product_id in ODD_IDS:
            with contextlib.suppress(ValueError):
                await vendor.driver.add_product(product_id, Decimal(5))
                wanted.add(product_id)
        missing = wanted - {one.id for one in await self.every_product(hook)}
        assert not missing, f"{missing} are for sale, and are on no page"

    async def test_pages_of_changing_sizes_hold_every_product_once(self, hook: Any) -> None:
        whole = [one.id for one in await self.every_product(hook)]
        page = await self.page(hook, page_size=5)
        found, sizes = [one.id for one in page.products], [3, 1, 50, 2]
        while page.next:
            page = await self.page(hook, cursor=page.next, page_size=sizes[0])
            sizes = [*sizes[1:], sizes[0]]
            found += [one.id for one in page.products]
        assert found == whole, f"page by page there are {len(found)} products, and {len(whole)} in all"

    async def test_a_product_s_price_is_that_of_its_list(self, vendor: Vendor, hook: Any) -> None:
        await vendor.driver.set_price(self.known, Decimal("7.35"))
        [waiting] = hook.read_mis_products(product_ids=(self.known,))
        [product] = await waiting
        assert product.price in (None, Decimal("7.35")), f"it costs 7.35, and {product.price} is told"

    async def test_a_search_for_words_that_nothing_has_finds_nothing(self, hook: Any) -> None:
        page = await self.page(hook, text="zzz no product has these words zzz")
        assert page.products == (), f"a search for words that nothing has finds {page.products}"
