"""What a storefront connector looks for by its name, and which lists it reads."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from makeready_hooks import Capability, ListKind
from makeready_hooks.model.order import OrderPage, OrderRef
from makeready_hooks.model.product import ProductDraft, ShopProduct
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.line.conduct import ConductContract
from makeready_hooks.testing.contracts.line.looks import Look
from makeready_hooks.testing.contracts.line.pages import ON_A_PAGE, Names
from makeready_hooks.testing.emulation import PlacedOrder

COUNT = 3
MANY = 2 * ON_A_PAGE + 2
"""Of which no page holds more than half."""


class ShopLookContract(ConductContract):
    """Part of `StorefrontContract`."""

    async def draft(self, vendor: Vendor, hook: Any) -> ProductDraft:
        raise NotImplementedError

    async def make(self, hook: Any, draft: ProductDraft) -> ShopProduct:
        raise NotImplementedError

    async def place(self, vendor: Vendor) -> PlacedOrder:
        raise NotImplementedError

    def pages(self, hook: Any, start: datetime, end: datetime) -> AsyncIterator[OrderPage]:
        raise NotImplementedError

    async def _made(self, vendor: Vendor, hook: Any, count: int) -> list[tuple[ProductDraft, ShopProduct]]:
        draft = await self.draft(vendor, hook)
        drafts = [
            structs.replace(
                draft,
                url_name=f"kit-{number}",
                part_number=f"117-{number}",
                public_part_number=f"117-{number}",
                stock=draft.stock if self.can(hook, Capability.STOCK_MIRROR) else None,
            )
            for number in range(1, count + 1)
        ]
        return [(one, await self.make(hook, one)) for one in drafts]

    async def looks(self, vendor: Vendor, hook: Any) -> dict[str, Look]:
        made = await self._made(vendor, hook, COUNT)
        numbers = [str((await self.place(vendor)).order_number) for _ in range(COUNT)]
        site = made[0][0].site
        found = {
            "read_orders": self._of(
                "read_orders", *({"refs": (OrderRef(number=one),)} for one in (*numbers, "999999"))
            ),
            "list_line_files": self._of(
                "list_line_files",
                *({"order_number": one, "line_number": 1} for one in numbers),
                all_there=True,
            ),
            "find_shop_product": self._of(
                "find_shop_product",
                *(
                    {"site": site, "url_name": one}
                    for one in (*(draft.url_name for draft, _ in made), "no-kit")
                ),
            )._replace(proves=lambda told: told == [None]),
            "read_shop_binding": self._of(
                "read_shop_binding",
                *({"site": site, "shop_product_id": product.id} for _, product in made),
                all_there=True,
            ),
        }
        if self.can(hook, Capability.STOCK_MIRROR):
            named = (*(draft.part_number for draft, _ in made), "no-kit")
            found["read_shop_stock"] = self._of(
                "read_shop_stock", *({"site": site, "names": (one,)} for one in named)
            )
        return found

    def _of(self, verb: str, *given: dict[str, Any], all_there: bool = False) -> Look:
        """The last of them is not there, unless ``all_there``."""
        asking = [self._asking(verb, one) for one in given]
        return Look(tuple(asking)) if all_there else Look(tuple(asking[:-1]), asking[-1])

    async def lists(self, vendor: Vendor, hook: Any) -> dict[str, Names]:
        made = await self._made(vendor, hook, MANY)
        numbers = [str((await self.place(vendor)).order_number) for _ in range(MANY)]
        [reading] = hook.read_orders(refs=tuple(OrderRef(number=one) for one in numbers))
        moments = [one.placed_at for one in await reading]
        start, end = min(moments) - timedelta(days=1), max(moments) + timedelta(days=1)

        async def listed(hook: Any) -> list[str]:
            [listing] = hook.list_shop_products(site=made[0][0].site)
            return [one.id for one in await listing]

        async def placed(hook: Any) -> list[str]:
            return [one.number async for page in self.pages(hook, start, end) for one in page.orders]

        found: dict[str, Names] = {"list_shop_products": listed, "list_orders": placed}
        return found | {f"list_options of {kind}": self._options(kind) for kind in ListKind}

    def _options(self, kind: ListKind) -> Names:
        async def read(hook: Any) -> list[str]:
            return [one.value for one in await self.listed(hook, kind) or ()]

        return read
