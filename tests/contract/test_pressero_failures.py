"""Failures on the way to Pressero: nothing is made twice, no row is lost, and a mark can be repeated."""

from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal

import msgspec
import pytest
from makeready_hooks import ConnectorContext, decode_secret
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import Order, OrderRef
from makeready_hooks.model.product import Choice, ProductDraft
from makeready_hooks.model.progress import Shipment
from makeready_hooks.model.submission import AcceptedOrder
from makeready_hooks.testing.emulation import BuyerItem, BuyerOrder, PostalAddress
from makeready_hooks.testing.kit import Vendor, emulating
from makeready_pressero.plugin import CONNECTOR, Pressero, build
from makeready_pressero_emulator import EMULATOR

SITE = "shop.northfield.example"
FAULTS = {"rate-limit": "off", "hang-s": "1"}
PLACE = PostalAddress(
    first_name="Ada",
    last_name="Quill",
    line1="2 Mill Lane",
    city="Leeds",
    region="",
    postcode="LS1",
    country="GB",
)
ORDER = BuyerOrder(
    site=SITE,
    buyer_email="ada@northfield.example",
    bill_to=PLACE,
    ship_to=PLACE,
    items=(BuyerItem(part_number="NF-CARD", quantity=100),),
    shipping=5,
)


def connector(vendor: Vendor) -> Pressero:
    given = {**vendor.settings, "answer_within_s": 0.5}
    settings = msgspec.convert(given, CONNECTOR.settings, dec_hook=decode_secret)
    return build(settings, ConnectorContext(subscriber="a", http=vendor.http))


async def listed(pressero: Pressero, at: datetime) -> AsyncIterator[tuple[Order, ...]]:
    page = await pressero.list_orders(at, at, None)
    yield page.orders
    while page.next is not None:
        page = await pressero.list_orders(at, at, page.next)
        yield page.orders


async def draft(vendor: Vendor) -> ProductDraft:
    """A product for the group and with the engine of one that the shop has."""
    product = (await vendor.driver.products())[0]
    [pairing, *_] = product["ProductGroupCalculators"]
    return ProductDraft(
        site=SITE,
        name="Opening kit",
        part_number="117-2284",
        public_part_number="117-2284",
        url_name="opening-kit-m2284",
        engine_product_id=f"117-2284-{SITE}",
        engine_id=pairing["CalculatorId"],
        groups=(Choice(id=pairing["GroupId"], name=""),),
    )


@pytest.mark.parametrize(
    ("fault", "made"),
    [
        ({"answer-lost": "1"}, 1),
        ({"error-after": "1"}, 1),
        ({"error-after": "1", "error-status": "503"}, 1),
        ({"truncated-json": "1"}, 1),
        ({"error-before": "1"}, 0),
        ({"html-error": "1"}, 0),
        ({"reset": "1"}, 0),
        ({"hang": "1"}, 0),
    ],
    ids=str,
)
async def test_a_product_whose_answer_is_none_has_an_unknown_outcome_and_is_then_found_or_not(
    fault: dict[str, str], made: int
) -> None:
    switches = {**FAULTS, "fault-path": f"POST /api/site/{SITE}/products", "fault-limit": "1", **fault}
    async with emulating(EMULATOR, switches) as vendor:
        pressero, wanted = connector(vendor), await draft(vendor)
        with pytest.raises(OutcomeUnknown):
            await pressero.create_shop_product(wanted)
        found = await pressero.find_shop_product(SITE, wanted.url_name)
        assert (found is not None) == bool(made)


@pytest.mark.parametrize(
    "fault", ["answer-lost", "error-after", "error-before", "html-error", "truncated-json", "reset", "hang"]
)
async def test_a_reading_and_a_mark_without_an_answer_are_try_later_and_then_done(fault: str) -> None:
    limit = (
        "3" if fault == "truncated-json" else "2"
    )  # is it this order's answer only? The shop is asked for another
    switches = {**FAULTS, "fault-path": "/api/v2/orders", "fault-limit": limit, fault: "1"}
    async with emulating(EMULATOR, switches) as vendor:
        number = (await vendor.driver.place_order(ORDER)).order_number
        pressero, accepted = connector(vendor), AcceptedOrder(id="1", number="SO-1")
        with pytest.raises(RetryLater):
            await pressero.read_orders((OrderRef(number=str(number)),))
        with pytest.raises(RetryLater):
            await pressero.write_mis_number(str(number), 1, accepted)
        assert await pressero.write_mis_number(str(number), 1, accepted)
        assert await vendor.driver.mis_number(number, 1) == "SO-1"


