"""The contract of an MIS's products: their kinds, variants, quantities and lead times are as the connector type says."""

from typing import Any

from makeready_hooks.model.product import MisProduct, ProductKind, ProductPage
from makeready_hooks.testing.contracts.shipping import MisShippingContract


class MisProductContract(MisShippingContract):
    """What holds for every product that a search finds."""

    async def page(self, hook: Any, **search: Any) -> ProductPage:
        raise NotImplementedError

    async def every_product(self, hook: Any) -> list[MisProduct]:
        page = await self.page(hook)
        found = list(page.products)
        while page.next:
            page = await self.page(hook, cursor=page.next)
            found += page.products
        return found

    async def test_every_product_is_of_a_kind_that_the_type_says(self, hook: Any) -> None:
        assert {one.kind for one in await self.every_product(hook)} <= self.kind.product_kinds

    async def test_a_blueprint_has_no_price_and_its_variants_are_products_that_are_told_apart(
        self, hook: Any
    ) -> None:
        for blueprint in await self.every_product(hook):
            assert bool(blueprint.variants) <= (blueprint.kind is ProductKind.BLUEPRINT)
            if blueprint.kind is ProductKind.BLUEPRINT:
                assert blueprint.price is None
                [reading] = hook.read_mis_products(product_ids=blueprint.variants)
                variants = await reading
                assert {one.id for one in variants} == set(blueprint.variants)
                assert all(one.options and one.kind is not ProductKind.BLUEPRINT for one in variants)
                assert len({one.title for one in variants}) == len(variants)

    async def test_a_price_list_rises_and_counts_whole_ones_unless_the_type_says_otherwise(
        self, hook: Any
    ) -> None:
        for one in await self.every_product(hook):
            quantities = [step.from_quantity for step in one.price_breaks]
            assert quantities == sorted(set(quantities))
            assert all(of > 0 for of in quantities)
            assert self.kind.counts_decimals or all(isinstance(of, int) for of in quantities)

    async def test_a_lead_time_is_not_below_zero(self, hook: Any) -> None:
        times = [one.lead_time for one in await self.every_product(hook) if one.lead_time]
        assert all(one.days >= 0 for one in times)
