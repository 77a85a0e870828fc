"""The contract of what is read from a shop: an order is what its buyer has placed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from makeready_hooks import Capability
from makeready_hooks.model.incoming import CallAnswer, IncomingCall
from makeready_hooks.model.order import Order, OrderPage, OrderRef
from makeready_hooks.model.price import NoPrice, PriceQuestion, Quote
from makeready_hooks.model.product import ProductDraft, ShopProduct, Unfinished
from makeready_hooks.model.progress import Shipment
from makeready_hooks.model.submission import AcceptedOrder
from makeready_hooks.testing.contracts.base import Vendor
from makeready_hooks.testing.contracts.line.shop import ShopLineContract
from makeready_hooks.testing.emulation import BuyerOrder, PlacedOrder, PostalAddress, Upload

CENT = Decimal("0.01")
HULL = {"line1": "Unit 9", "city": "Hull", "postcode": "HU1 1AA"}
AMOUNTS = tuple(map(Decimal, ("0.01", "0.30", "1.10", "19.99", "82.50", "1234.56", "1000000.05", "3.10")))


class ShopContentsContract(ShopLineContract):
    """Part of `StorefrontContract`."""

    def order(self) -> BuyerOrder:
        raise NotImplementedError

    def price_call(self, question: PriceQuestion) -> IncomingCall:
        """A call of the vendor's pricing engine for this product and quantity."""
        raise NotImplementedError

    def price_shown(self, answer: CallAnswer) -> tuple[Decimal, str]:
        raise NotImplementedError

    def signed(self, body: bytes, key: str) -> IncomingCall:
        raise NotImplementedError

    def event(self, order_number: str) -> bytes:
        raise NotImplementedError

    def pages(self, hook: Any, start: datetime, end: datetime) -> AsyncIterator[OrderPage]:
        raise NotImplementedError

    def elsewhere(self, address: PostalAddress) -> PostalAddress:
        return structs.replace(address, first_name="Hal", last_name="Ink", business="Harbour", **HULL)

    def rich(self) -> BuyerOrder:
        """Two places, several quantities, a number of the buyer's, two files at the second item."""
        order = self.order()
        item = order.items[0]
        uploads = tuple(
            Upload(file_name=name, content=b"%PDF-1.4 " + name.encode()) for name in ("a.pdf", "b.pdf")
        )
        items = (
            structs.replace(item, quantity=100, uploads=()),
            structs.replace(item, quantity=250, uploads=uploads, ship_to=self.elsewhere(order.ship_to)),
            structs.replace(item, quantity=1000, uploads=()),
        )
        return structs.replace(order, items=items, po_number="PO 4711-B", shipping=Decimal("12.35"))

    async def placed(self, vendor: Vendor, hook: Any, order: BuyerOrder) -> tuple[PlacedOrder, Order]:
        placed = await vendor.driver.place_order(order)
        [read] = await self.read(hook, str(placed.order_number))
        return placed, read

    async def test_lines_are_those_that_the_buyer_has_ordered(self, vendor: Vendor, hook: Any) -> None:
        wanted = self.rich()
        _, order = await self.placed(vendor, hook, wanted)
        told = [(one.number, one.part_number, one.pieces) for one in order.lines]
        bought = [(n, item.part_number, item.quantity) for n, item in enumerate(wanted.items, 1)]
        assert told == bought, f"the buyer has ordered {bought}, and {told} is read"
        assert len({one.id for one in order.lines}) == len(order.lines), "two lines have one id"
        assert all(one.description for one in order.lines), "a line has no description"

    async def test_the_money_of_an_order_is_what_the_buyer_pays(self, vendor: Vendor, hook: Any) -> None:
        placed, order = await self.placed(vendor, hook, self.rich())
        names = ("net", "discount", "tax", "shipping_net", "shipping_tax")
        amounts = [getattr(line, name) or Decimal(0) for line in order.lines for name in names]
        assert all(isinstance(one, Decimal) for one in amounts), f"an amount is no Decimal: {amounts}"
        assert all(one == one.quantize(CENT) for one in amounts), (
            f"an amount is not in whole cents: {amounts}"
        )
        sums = {
            name: sum((getattr(one, name) or Decimal(0) for one in order.lines), Decimal(0)) for name in names
        }
        total = sums["net"] - sums["discount"] + sums["tax"] + sums["shipping_net"] + sums["shipping_tax"]
        assert total == placed.total, f"the buyer pays {placed.total}, and the lines come to {total}: {sums}"
        assert order.totals.total in (None, placed.total), (
            f"the buyer pays {placed.total}, and not {order.totals.total}"
        )
        assert sums["shipping_net"] == Decimal("12.35"), (
            f"shipping costs 12.35, and {sums['shipping_net']} is read"
        )

    async def test_each_line_goes_where_its_buyer_wants_it(self, vendor: Vendor, hook: Any) -> None:
        wanted = self.rich()
        payer = structs.replace(wanted.bill_to, last_name="Payer", line1="1 Ledger Row", city="Derby")
        _, order = await self.placed(vendor, hook, structs.replace(wanted, bill_to=payer))
        told = [
            (one.ship_to.last_name, one.ship_to.address.line1, one.ship_to.address.city)
            for one in order.lines
        ]
        places = [item.ship_to or wanted.ship_to for item in wanted.items]
        assert told == [(one.last_name, one.line1, one.city) for one in places], f"lines go to {told}"
        bill = (order.bill_to.last_name, order.bill_to.address.line1)
        assert bill == ("Payer", "1 Ledger Row"), f"the bill goes to {bill}"
        postcodes = [one.ship_to.address.postcode for one in order.lines]
        assert postcodes == [one.postcode for one in places], f"postcodes are {postcodes}"

    async def test_the_head_of_an_order_is_its_buyer_s(self, vendor: Vendor, hook: Any) -> None:
        wanted = self.rich()
        _, order = await self.placed(vendor, hook, wanted)
        told = (order.site, order.buyer.email, order.po_number)
        assert told == (wanted.site, wanted.buyer_email, "PO 4711-B"), f"site, buyer and number are {told}"
        assert order.id and order.account_id, "an order has no id, or no account"

    async def test_the_day_that_the_buyer_asks_for_is_each_line_s(self, vendor: Vendor, hook: Any) -> None:
        wanted = structs.replace(self.rich(), requested_ship_date="2031-05-09")
        _, order = await self.placed(vendor, hook, wanted)
        told = {str(one.required_on) for one in order.lines}
        assert told == {"2031-05-09"}, f"the buyer asks for 2031-05-09, and {told} is read"

    async def test_every_moment_has_a_zone_and_is_that_of_the_order(self, vendor: Vendor, hook: Any) -> None:
        _, order = await self.placed(vendor, hook, self.rich())
        assert order.placed_at.tzinfo is not None, f"{order.placed_at} has no zone"
        away = abs(datetime.now(UTC) - order.placed_at)
        assert away < timedelta(hours=15), f"an order of now is read as placed at {order.placed_at}"

    async def test_several_orders_at_once_have_each_its_own(self, vendor: Vendor, hook: Any) -> None:
        wanted = {}
        for quantity in range(101, 113):
            item = structs.replace(self.order().items[0], quantity=quantity, uploads=())
            placed = await vendor.driver.place_order(structs.replace(self.order(), items=(item,)))
            wanted[str(placed.order_number)] = quantity
        told = {one.number: one.lines[0].pieces for one in await self.read(hook, *wanted)}
        assert told == wanted, f"orders have {wanted} pieces, and {told} is read"
        dated = tuple(
            OrderRef(number=one.number, placed_at=one.placed_at) for one in await self.read(hook, *wanted)
        )
        [reading] = hook.read_orders(refs=dated)
        assert {one.number: one.lines[0].pieces for one in await reading} == wanted, (
            "asked with dates, others are read"
        )

    async def test_a_period_holds_every_order_of_it_and_no_other_period_does(
        self, vendor: Vendor, hook: Any
    ) -> None:
        numbers = [str((await self.place(vendor)).order_number) for _ in range(25)]
        [first] = await self.read(hook, numbers[0])
        day, year = timedelta(days=1), timedelta(days=900)
        found = [
            one
            async for page in self.pages(hook, first.placed_at - day, first.placed_at + day)
            for one in page.orders
        ]
        told = sorted(one.number for one in found if one.number in numbers)
        assert told == sorted(numbers), (
            f"of {len(numbers)} orders of a period {len(set(told))} are listed, {len(told)} times"
        )
        lines = {one.number: len(one.lines) for one in found if one.number in numbers}
        assert set(lines.values()) == {len(self.order().items)}, (
            f"orders are listed without all their lines: {lines}"
        )
        start = first.placed_at - year
        late = [one.number async for page in self.pages(hook, start, start + day) for one in page.orders]
        assert not set(late) & set(numbers), "a period holds orders that were not placed in it"

    async def test_files_are_those_of_their_line(self, vendor: Vendor, hook: Any) -> None:
        _, order = await self.placed(vendor, hook, self.rich())
        for number, wanted in ((1, []), (2, ["a.pdf", "b.pdf"]), (3, [])):
            [listing] = hook.list_line_files(order_number=order.number, line_number=number)
            listed = await listing
            [completing] = hook.read_order_details(order=order, lines=(number,), files_may_follow=False)
            [line] = (await completing).lines
            for files in (listed, line.files):
                told = sorted(one.file_name for one in files)
                assert told == wanted, f"line {number} has {wanted}, and {told} is read"
                assert all(one.url.startswith("http") for one in files), f"a file has no address: {files}"
                assert len({one.url for one in files}) == len(files), "two files have one address"

    async def test_a_line_whose_files_are_left_for_later_says_so(self, vendor: Vendor, hook: Any) -> None:
        _, order = await self.placed(vendor, hook, self.rich())
        for may_follow in (True, False):
            [completing] = hook.read_order_details(order=order, lines=(1, 2, 3), files_may_follow=may_follow)
            for line in (await completing).lines:
                [listing] = hook.list_line_files(order_number=order.number, line_number=line.number)
                held = await listing
                all_there = sorted(one.url for one in line.files) == sorted(one.url for one in held)
                assert all_there or (line.files_follow and may_follow), (
                    f"line {line.number} has {len(held)} files, and {len(line.files)} are told"
                )

    async def test_details_are_of_the_lines_asked_for_and_change_nothing_else(
        self, vendor: Vendor, hook: Any
    ) -> None:
        _, order = await self.placed(vendor, hook, self.rich())
        [completing] = hook.read_order_details(order=order, lines=(1, 3), files_may_follow=False)
        told = await completing
        assert [one.number for one in told.lines] == [1, 3], f"lines 1 and 3 are asked for: {told.lines}"
        before = [structs.replace(one, files=()) for one in order.lines if one.number != 2]
        assert [structs.replace(one, files=()) for one in told.lines] == before, (
            "details change what was read"
        )
        assert told.buyer.id, "the buyer has no id"

    async def test_what_an_approver_does_is_read(self, vendor: Vendor, hook: Any) -> None:
        placed, order = await self.placed(vendor, hook, structs.replace(self.rich(), needs_approval=True))
        assert not any(one.approved or one.denied for one in order.lines), "nobody has approved it yet"
        await vendor.driver.approve(placed.order_number, 1)
        await vendor.driver.deny(placed.order_number, 3)
        [order] = await self.read(hook, str(placed.order_number))
        told = [(one.approved, one.denied) for one in order.lines]
        assert told == [(True, False), (False, False), (False, True)], f"(approved, denied) is read as {told}"

    async def test_a_mark_is_on_its_line_alone_and_is_read_there(self, vendor: Vendor, hook: Any) -> None:
        placed, order = await self.placed(vendor, hook, self.rich())
        accepted = AcceptedOrder(id="1", number="SO-0030001")
        [marking] = hook.write_mis_number(order_number=order.number, line_number=2, accepted=accepted)
        assert await marking is True
        shown = [await vendor.driver.mis_number(placed.order_number, n) or "" for n in (1, 2, 3)]
        assert shown == ["", "SO-0030001", ""], f"the shop shows {shown}"
        [order] = await self.read(hook, order.number)
        assert [one.mis_number for one in order.lines] == shown, "a mark is read otherwise than it is shown"

    async def test_a_line_is_moved_and_no_other(self, vendor: Vendor, hook: Any) -> None:
        if not self.can(hook, Capability.MOVE_ITEM):
            pytest.skip("its items cannot be moved: list_workflow_stages, move_line_to_stage")
        placed, order = await self.placed(vendor, hook, self.rich())
        stages = await self.stages(hook, order)
        before = [(await vendor.driver.stages(placed.order_number, n))[-1] for n in (1, 2, 3)]
        stage = [one for one in stages if one.name != before[1]][-1]
        [moving] = hook.move_line_to_stage(order_number=order.number, line_number=2, stage=stage, note="SO-1")
        await moving
        after = [(await vendor.driver.stages(placed.order_number, n))[-1] for n in (1, 2, 3)]
        assert after == [before[0], stage.name, before[2]], (
            f"line 2 goes to {stage.name}, and lines are at {after}"
        )

    async def test_parcels_are_on_their_lines_with_their_numbers(self, vendor: Vendor, hook: Any) -> None:
        if not self.can(hook, Capability.SHIPMENTS):
            pytest.skip("it takes no shipments: create_shipment, shows_shipment")
        placed, order = await self.placed(vendor, hook, self.rich())
        for tracking, lines in (("DP-1", (1,)), ("DP-12", (1, 3)), ("DP-1", (1,))):
            shipment = Shipment(tracking=tracking, carrier="Dales Parcels")
            [writing] = hook.create_shipment(order=order, lines=lines, shipment=shipment)
            assert await writing is True
        shown = [sorted(await vendor.driver.trackings(placed.order_number, n)) for n in (1, 2, 3)]
        assert shown == [["DP-1", "DP-12"], [], ["DP-12"]], f"the shop shows parcels {shown}"

    @pytest.mark.parametrize("amount", AMOUNTS, ids=str)
    async def test_every_price_is_shown_to_the_cent(self, hook: Any, amount: Decimal) -> None:
        question = hook.decode_price_call(
            call=self.price_call(PriceQuestion(product="117-1-shop.example", quantity=3))
        )
        shown = self.price_shown(hook.encode_price(question=question, answer=Quote(total=amount)))
        assert shown == (amount, ""), f"a price of {amount} is shown as {shown}"

    async def test_whatever_is_asked_is_what_is_understood(self, hook: Any) -> None:
        for product, quantity in (
            ("117-2284-shop.example", 1),
            ("117-4107-shop.example", 250),
            ("a-b", 10_000),
        ):
            question = PriceQuestion(product=product, quantity=quantity)
            told = hook.decode_price_call(call=self.price_call(question))
            assert (told.product, told.quantity) == (product, quantity), f"{question} is understood as {told}"

    async def test_the_reason_why_there_is_no_price_is_shown_as_it_is(self, hook: Any) -> None:
        question = hook.decode_price_call(
            call=self.price_call(PriceQuestion(product="117-1-shop.example", quantity=3))
        )
        for reason in ("Sold out.", 'Not in "silk" & gold, \u00e9'):
            shown = self.price_shown(hook.encode_price(question=question, answer=NoPrice(reason=reason)))
            assert shown == (Decimal(0), reason), f"{reason} is shown as {shown}"

    async def test_products_are_those_of_their_site(self, vendor: Vendor, hook: Any) -> None:
        sites = await vendor.driver.sites()
        if len(sites) < 2:
            pytest.skip("this vendor has one site")
        draft = structs.replace(await self.draft(vendor, hook), site=sites[0])
        made: ShopProduct = await self.make(hook, draft)
        for site in sites:
            [listing] = hook.list_shop_products(site=site)
            is_there = made.id in [one.id for one in await listing]
            [looking] = hook.find_shop_product(site=site, url_name=draft.url_name)
            found = await looking
            assert is_there == (site == sites[0]), (
                f"a product of {sites[0]} is {'' if is_there else 'not '}in {site}"
            )
            assert (found is not None) == (site == sites[0]), (
                f"a product of {sites[0]}, looked for in {site}: {found}"
            )

    async def test_url_names_that_are_alike_are_told_apart(self, vendor: Vendor, hook: Any) -> None:
        draft = await self.draft(vendor, hook)
        made: dict[str, str] = {}
        for number, name in enumerate(("kit-1", "kit-12", "a-kit-1")):
            numbers = {"part_number": f"117-{number}", "public_part_number": f"117-{number}"}
            one: ProductDraft = structs.replace(draft, url_name=name, stock=None, **numbers)
            [looking] = hook.find_shop_product(site=draft.site, url_name=name)
            assert await looking is None, f"{name} was not made yet, and is found beside {list(made)}"
            made[name] = (await self.make(hook, one)).id
        for name, product_id in made.items():
            [looking] = hook.find_shop_product(site=draft.site, url_name=name)
            found = await looking
            assert found is not None and found.id == product_id, f"under {name} {found} is found"

    async def test_what_a_page_or_a_person_is_given_is_made_without_a_call(
        self, vendor: Vendor, hook: Any
    ) -> None:
        """The HTML for the head of a site's pages, and the file for the shop's own import."""
        left = [
            Unfinished(shop_product_id=f"p{n}", engine_product_id=f"117-{n}-s", part_number=f"117-{n}")
            for n in (1, 2)
        ]
        for _ in range(2):
            snippet = hook.storefront_snippet(site="shop.example")
            assert snippet is None, f"no public address is known, and pages are to load {snippet}"
            file = hook.encode_import_file(products=tuple(left))
            assert file is None or all(one.shop_product_id.encode() in file.content for one in left), (
                "a product is left out"
            )
            assert file == hook.encode_import_file(products=tuple(left)), (
                "the same products give another file"
            )
        assert vendor.http.requests == [], "what is pure calls somebody"
