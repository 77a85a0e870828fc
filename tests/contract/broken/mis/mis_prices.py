"""An MIS connector that tells buyers other prices than the MIS asks."""

from decimal import ROUND_DOWN, Decimal

from broken import Platen, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import MakereadyError, NotPriced
from makeready_hooks.model.price import PriceQuery, Quote

BREAKS = "test_a_price_is_the_list_s_at_every_break_and_around_it"


@broken("a price of nothing is none", "test_a_price_of_nothing_is_none")
class PriceOfZero(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        try:
            return await super().quote_price(query)
        except NotPriced:
            return Quote(total=Decimal(0))


@broken("a price is for the whole quantity", BREAKS)
class PriceOfOneForAll(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        return await super().quote_price(replace(query, quantity=1))


@broken("a price list has breaks", BREAKS)
class BreaksAreIgnored(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        one = await super().quote_price(replace(query, quantity=min(query.quantity, 1)))
        return Quote(total=one.total * query.quantity)


@broken("a break holds from its own quantity on", BREAKS)
class BreaksBeginOneLater(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        before = query.quantity - 1 if query.quantity in (10, 100) else query.quantity
        found = await super().quote_price(replace(query, quantity=before))
        return Quote(total=found.total / before * query.quantity)


@broken("a price is a Decimal", BREAKS)
class PriceIsAFloat(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        return Quote(total=float((await super().quote_price(query)).total))


@broken("cents are not cut off", BREAKS)
class PriceIsRoundedDown(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        found = await super().quote_price(query)
        return Quote(total=found.total.quantize(Decimal(1), ROUND_DOWN))


@broken("a customer's own price holds", "test_a_customer_s_own_price_is_told_to_that_customer_alone")
class CustomerIsIgnored(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        return await super().quote_price(replace(query, customer=""))


@broken("a price that has changed is told", "test_a_price_that_has_changed_is_told_from_then_on")
class PriceIsRemembered(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        self.kept = getattr(self, "kept", {})
        if query not in self.kept:
            self.kept[query] = await super().quote_price(query)
        return self.kept[query]


@broken("each product has its own price", "test_each_product_has_its_own_price")
class PriceOfAnotherProduct(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        self.first = getattr(self, "first", query.product_id)
        return await super().quote_price(replace(query, product_id=self.first))


@broken(
    "there is no price where the MIS has none", "test_there_is_no_price_for_a_product_that_does_not_exist"
)
class PriceOfAnything(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        try:
            return await super().quote_price(query)
        except NotPriced:
            return Quote(total=Decimal(1))


@broken("there is no price for a negative quantity", "test_there_is_no_price_for_nothing")
class PriceOfLessThanNothing(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        return await super().quote_price(replace(query, quantity=abs(query.quantity) or 1))


@broken(
    "a price that nobody could ask for is none",
    "test_a_lost_answer_or_a_deadline_is_try_later_whichever_it_is",
)
class LastPriceWhenAway(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        try:
            return await super().quote_price(query)
        except MakereadyError:
            return Quote(total=Decimal("9.99"))


@broken("what else a price tells fits it", "test_what_else_a_price_tells_fits_it")
class UnitPriceContradicts(Platen):
    @hookimpl
    async def quote_price(self, query: PriceQuery) -> Quote:
        found = await super().quote_price(query)
        return replace(found, unit_price=found.total)


@broken(
    "whose prices hold is said without a call, and always the same",
    "test_whose_prices_hold_is_said_without_a_call_and_also_of_a_buyer_whom_nobody_knows",
)
class CustomerChangesEachTime(Platen):
    @hookimpl
    def customer_code(self, site: str, buyer: object) -> str:
        self.turn = getattr(self, "turn", 0) + 1
        return f"C-{self.turn}"
