"""The contract of an MIS connector."""

from typing import Any

import pytest

from makeready_hooks.errors import MakereadyError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import OrderRequest, PreparedOrder
from makeready_hooks.model.price import PriceQuery, Quote
from makeready_hooks.model.product import ProductPage, ProductSearch
from makeready_hooks.testing.base import ConnectorContract, Vendor
from makeready_hooks.testing.orders import an_order, an_order_line


class MisContract(ConnectorContract):
    """A subclass also sets the id of a stock product with a price, and one that does not exist."""

    known: str
    unknown: str

    def request(self, key: str = "7101-1", lines: int = 1) -> OrderRequest:
        order = an_order(*(an_order_line(number) for number in range(1, lines + 1)))
        return OrderRequest(key=key, order=order, product_ids=(self.known,) * lines)

    def prepared(self, hook: Any, key: str = "7101-1") -> PreparedOrder:
        [prepared] = hook.map_order(request=self.request(key))
        assert isinstance(prepared, PreparedOrder)
        return prepared

    async def quote(self, hook: Any, product_id: str, quantity: int) -> Quote:
        [waiting] = hook.quote_price(query=PriceQuery(product_id=product_id, quantity=quantity))
        quote = await waiting
        assert isinstance(quote, Quote)
        return quote

    async def page(self, hook: Any, **search: Any) -> ProductPage:
        [waiting] = hook.search_mis_products(search=ProductSearch(**search))
        page = await waiting
        assert isinstance(page, ProductPage)
        return page

    # Products and prices

    async def test_pages_together_hold_every_product_once(self, hook: Any) -> None:
        first = await self.page(hook, page_size=5)
        found = list(first.products)
        while len(found) < first.total:
            found += (await self.page(hook, page=len(found) // 5, page_size=5)).products
        assert len({product.id for product in found}) == len(found) == first.total

    async def test_a_search_finds_a_product_by_its_id(self, hook: Any) -> None:
        assert self.known in {product.id for product in (await self.page(hook, text=self.known)).products}

    async def test_only_products_that_exist_are_read(self, hook: Any) -> None:
        [waiting] = hook.read_mis_products(product_ids=(self.known, self.unknown))
        assert [product.id for product in await waiting] == [self.known]

    async def test_a_price_is_above_zero_and_the_same_question_gets_the_same_answer(self, hook: Any) -> None:
        quote = await self.quote(hook, self.known, 3)
        assert quote.total > 0
        assert quote == await self.quote(hook, self.known, 3)

    @pytest.mark.parametrize("quantity", [0, -1])
    async def test_there_is_no_price_for_nothing(self, hook: Any, quantity: int) -> None:
        with pytest.raises(Refused):
            await self.quote(hook, self.known, quantity)

    async def test_there_is_no_price_for_a_product_that_does_not_exist(self, hook: Any) -> None:
        with pytest.raises(Refused):
            await self.quote(hook, self.unknown, 1)

    async def test_an_outage_while_reading_is_try_later(self, vendor: Vendor, hook: Any) -> None:
        vendor.http.down = True
        with pytest.raises(RetryLater):
            await self.quote(hook, self.known, 1)
        with pytest.raises(RetryLater):
            await self.page(hook)

    async def test_a_lost_answer_while_reading_is_try_later(self, vendor: Vendor, hook: Any) -> None:
        await self.quote(hook, self.known, 1)
        vendor.http.cut = True
        with pytest.raises(RetryLater):
            await self.quote(hook, self.known, 1)

    # Orders

    async def test_mapping_calls_nobody_and_gives_the_same_bytes_twice(
        self, vendor: Vendor, hook: Any
    ) -> None:
        assert self.prepared(hook) == self.prepared(hook)
        assert vendor.http.sent == []

    async def test_mapping_keeps_the_key_and_loses_no_line(self, hook: Any) -> None:
        [prepared] = hook.map_order(request=self.request(lines=3))
        assert prepared.key == "7101-1"
        assert prepared.payload.count(b"Opening kit") == 3

    async def test_an_order_without_lines_is_refused(self, hook: Any) -> None:
        empty = OrderRequest(key="1", order=an_order(lines=()), product_ids=())
        with pytest.raises(Refused):
            hook.map_order(request=empty)

    async def test_an_order_that_is_taken_has_an_id(self, vendor: Vendor, hook: Any) -> None:
        [waiting] = hook.submit_order(prepared=self.prepared(hook))
        accepted = await waiting
        assert accepted.id not in ("", "0")
        assert [order["reference"] for order in await vendor.driver.orders()] == ["7101-1"]

    async def test_an_order_that_is_refused_says_so_in_the_mis_s_words(
        self, vendor: Vendor, hook: Any
    ) -> None:
        request = OrderRequest(key="7101-1", order=an_order(), product_ids=(self.unknown,))
        [prepared] = hook.map_order(request=request)
        [waiting] = hook.submit_order(prepared=prepared)
        with pytest.raises(Refused) as caught:
            await waiting
        assert len(str(caught.value)) > 20
        assert await vendor.driver.orders() == []

    async def test_an_outage_before_anything_was_sent_is_try_later(self, vendor: Vendor, hook: Any) -> None:
        vendor.http.down = True
        [waiting] = hook.submit_order(prepared=self.prepared(hook))
        with pytest.raises(RetryLater):
            await waiting

    async def test_a_lost_answer_to_an_order_is_an_unknown_outcome(self, vendor: Vendor, hook: Any) -> None:
        await self.quote(hook, self.known, 1)  # signed in: what is cut is the submission
        vendor.http.cut = True
        [waiting] = hook.submit_order(prepared=self.prepared(hook))
        with pytest.raises(OutcomeUnknown):
            await waiting
        assert len(await vendor.driver.orders()) == 1, "it took effect all the same"

    async def test_not_there_is_only_said_for_certain(self, hook: Any) -> None:
        """An order that exists is found, or the MIS cannot tell. It is never *certainly not there*."""
        prepared = self.prepared(hook)
        [submitting] = hook.submit_order(prepared=prepared)
        accepted = await submitting
        for waiting in hook.find_submitted_order(prepared=prepared):
            found = await waiting
            assert not found.certain or found.order is not None
            assert found.order is None or found.order.id == accepted.id

    async def test_no_error_shows_a_secret(self, vendor: Vendor, hook: Any) -> None:
        vendor.http.cut = True
        for waiting in (
            *hook.submit_order(prepared=self.prepared(hook)),
            *hook.search_mis_products(search=ProductSearch()),
        ):
            with pytest.raises(MakereadyError) as caught:
                await waiting
            assert not any(secret in repr(caught.value) for secret in self.secrets(vendor))