@pytest.mark.parametrize("later", ["1", "2", "5"])
async def test_a_list_that_changes_its_pages_is_read_whole_or_not_at_all(
    later: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makeready_pressero.session.PAGE_SIZE", 4)
    async with emulating(EMULATOR, {**FAULTS, "page-size-change": later}) as vendor:
        placed = [str((await vendor.driver.place_order(ORDER)).order_number) for _ in range(9)]
        pressero = connector(vendor)
        [first] = await pressero.read_orders((OrderRef(number=placed[0]),))
        orders: list[Order] = []
        try:
            async for page in listed(pressero, first.placed_at):
                orders += page
        except RetryLater:
            assert {order.number for order in orders} < set(placed)
        else:
            assert sorted(order.number for order in orders) == placed
        assert [len(order.lines) for order in orders] == [1] * len(orders)


async def test_details_of_another_order_under_the_number_are_not_taken_for_this_ones() -> None:
    async with emulating(EMULATOR, {**FAULTS, "same-number": "newest"}) as vendor:
        number = (await vendor.driver.place_order(ORDER)).order_number
        pressero = connector(vendor)
        [order] = await pressero.read_orders((OrderRef(number=str(number)),))
        await vendor.driver.place_order(msgspec.structs.replace(ORDER, order_number=number))
        with pytest.raises(RetryLater, match="another order"):
            await pressero.read_order_details(order, (1,), files_may_follow=False)
        assert [
            one.id == order.id for one in await pressero.read_orders((OrderRef(number=str(number)),))
        ] == [
            True,
            False,
        ]


@pytest.mark.parametrize("answers", ["works", "everything", "finds-nothing"])
async def test_a_stock_item_is_made_once_whatever_becomes_of_the_search_s_filters(answers: str) -> None:
    switches = {**FAULTS, "answer-lost": "1", "fault-path": "StockInventory", "fault-limit": "1"}
    async with emulating(EMULATOR, {**switches, "stock-search": answers}) as vendor:
        pressero = connector(vendor)
        wanted = msgspec.structs.replace(await draft(vendor), stock=Decimal(7))
        with pytest.raises(OutcomeUnknown):
            await pressero.create_shop_product(wanted)
        assert await pressero.create_shop_product(msgspec.structs.replace(wanted, may_exist=True))
        stocks = (await vendor.driver.state())["stocks"].values()
        assert [one["name"] for one in stocks].count("117-2284") == 1


async def test_a_stock_item_that_the_search_cannot_find_is_not_made_again() -> None:
    async with emulating(EMULATOR, {**FAULTS, "stock-search": "finds-nothing"}) as vendor:
        wanted = msgspec.structs.replace(await draft(vendor), stock=Decimal(7), may_exist=True)
        with pytest.raises(Refused, match="Nobody can tell"):
            await connector(vendor).create_shop_product(wanted)
        assert "117-2284" not in await vendor.driver.stock_levels()


@pytest.mark.parametrize(
    ("answers", "shown"), [("works", True), ("everything", True), ("finds-nothing", False)]
)
async def test_a_list_of_shipments_that_shows_too_much_or_nothing(answers: str, shown: bool) -> None:
    async with emulating(EMULATOR, {**FAULTS, "shipment-list": answers}) as vendor:
        pressero, parcel = connector(vendor), Shipment(tracking="DP-1", carrier="Dales Parcels")
        numbers = [str((await vendor.driver.place_order(ORDER)).order_number) for _ in range(2)]
        for order in await pressero.read_orders(tuple(OrderRef(number=one) for one in numbers)):
            await pressero.create_shipment(order, (1,), parcel)
        assert [await vendor.driver.trackings(int(one), 1) for one in numbers] == [("DP-1",), ("DP-1",)]
        assert await pressero.shows_shipment(numbers[0], 1, parcel) is shown


async def test_a_shop_that_caps_its_pages_and_gives_no_total_hides_no_order() -> None:
    async with emulating(EMULATOR, {**FAULTS, "page-cap": "4", "page-total": "off"}) as vendor:
        placed = [str((await vendor.driver.place_order(ORDER)).order_number) for _ in range(11)]
        pressero = connector(vendor)
        [first] = await pressero.read_orders((OrderRef(number=placed[0]),))
        orders = [order async for page in listed(pressero, first.placed_at) for order in page]
        assert sorted(order.number for order in orders) == placed
