"""The contract of prices: what a buyer is told is what the MIS asks, in every quantity and for every customer."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from makeready_hooks.errors import NotPriced, Refused
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.price import PriceQuery, Quote
from makeready_hooks.testing.contracts.base import ConnectorContract, Vendor

LIST = {1: Decimal("1.10"), 10: Decimal("0.955"), 100: Decimal("0.8")}
AROUND = (1, 2, 3, 9, 10, 11, 99, 100, 101, 250, 10_000)
CENT = Decimal("0.01")


def amounts(breaks: Mapping[int, Decimal], quantity: int) -> set[Decimal]:
    """The exact one, and in cents."""
    unit = breaks[max(one for one in breaks if one <= quantity)]
    return {unit * quantity, (unit * quantity).quantize(CENT, ROUND_HALF_UP)}


class MisPriceContract(ConnectorContract):
    """Part of `MisContract`."""

    known: str

    async def quote(self, hook: Any, product_id: str, quantity: int) -> Quote:
        raise NotImplementedError

    async def listed_at(
        self, vendor: Vendor, product_id: str, breaks: Mapping[int, Decimal], customer: str = ""
    ) -> None:
        try:
            await vendor.driver.set_price_list(product_id, breaks, customer)
        except ValueError as exc:
            pytest.skip(f"this MIS has no such price list: {exc}")

    async def test_a_price_is_the_list_s_at_every_break_and_around_it(
        self, vendor: Vendor, hook: Any
    ) -> None:
        await self.listed_at(vendor, self.known, LIST)
        for quantity in AROUND:
            quote = await self.quote(hook, self.known, quantity)
            wanted = amounts(LIST, quantity)
            assert quote.total in wanted, f"{quantity} cost {sorted(wanted)}, and {quote.total} is told"
            assert isinstance(quote.total, Decimal), f"{quote.total!r} is no Decimal: cents get lost"

    async def test_what_else_a_price_tells_fits_it(self, vendor: Vendor, hook: Any) -> None:
        """The price of other quantities is worked out from it."""
        await self.listed_at(vendor, self.known, LIST)
        for quantity in AROUND:
            quote = await self.quote(hook, self.known, quantity)
            if quote.unit_price is not None:
                assert quote.unit_price * quantity == quote.total, f"{quote} contradicts itself"
            if quote.breaks:
                steps = {one.from_quantity: one.unit_price for one in quote.breaks}
                assert steps == LIST, f"the list is {LIST}, and {steps} is told"

    async def test_each_product_has_its_own_price(self, vendor: Vendor, hook: Any) -> None:
        products = await vendor.driver.demo_products()
        for number, product_id in enumerate(products):
            await self.listed_at(vendor, product_id, {1: Decimal(f"{number + 1}.37")})
        for number, product_id in enumerate(products):
            total = (await self.quote(hook, product_id, 3)).total
            assert total == 3 * Decimal(f"{number + 1}.37"), f"three of {product_id} cost {total}"

    async def test_a_price_that_has_changed_is_told_from_then_on(self, vendor: Vendor, hook: Any) -> None:
        for unit in (Decimal("2.00"), Decimal("2.50"), Decimal("1.25")):
            await self.listed_at(vendor, self.known, {1: unit})
            total = (await self.quote(hook, self.known, 4)).total
            assert total == 4 * unit, f"the MIS asks {unit}, and four cost {total}: an earlier price is told"

    async def test_a_customer_s_own_price_is_told_to_that_customer_alone(
        self, vendor: Vendor, hook: Any
    ) -> None:
        buyer = Buyer(id="buyer-1", email="ada@northfield.example", external_id="NORTH01")
        code = hook.customer_code(site="shop.northfield.example", buyer=buyer)
        if not code:
            pytest.skip("prices hold for everybody")
        await self.listed_at(vendor, self.known, {1: Decimal("5.00")})
        await self.listed_at(vendor, self.known, {1: Decimal("3.33")}, code)
        for customer, unit in ((code, "3.33"), ("", "5.00"), (code, "3.33"), ("OTHER-1", "5.00")):
            [waiting] = hook.quote_price(
                query=PriceQuery(product_id=self.known, quantity=3, customer=customer)
            )
            total = (await waiting).total
            assert total == 3 * Decimal(unit), (
                f"three cost {total} for {customer or 'everybody'}, not {unit} each"
            )

    async def test_a_price_of_nothing_is_none(self, vendor: Vendor, hook: Any) -> None:
        await self.listed_at(vendor, self.known, {1: Decimal(0)})
        try:
            quote = await self.quote(hook, self.known, 3)
        except Refused as exc:
            assert isinstance(exc, NotPriced), "that there is no price has a cause (NotPriced)"
        else:
            pytest.fail(f"a product without a price is told to cost {quote.total}")
