"""The contract of an MIS connector."""

import contextlib
from typing import Any

import msgspec
import pytest

from makeready_hooks import Capability
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import Buyer
from makeready_hooks.model.price import PriceQuery, Quote
from makeready_hooks.model.product import ProductPage, ProductSearch
from makeready_hooks.model.submission import (
    AcceptedOrder,
    BegunOrder,
    MisLine,
    MisOrder,
    OrderContents,
    OrderRequest,
    PreparedOrder,
)
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.contents.mis import MisContentsContract
from makeready_hooks.testing.contracts.ids import MisIdContract
from makeready_hooks.testing.contracts.limits import MisLimitContract
from makeready_hooks.testing.orders import an_order, an_order_line


class MisContract(MisContentsContract, MisIdContract, MisLimitContract):
    """A subclass also sets the id of a stock product with a price, and one that does not exist."""

    known: str
    unknown: str
    refusal: str
    """Part of what the vendor says to an order of the unknown product."""

    def request(self, key: str = "7101-1", lines: int = 1) -> OrderRequest:
        order = an_order(*(an_order_line(number) for number in range(1, lines + 1)))
        return OrderRequest(key=key, order=order, product_ids=(self.known,) * lines)

    async def resolved(self, hook: Any, request: OrderRequest) -> OrderRequest:
        """With the MIS's own ids, made where they are not there."""
        found = [await waiting for waiting in hook.resolve_ids(request=request, may_make=True)]
        return msgspec.structs.replace(request, resolved=found[0]) if found else request

    async def prepared(self, hook: Any, key: str = "7101-1", quantity: int = 2) -> PreparedOrder:
        request = self.request(key)
        order = an_order(an_order_line(quantity=quantity))
        request = await self.resolved(hook, msgspec.structs.replace(request, order=order))
        prepared = hook.map_order(request=request)
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

    # Set up

    async def test_orders_are_checked_without_a_change_and_an_outage_is_try_later(
        self, vendor: Vendor, hook: Any
    ) -> None:
        if not hook.check_orders.get_hookimpls():
            pytest.skip("it does not look whether the MIS knows what orders carry: check_orders")
        orders = (await self.prepared(hook),)
        [waiting] = hook.check_orders(orders=orders)
        assert await waiting
        assert vendor.http.changes == []
        [waiting] = hook.check_orders(orders=())
        assert all(one.ok for one in await waiting), "nothing is known, so nothing is wrong"
        vendor.http.down = True
        [waiting] = self.fresh(vendor).check_orders(orders=orders)
        with pytest.raises(RetryLater):
            await waiting

    # Products and prices

    async def test_pages_together_hold_every_product_once(self, hook: Any) -> None:
        page = await self.page(hook, page_size=5)
        found = list(page.products)
        while page.next:
            page = await self.page(hook, cursor=page.next, page_size=5)
            assert len(page.products) <= 5
            found += page.products
        assert len({product.id for product in found}) == len(found)
        assert page.total in (None, len(found))

    async def test_a_page_of_products_costs_as_many_calls_as_the_first(
        self, vendor: Vendor, hook: Any
    ) -> None:
        first = await self.page(hook, page_size=5)
        calls = len(vendor.http.sent)
        await self.page(hook, page_size=5)
        calls = len(vendor.http.sent) - calls
        before = len(vendor.http.sent)
        await self.page(hook, cursor=first.next, page_size=5)
        assert len(vendor.http.sent) - before <= calls

    async def test_a_cursor_that_is_none_is_refused(self, vendor: Vendor, hook: Any) -> None:
        [waiting] = hook.search_mis_products(search=ProductSearch(cursor="no such place"))
        assert isinstance(await self.error_of(vendor, waiting), Refused)

    async def test_a_search_finds_a_product_by_its_id(self, hook: Any) -> None:
        assert self.known in {product.id for product in (await self.page(hook, text=self.known)).products}

    async def test_only_products_that_exist_are_read(self, hook: Any) -> None:
        [waiting] = hook.read_mis_products(product_ids=(self.known, self.unknown))
        assert [product.id for product in await waiting] == [self.known]

    @pytest.mark.parametrize("odd", ["", "no such id", "²", "9" * 40, "-1", "1e3", "' or 1=1"])
    async def test_an_id_that_cannot_be_one_is_not_there_and_spoils_no_other(
        self, hook: Any, odd: str
    ) -> None:
        for ids, there in (((self.known, odd), [self.known]), ((odd,), [])):
            [waiting] = hook.read_mis_products(product_ids=ids)
            assert [product.id for product in await waiting] == there

    async def test_whoever_asks_for_nothing_gets_nothing(self, hook: Any) -> None:
        [waiting] = hook.read_mis_products(product_ids=())
        assert await waiting == ()

    async def test_stock_is_told_of_products_that_exist(self, hook: Any) -> None:
        if not self.can(hook, Capability.STOCK):
            pytest.skip("it keeps no stock: read_stock")
        [waiting] = hook.read_stock(product_ids=(self.known, self.unknown))
        [level] = await waiting
        assert level.product_id == self.known
        assert level.free == level.on_hand - level.allocated

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

    async def test_there_is_nothing_to_choose_of_a_stock_product_and_nobody_knows_of_an_unknown_one(
        self, hook: Any
    ) -> None:
        if not self.can(hook, Capability.PRICE_OPTIONS):
            pytest.skip("it offers no options: list_price_options")
        for product_id, told in ((self.known, ()), (self.unknown, None)):
            answers = [await waiting for waiting in hook.list_price_options(product_id=product_id)]
            assert answers in ([told], [()])

    async def test_whose_prices_hold_is_said_without_a_call_and_also_of_a_buyer_whom_nobody_knows(
        self, vendor: Vendor, hook: Any
    ) -> None:
        for buyer in (Buyer(), Buyer(id="b1", email="ada@northfield.example", groups=("Staff",))):
            first = hook.customer_code(site="shop.northfield.example", buyer=buyer)
            assert first == hook.customer_code(site="shop.northfield.example", buyer=buyer)
            assert all(isinstance(code, str) for code in first or ())
        assert vendor.http.sent == []

    # Orders

    async def test_mapping_calls_nobody_and_gives_the_same_bytes_twice(
        self, vendor: Vendor, hook: Any
    ) -> None:
        request = await self.resolved(hook, self.request())
        sent = len(vendor.http.sent)
        assert hook.map_order(request=request) == hook.map_order(request=request)
        assert len(vendor.http.sent) == sent

    async def test_the_mis_s_own_ids_are_made_once_and_found_again(self, vendor: Vendor, hook: Any) -> None:
        if not hook.resolve_ids.get_hookimpls():
            pytest.skip("it has no ids to be found: resolve_ids")
        [looking] = hook.resolve_ids(request=self.request(), may_make=False)
        await looking
        assert vendor.http.changes == [], "nothing is made for a look"
        made = await self.resolved(hook, self.request())
        changes = len(vendor.http.changes)
        again = await self.resolved(hook, self.request())
        assert [(one.kind, one.id) for one in again.resolved] == [(one.kind, one.id) for one in made.resolved]
        assert all(one.kind and one.id and one.text for one in made.resolved)
        assert len(vendor.http.changes) == changes

    async def test_mapping_keeps_the_key_and_loses_no_line(self, hook: Any) -> None:
        prepared = hook.map_order(request=self.request(lines=3))
        assert prepared.key == "7101-1"
        assert prepared.payload.count(b"Opening kit") == 3

    async def test_an_order_without_lines_is_refused(self, hook: Any) -> None:
        empty = OrderRequest(key="1", order=an_order(lines=()), product_ids=())
        with pytest.raises(Refused):
            hook.map_order(request=empty)

    async def test_an_order_that_is_taken_has_an_id(self, vendor: Vendor, hook: Any) -> None:
        [waiting] = hook.submit_order(prepared=await self.prepared(hook))
        accepted = await waiting
        assert accepted.id not in ("", "0")
        assert [order["reference"] for order in await vendor.driver.orders()] == ["7101-1"]

    async def test_an_order_that_is_refused_says_so_in_the_mis_s_words(
        self, vendor: Vendor, hook: Any
    ) -> None:
        request = OrderRequest(key="7101-1", order=an_order(), product_ids=(self.unknown,))
        prepared = hook.map_order(request=await self.resolved(hook, request))
        [waiting] = hook.submit_order(prepared=prepared)
        error = await self.error_of(vendor, waiting)
        assert isinstance(error, Refused)
        assert self.refusal in str(error)
        assert await vendor.driver.orders() == []

    async def test_an_outage_before_anything_was_sent_is_try_later(self, vendor: Vendor, hook: Any) -> None:
        prepared = await self.prepared(hook)
        vendor.http.down = True
        [waiting] = self.fresh(vendor).submit_order(prepared=prepared)
        assert isinstance(await self.error_of(vendor, waiting), RetryLater)

    async def begun(self, hook: Any, prepared: PreparedOrder) -> BegunOrder | None:
        """What a connector that submits in steps finds of an unfinished order."""
        if not self.can(hook, Capability.SUBMIT_IN_STEPS):
            return None
        [finding] = hook.find_submitted_order(prepared=prepared)
        found: BegunOrder | None = (await finding).begun
        return found

    async def again(self, hook: Any, prepared: PreparedOrder) -> AcceptedOrder:
        """As the core goes on: the MIS is asked what it has, and the submission continued from there."""
        [finding] = hook.find_submitted_order(prepared=prepared)
        found = await finding
        if found.order is not None:
            return AcceptedOrder(id=found.order.id, number=found.order.number)
        continued = msgspec.structs.replace(prepared, begun=found.begun, attempt=2)
        [submitting] = hook.submit_order(prepared=continued)
        accepted: AcceptedOrder = await submitting
        return accepted

    async def test_an_order_of_several_steps_is_one_order_whichever_answer_was_lost(
        self, vendor: Vendor, hook: Any
    ) -> None:
        if not self.can(hook, Capability.SUBMIT_IN_STEPS):
            pytest.skip("it takes an order in one step: Capability.SUBMIT_IN_STEPS in also")
        for lost in range(1, 10):
            prepared = await self.prepared(hook, f"7101-{lost}")
            vendor.http.lose = lost
            try:
                [submitting] = hook.submit_order(prepared=prepared)
                await submitting
            except (RetryLater, OutcomeUnknown):
                await self.again(hook, prepared)
            else:
                break
        vendor.http.lose = 0
        references = [order["reference"] for order in await vendor.driver.orders()]
        assert sorted(references) == [f"7101-{number}" for number in range(1, lost + 1)]
        assert lost > 2, "it submits in one step"

    async def test_a_draft_of_other_content_is_never_confirmed(self, vendor: Vendor, hook: Any) -> None:
        """Also where the core knows nothing of it, and the MIS tells of it only when another is made."""
        if not self.can(hook, Capability.SUBMIT_IN_STEPS):
            pytest.skip("it takes an order in one step: Capability.SUBMIT_IN_STEPS in also")
        for key, knows in (("7101-1", True), ("7101-2", False)):
            stale, corrected = await self.prepared(hook, key), await self.prepared(hook, key, quantity=7)
            vendor.http.lose = 1
            [submitting] = hook.submit_order(prepared=stale)
            assert isinstance(await self.error_of(vendor, submitting), OutcomeUnknown)
            begun = await self.begun(hook, stale)
            assert begun is not None
            assert begun.payload_hash == stale.payload_hash
            given = msgspec.structs.replace(corrected, begun=begun if knows else None, attempt=2)
            [submitting] = hook.submit_order(prepared=given)
            with contextlib.suppress(Refused):
                await submitting
        quantities = [line["quantity"] for order in await vendor.driver.orders() for line in order["lines"]]
        assert set(quantities) <= {7}

    async def test_not_there_is_only_said_for_certain(self, hook: Any) -> None:
        """An order that exists is found, or the MIS cannot tell. It is never *certainly not there*."""
        prepared = await self.prepared(hook)
        [submitting] = hook.submit_order(prepared=prepared)
        accepted = await submitting
        for waiting in hook.find_submitted_order(prepared=prepared):
            found = await waiting
            assert not found.certain or found.order is not None
            assert found.order is None or found.order.id == accepted.id

    async def test_what_is_found_is_what_was_sent_as_far_as_the_mis_shows_it(self, hook: Any) -> None:
        """So that an order that somebody else sent under the same key is told from ours."""
        prepared = await self.prepared(hook)
        contents = prepared.contents
        assert contents.lines == (MisLine(product_id=self.known, quantity=an_order_line(1).quantity),)
        [submitting] = hook.submit_order(prepared=prepared)
        accepted = await submitting
        for waiting in hook.find_submitted_order(prepared=prepared):
            if found := (await waiting).order:
                self.are_alike(found, accepted, contents)

    def are_alike(self, found: MisOrder, accepted: AcceptedOrder, sent: OrderContents) -> None:
        assert (found.id, found.label) == (accepted.id, accepted.label)
        assert found.contents.customer in ("", sent.customer)
        assert found.contents.customer_name in ("", sent.customer_name)
        assert found.contents.required_on in (None, sent.required_on)
        assert found.contents.lines in (None, sent.lines)
        assert found.contents.total in (None, sent.total)

    async def test_an_order_is_read_by_its_number_and_by_its_id(self, hook: Any) -> None:
        prepared = await self.prepared(hook)
        [submitting] = hook.submit_order(prepared=prepared)
        accepted = await submitting
        for name in (accepted.id, accepted.label):
            for waiting in hook.read_mis_orders(numbers=(name, "no such order")):
                told = await waiting
                assert len(told) == 1, f"by {name} {len(told)} orders are read"
                self.are_alike(told[0], accepted, prepared.contents)
        for waiting in hook.read_mis_orders(numbers=("999999", "no such order", "' or 1=1")):
            assert await waiting == ()

    async def test_an_order_that_was_never_sent_is_not_found(self, hook: Any) -> None:
        for waiting in hook.find_submitted_order(prepared=await self.prepared(hook)):
            assert (await waiting).order is None
