"""The contract of ids: those of an MIS are any text, and come back the same from both sides."""

from decimal import Decimal
from typing import Any

from msgspec import structs

from makeready_hooks.model.price import Quote
from makeready_hooks.model.product import ProductBinding, ProductDraft, ShopProduct
from makeready_hooks.model.submission import OrderRequest
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor
from makeready_hooks.testing.orders import ODD_IDS


class MisIdContract(ConnectorContract):
    """Part of `MisContract`."""

    def request(self, key: str = "7101-1", lines: int = 1) -> OrderRequest:
        raise NotImplementedError

    async def resolved(self, hook: Any, request: OrderRequest) -> OrderRequest:
        raise NotImplementedError

    async def quote(self, hook: Any, product_id: str, quantity: int) -> Quote:
        raise NotImplementedError

    async def test_an_id_that_is_any_text_comes_back_the_same(self, vendor: Vendor, hook: Any) -> None:
        """In products, prices and orders, for whatever ids its vendor can have."""
        made = [one for one in ODD_IDS if await _added(vendor, one)]
        [waiting] = hook.read_mis_products(product_ids=tuple(made))
        assert {product.id for product in await waiting} == set(made)
        for number, one in enumerate(made):
            assert (await self.quote(hook, one, 3)).total == 15, one
            request = structs.replace(self.request(f"{number}-1"), product_ids=(one,))
            request = await self.resolved(hook, request)
            told = hook.map_order(request=request).contents.lines
            assert told is None or [line.product_id for line in told] == [one]


async def _added(vendor: Vendor, product_id: str) -> bool:
    try:
        await vendor.driver.add_product(product_id, Decimal(5))
    except ValueError:
        return False
    return True


class ShopIdContract(ConnectorContract):
    """Part of `StorefrontContract`."""

    async def draft(self, vendor: Vendor, hook: Any) -> ProductDraft:
        raise NotImplementedError

    async def make(self, hook: Any, draft: ProductDraft) -> ShopProduct:
        raise NotImplementedError

    async def find(self, hook: Any, draft: ProductDraft) -> ShopProduct | None:
        raise NotImplementedError

    async def binding(self, hook: Any, draft: ProductDraft, product_id: str) -> ProductBinding:
        raise NotImplementedError

    async def test_numbers_that_hold_any_text_come_back_the_same(self, vendor: Vendor, hook: Any) -> None:
        draft = await self.draft(vendor, hook)
        for place, one in enumerate(ODD_IDS):
            numbers = {"part_number": f"117-{one}", "engine_product_id": f"117-{one}-{draft.site}"}
            odd = structs.replace(draft, url_name=f"kit-x{place}", public_part_number=f"117-{one}", **numbers)
            made = await self.make(hook, odd)
            found = await self.find(hook, odd)
            assert found is not None
            assert (found.id, found.part_number) == (made.id, odd.part_number)
            bound = await self.binding(hook, odd, made.id)
            assert bound.part_number == odd.part_number
            assert bound.mis_product_id in ("", odd.engine_product_id)
        [listing] = hook.list_shop_products(site=draft.site)
        assert {f"117-{one}" for one in ODD_IDS} <= {product.part_number for product in await listing}
