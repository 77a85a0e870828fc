"""The contract of a storefront connector."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from makeready_hooks.errors import CallRejected, NotSupported, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.order import Order, OrderPage, OrderRef
from makeready_hooks.model.price import (
    NoPrice,
    OptionsQuestion,
    OptionValue,
    PriceOption,
    PriceQuestion,
    Quote,
)
from makeready_hooks.model.product import ProductBinding, ProductDraft, ShopProduct, SiteChoices
from makeready_hooks.model.setup import Installed, InstallKind
from makeready_hooks.model.submission import AcceptedOrder
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.contents.shop import ShopContentsContract
from makeready_hooks.testing.contracts.files import ShopFileContract
from makeready_hooks.testing.contracts.ids import ShopIdContract
from makeready_hooks.testing.contracts.limits import ShopLimitContract
from makeready_hooks.testing.contracts.markups import ShopMarkupContract
from makeready_hooks.testing.contracts.progress import ShopProgressContract
from makeready_hooks.testing.contracts.stock import ShopStockContract
from makeready_hooks.testing.contracts.webhooks import WebhookContract
from makeready_hooks.testing.emulation import BuyerOrder, PlacedOrder

QUESTION = PriceQuestion(product="117-2284-shop.example", quantity=10)


class StorefrontContract(
    ShopProgressContract,
    ShopStockContract,
    ShopMarkupContract,
    ShopFileContract,
    ShopIdContract,
    ShopLimitContract,
    WebhookContract,
    ShopContentsContract,
):
    """A subclass also says which orders a buyer of its emulator places, and how its vendor signs and asks."""

    def order(self) -> BuyerOrder:
        """An order of a product that is in the shop from the start."""
        raise NotImplementedError

    def spoiled(self, answer: bytes) -> bytes:
        """An answer about orders, with a member that cannot be understood; any other answer as it is."""
        raise NotImplementedError

    def price_call(self, question: PriceQuestion = QUESTION) -> IncomingCall:
        """A call of the vendor's pricing engine for this product and quantity."""
        raise NotImplementedError

    def price_shown(self, answer: CallAnswer) -> tuple[Decimal, str]:
        """The price that the shop reads from an answer, and the error that it shows."""
        raise NotImplementedError

    async def draft(self, vendor: Vendor, hook: Any) -> ProductDraft:
        site = (await vendor.driver.sites())[0]
        [choosing] = hook.read_site_choices(site=site)
        choices: SiteChoices = await choosing
        assert choices.groups
        return ProductDraft(
            site=site,
            name="Opening kit",
            part_number="117-2284",
            public_part_number="117-2284",
            url_name="opening-kit-m2284",
            engine_product_id=f"117-2284-{site}",
            engine_id=await self.engine_id(hook),
            markup_percent=Decimal(15),
            groups=choices.groups[:1],
            stock=Decimal(7),
        )

    async def engine_id(self, hook: Any) -> str:
        [installing] = hook.install()
        made: tuple[Installed, ...] = await installing
        return next(one.id for one in made if one.kind is InstallKind.PRICING_ENGINE)

    async def read(self, hook: Any, *numbers: str) -> tuple[Order, ...]:
        [reading] = hook.read_orders(refs=tuple(OrderRef(number=number) for number in numbers))
        orders: tuple[Order, ...] = await reading
        return orders

    async def place(self, vendor: Vendor) -> PlacedOrder:
        placed = await vendor.driver.place_order(self.order())
        assert isinstance(placed, PlacedOrder)
        return placed

    # Prices

    async def test_a_price_call_is_understood(self, hook: Any) -> None:
        question = hook.decode_price_call(call=self.price_call())
        assert (question.product, question.quantity) == (QUESTION.product, QUESTION.quantity)

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'"text"', b"null", b"{}", b"\xff\xfe"])
    async def test_a_price_call_that_is_none_is_rejected(self, hook: Any, body: bytes) -> None:
        with pytest.raises(CallRejected) as caught:
            hook.decode_price_call(call=IncomingCall(method="POST", headers={}, body=body))
        assert 400 <= caught.value.status < 500

    async def test_a_price_is_shown_exactly(self, hook: Any) -> None:
        answer = hook.encode_price(question=QUESTION, answer=Quote(total=Decimal("82.50")))
        assert self.price_shown(answer) == (Decimal("82.50"), "")

    @pytest.mark.parametrize(
        "answer", [NoPrice(reason="Sold out."), Quote(total=Decimal(0)), NoPrice(reason="")]
    )
    async def test_there_is_never_a_price_of_zero_without_an_error(
        self, hook: Any, answer: Quote | NoPrice
    ) -> None:
        written = hook.encode_price(question=QUESTION, answer=answer)
        price, error = self.price_shown(written)
        assert price == 0
        assert error

    async def test_options_that_nobody_knows_are_not_shown_as_none(self, hook: Any) -> None:
        question = OptionsQuestion(product=QUESTION.product)
        nothing = hook.encode_options(question=question, options=())
        unknown = hook.encode_options(question=question, options=NoPrice(reason="Not now."))
        assert b"Not now." in unknown.body
        assert nothing.body != unknown.body

    async def test_options_are_shown_with_their_labels_and_values(self, hook: Any) -> None:
        paper = PriceOption(
            id="paper", label="Paper", values=(OptionValue(value="s150", label="Silk 150 g"),)
        )
        question = OptionsQuestion(product=QUESTION.product)
        answer = hook.encode_options(question=question, options=(paper,))
        assert answer.status == 200
        assert all(text in answer.body for text in (b"paper", b"Paper", b"s150", b"Silk 150 g"))

    # Orders

    async def test_an_order_is_read_with_all_its_lines(self, vendor: Vendor, hook: Any) -> None:
        placed = await self.place(vendor)
        [order] = await self.read(hook, str(placed.order_number))
        assert tuple(line.number for line in order.lines) == placed.items
        assert sum((line.net or Decimal(0) for line in order.lines), Decimal(0)) > 0

    async def test_only_orders_that_exist_are_read(self, vendor: Vendor, hook: Any) -> None:
        placed = await self.place(vendor)
        found = await self.read(hook, str(placed.order_number), "999999")
        assert [order.number for order in found] == [str(placed.order_number)]

    async def test_an_order_that_cannot_be_read_has_its_number_the_problem_and_the_document(
        self, vendor: Vendor, hook: Any
    ) -> None:
        number = str((await self.place(vendor)).order_number)
        vendor.http.spoil = self.spoiled
        found = await self.read(hook, number)
        assert len(found) == 1, f"one order cannot be understood, and {len(found)} are told"
        [order] = found
        assert (order.number, order.lines) == (number, ())
        assert order.problem
        assert number.encode() in order.document
        vendor.http.spoil = None
        [order] = await self.read(hook, number)
        assert (order.problem, order.document) == ("", b"")

    @pytest.mark.parametrize("days_off", [0, 900])
    async def test_a_date_is_a_hint_that_brings_no_other_order_and_without_it_each_is_found(
        self, vendor: Vendor, hook: Any, days_off: int
    ) -> None:
        placed = [str((await self.place(vendor)).order_number) for _ in range(3)]
        off = timedelta(days=days_off)
        dated = await self.read(hook, *placed[:2])
        refs = tuple(OrderRef(number=order.number, placed_at=order.placed_at - off) for order in dated)
        [reading] = hook.read_orders(refs=refs)
        shown = {order.number for order in await reading}
        assert shown == set(placed[:2]) if not days_off else shown <= set(placed[:2])
        undated = await self.read(hook, *placed[:2])
        assert {order.number for order in undated} == set(placed[:2])

    async def pages(self, hook: Any, start: datetime, end: datetime) -> AsyncIterator[OrderPage]:
        """Of the orders that were placed in a period."""
        cursor: object = None
        while True:
            [listing] = hook.list_orders(start=start, end=end, cursor=cursor)
            page: OrderPage = await listing
            yield page
            if (cursor := page.next) is None:
                return

    async def test_a_completed_order_has_the_lines_asked_for_their_files_and_the_buyer(
        self, vendor: Vendor, hook: Any
    ) -> None:
        placed = await self.place(vendor)
        [order] = await self.read(hook, str(placed.order_number))
        [completing] = hook.read_order_details(order=order, lines=(1,), files_may_follow=False)
        completed = await completing
        assert [line.number for line in completed.lines] == [1]
        assert len(completed.lines[0].files) == len(self.order().items[0].uploads)
        assert completed.buyer.id
        assert await self.files(hook, placed) == completed.lines[0].files

    async def marking(self, hook: Any, placed: PlacedOrder) -> bool:
        accepted = AcceptedOrder(id="1", number="SO-1")
        [waiting] = hook.write_mis_number(
            order_number=str(placed.order_number), line_number=1, accepted=accepted
        )
        done: bool = await waiting
        return done

    async def test_marking_twice_does_no_harm(self, vendor: Vendor, hook: Any) -> None:
        placed = await self.place(vendor)
        for _ in range(2):
            assert await self.marking(hook, placed)
        assert await vendor.driver.mis_number(placed.order_number, 1) == "SO-1"

    async def test_only_the_mark_that_we_wrote_is_taken_off_where_the_shop_can_do_that(
        self, vendor: Vendor, hook: Any
    ) -> None:
        placed = await self.place(vendor)
        await self.marking(hook, placed)
        for number, left in (("SO-2", "SO-1"), ("SO-1", ""), ("SO-1", "")):
            for clearing in hook.clear_mis_number(
                order_number=str(placed.order_number), line_number=1, number=number
            ):
                if await clearing:
                    assert await vendor.driver.mis_number(placed.order_number, 1) == left

    async def test_a_mark_whose_answer_was_lost_is_tried_again(self, vendor: Vendor, hook: Any) -> None:
        placed = await self.place(vendor)
        await self.read(hook, str(placed.order_number))  # signed in
        vendor.http.cut = True
        assert isinstance(await self.error_of(vendor, self.marking(hook, placed)), RetryLater)
        vendor.http.cut = False
        assert await self.marking(hook, placed)
        assert await vendor.driver.mis_number(placed.order_number, 1) == "SO-1"

    async def test_whoever_asks_for_no_order_gets_none(self, hook: Any) -> None:
        assert await self.read(hook) == ()

    @pytest.mark.parametrize("trouble", ["down", "cut"])
    async def test_an_outage_or_a_lost_answer_while_reading_is_try_later(
        self, vendor: Vendor, hook: Any, trouble: str
    ) -> None:
        setattr(vendor.http, trouble, True)
        now = datetime.now(UTC)
        for waiting in (
            *hook.read_orders(refs=(OrderRef(number="1"),)),
            *hook.list_orders(start=now, end=now, cursor=None),
            *hook.list_line_files(order_number="1", line_number=1),
            *hook.find_shop_product(site="nobody.example", url_name="kit"),
            *hook.list_shop_products(site="nobody.example"),
            *hook.read_shop_binding(site="nobody.example", shop_product_id="1"),
        ):
            assert isinstance(await self.error_of(vendor, waiting), RetryLater)

    # Products and set-up

    async def test_the_sites_are_those_of_the_shop_or_cannot_be_listed(
        self, vendor: Vendor, hook: Any
    ) -> None:
        [waiting] = hook.list_sites()
        try:
            sites = await waiting
        except NotSupported:
            return
        assert {site.domain for site in sites} == set(await vendor.driver.sites())

    async def test_an_unknown_site_is_refused(self, vendor: Vendor, hook: Any) -> None:
        [waiting] = hook.read_site_choices(site="nobody.example")
        assert isinstance(await self.error_of(vendor, waiting), Refused)

    async def find(self, hook: Any, draft: ProductDraft) -> ShopProduct | None:
        [looking] = hook.find_shop_product(site=draft.site, url_name=draft.url_name)
        found: ShopProduct | None = await looking
        return found

    async def test_a_product_that_was_made_is_found_by_its_url_name(self, vendor: Vendor, hook: Any) -> None:
        draft = await self.draft(vendor, hook)
        assert await self.find(hook, draft) is None
        [making] = hook.create_shop_product(draft=draft)
        made: ShopProduct = await making
        found = await self.find(hook, draft)
        assert found is not None
        assert (found.id, found.part_number) == (made.id, "117-2284")

    async def make(self, hook: Any, draft: ProductDraft) -> ShopProduct:
        [making] = hook.create_shop_product(draft=draft)
        made: ShopProduct = await making
        return made

    async def binding(self, hook: Any, draft: ProductDraft, product_id: str) -> ProductBinding:
        [reading] = hook.read_shop_binding(site=draft.site, shop_product_id=product_id)
        binding: ProductBinding = await reading
        return binding

    async def bind(
        self, hook: Any, draft: ProductDraft, product_id: str, binding: ProductBinding
    ) -> tuple[str, ...]:
        [binding_it] = hook.write_shop_binding(site=draft.site, shop_product_id=product_id, binding=binding)
        todo: tuple[str, ...] = await binding_it
        return todo

    async def test_a_site_s_list_has_each_of_its_products_once(self, vendor: Vendor, hook: Any) -> None:
        draft = await self.draft(vendor, hook)
        made = await self.make(hook, draft)
        [listing] = hook.list_shop_products(site=draft.site)
        products: tuple[ShopProduct, ...] = await listing
        assert len({one.id for one in products}) == len(products)
        [found] = [one for one in products if one.id == made.id]
        assert (found.name, found.part_number, found.url_name) == (
            draft.name,
            draft.part_number,
            draft.url_name,
        )

    async def test_what_is_left_to_do_is_the_same_when_it_is_asked_again(
        self, vendor: Vendor, hook: Any
    ) -> None:
        draft = await self.draft(vendor, hook)
        made = await self.make(hook, draft)
        [checking] = hook.list_missing_fields(draft=draft, shop_product_id=made.id)
        assert await checking == made.by_hand

    async def test_a_product_is_bound_and_given_back_and_the_rest_of_it_stays(
        self, vendor: Vendor, hook: Any
    ) -> None:
        draft = await self.draft(vendor, hook)
        made = await self.make(hook, draft)
        [before] = [one for one in await vendor.driver.products() if made.id in one.values()]
        was = await self.binding(hook, draft, made.id)
        pairings = tuple(structs.replace(one, configuration="117-9-x") for one in was.pairings)
        wanted = ProductBinding(part_number="117-9", mis_product_id="117-9-x", pairings=pairings)
        for _ in range(2):
            assert await self.bind(hook, draft, made.id, wanted) == ()
        assert await self.binding(hook, draft, made.id) == wanted
        assert await self.bind(hook, draft, made.id, was) == ()
        assert [one for one in await vendor.driver.products() if made.id in one.values()] == [before]

    async def test_a_binding_whose_answer_was_lost_is_try_later_and_can_be_repeated(
        self, vendor: Vendor, hook: Any
    ) -> None:
        draft = await self.draft(vendor, hook)
        made = await self.make(hook, draft)
        was = await self.binding(hook, draft, made.id)
        wanted = structs.replace(was, part_number="117-9")
        vendor.http.cut = True
        assert isinstance(await self.error_of(vendor, self.bind(hook, draft, made.id, wanted)), RetryLater)
        vendor.http.cut = False
        await self.bind(hook, draft, made.id, wanted)
        assert (await self.binding(hook, draft, made.id)).part_number == "117-9"

    async def test_a_product_that_does_not_exist_cannot_be_bound(self, vendor: Vendor, hook: Any) -> None:
        draft = await self.draft(vendor, hook)
        reading = self.binding(hook, draft, "00000000-0000-0000-0000-000000000000")
        assert isinstance(await self.error_of(vendor, reading), Refused)

    @pytest.mark.parametrize("lost", [1, 2, 3])
    async def test_a_product_is_made_once_whichever_answer_was_lost(
        self, vendor: Vendor, hook: Any, lost: int
    ) -> None:
        draft, before = await self.draft(vendor, hook), len(await vendor.driver.products())
        vendor.http.lose = lost
        [making] = hook.create_shop_product(draft=draft)
        with suppress(OutcomeUnknown, RetryLater):
            await making
        vendor.http.lose = 0
        if await self.find(hook, draft) is None:
            [again] = hook.create_shop_product(draft=structs.replace(draft, may_exist=True))
            await again
        assert len(await vendor.driver.products()) == before + 1

    async def test_an_outage_before_a_product_was_made_is_try_later(self, vendor: Vendor, hook: Any) -> None:
        draft, before = await self.draft(vendor, hook), await vendor.driver.products()
        vendor.http.down = True
        [making] = hook.create_shop_product(draft=draft)
        assert isinstance(await self.error_of(vendor, making), RetryLater)
        assert await vendor.driver.products() == before

    async def test_installing_twice_makes_nothing_twice(self, vendor: Vendor, hook: Any) -> None:
        [first], [second] = hook.install(), hook.install()
        made, again = await first, await second
        assert [one.id for one in made] == [one.id for one in again]
        assert all(one.id for one in made)
        assert {one.state.value for one in again} == {"existing"}

    async def test_what_was_installed_is_seen_and_nothing_else(self, hook: Any) -> None:
        [before] = hook.list_installed()
        assert await before == ()
        [installing] = hook.install()
        made = await installing
        [after] = hook.list_installed()
        assert [(one.kind, one.id) for one in await after] == [(one.kind, one.id) for one in made]
