"""A storefront connector that reads other orders than buyers have placed."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from broken import Pressero, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import MakereadyError
from makeready_hooks.model.order import Artwork, Order, OrderPage, OrderRef

LINES = "test_lines_are_those_that_the_buyer_has_ordered"
MONEY = "test_the_money_of_an_order_is_what_the_buyer_pays"
PLACES = "test_each_line_goes_where_its_buyer_wants_it"
HEAD = "test_the_head_of_an_order_is_its_buyer_s"
PERIOD = "test_a_period_holds_every_order_of_it_and_no_other_period_does"
FILES = "test_files_are_those_of_their_line"


def order_with(change: Callable[[Order], Order]) -> Any:
    """Hooks that read orders so changed."""

    class Changed(Pressero):
        @hookimpl
        async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
            return tuple(change(one) for one in await super().read_orders(refs))

    return Changed


def lines_with(change: Callable[[Any], dict[str, Any]]) -> Any:
    return order_with(
        lambda order: replace(order, lines=tuple(replace(one, **change(one)) for one in order.lines))
    )


@broken("all lines are read", LINES, "test_an_order_is_read_with_all_its_lines")
class FirstLineOnly(order_with(lambda order: replace(order, lines=order.lines[:1]))):
    pass


@broken("the quantity is what the buyer ordered", LINES)
class ShopQuantityIsAlwaysOne(lines_with(lambda line: {"quantity": 1})):
    pass


@broken("packs are counted", LINES)
class PacksCountTwice(lines_with(lambda line: {"pack_size": 50})):
    pass


@broken("the part number is the printer's", LINES)
class PartNumberWithoutItsSegment(
    lines_with(lambda line: {"part_number": line.part_number.partition("-")[2]})
):
    pass


@broken("each line has an id of its own", LINES)
class LinesWithTheOrdersId(
    order_with(lambda order: replace(order, lines=tuple(replace(one, id=order.id) for one in order.lines)))
):
    pass


@broken("tax is read", MONEY)
class TaxIsLeftOut(lines_with(lambda line: {"tax": Decimal(0), "net": line.net + Decimal("0.01")})):
    pass


@broken("shipping is read", MONEY)
class ShippingIsLeftOut(lines_with(lambda line: {"shipping_net": Decimal(0)})):
    pass


@broken("amounts are Decimals", MONEY)
class AmountsAreFloats(lines_with(lambda line: {"shipping_net": float(line.shipping_net)})):
    pass


@broken("amounts are read to the cent", MONEY)
class AmountsAreRoundedDown(
    lines_with(lambda line: {"shipping_net": line.shipping_net.quantize(Decimal(1), ROUND_DOWN)})
):
    pass


@broken("a line goes where its buyer wants it", PLACES)
class ShopBillToForShipTo(
    order_with(
        lambda order: replace(order, lines=tuple(replace(one, ship_to=order.bill_to) for one in order.lines))
    )
):
    pass


@broken("the bill goes to who pays", PLACES)
class ShipToForBillTo(
    order_with(lambda order: replace(order, bill_to=order.lines[0].ship_to) if order.lines else order)
):
    pass


@broken("the buyer's own number is read", HEAD)
class ShopPurchaseNumberIsLeftOut(order_with(lambda order: replace(order, po_number=""))):
    pass


@broken("an order is of its site", HEAD)
class EveryOrderIsOfOneSite(order_with(lambda order: replace(order, site="shop.example"))):
    pass


@broken("the day that the buyer asks for is read", "test_the_day_that_the_buyer_asks_for_is_each_line_s")
class DayIsLeftOut(lines_with(lambda line: {"required_on": None})):
    pass


@broken("moments have a zone", "test_every_moment_has_a_zone_and_is_that_of_the_order")
class ShopNaiveTimes(
    order_with(lambda order: replace(order, placed_at=order.placed_at.replace(tzinfo=None)))
):
    pass


@broken("an order was placed when it was placed", "test_every_moment_has_a_zone_and_is_that_of_the_order")
class EveryOrderIsOld(order_with(lambda order: replace(order, placed_at=datetime(2020, 1, 1, tzinfo=UTC)))):
    pass


@broken("only approved lines are approved", "test_what_an_approver_does_is_read")
class EverythingIsApproved(lines_with(lambda line: {"approved": True})):
    pass


@broken("a denied line is denied", "test_what_an_approver_does_is_read")
class DenialsAreNotSeen(lines_with(lambda line: {"denied": False})):
    pass


@broken(
    "an order that cannot be read is told",
    "test_an_order_that_cannot_be_read_has_its_number_the_problem_and_the_document",
)
class UnreadableOrdersAreLeftOut(Pressero):
    @hookimpl
    async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        return tuple(one for one in await super().read_orders(refs) if not one.problem)


@broken("several orders are read at once", "test_several_orders_at_once_have_each_its_own")
class FiveOrdersAtOnce(Pressero):
    @hookimpl
    async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        return await super().read_orders(refs[:5])


@broken("a lost answer is no empty one", "test_a_lost_answer_or_a_deadline_is_try_later_whichever_it_is")
class ShopLostIsEmpty(Pressero):
    @hookimpl
    async def read_orders(self, refs: tuple[OrderRef, ...]) -> tuple[Order, ...]:
        try:
            return await super().read_orders(refs)
        except MakereadyError:
            return ()


@broken("all of a period is listed", PERIOD)
class ShopFirstPageOnly(Pressero):
    @hookimpl
    async def list_orders(self, start: datetime, end: datetime, cursor: object) -> OrderPage:
        found = await super().list_orders(start, end, cursor)
        return replace(found, orders=found.orders[:10], next=None)


@broken("each order of a period is listed once", PERIOD)
class OrdersAreListedTwice(Pressero):
    @hookimpl
    async def list_orders(self, start: datetime, end: datetime, cursor: object) -> OrderPage:
        found = await super().list_orders(start, end, cursor)
        return replace(found, orders=found.orders * 2)


@broken("a period holds its own orders", PERIOD)
class PeriodIsIgnored(Pressero):
    @hookimpl
    async def list_orders(self, start: datetime, end: datetime, cursor: object) -> OrderPage:
        ages = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        return await super().list_orders(*ages, cursor)


@broken("files are read", FILES, "test_a_completed_order_has_the_lines_asked_for_their_files_and_the_buyer")
class ShopFilesAreLeftOut(Pressero):
    @hookimpl
    async def list_line_files(self, order_number: str, line_number: int) -> tuple[Artwork, ...]:
        return ()

    @hookimpl
    async def read_order_details(self, order: Order, lines: tuple[int, ...], files_may_follow: bool) -> Order:
        found = await super().read_order_details(order, lines, files_may_follow)
        return replace(found, lines=tuple(replace(one, files=()) for one in found.lines))


@broken("files that are left for later are told", "test_a_line_whose_files_are_left_for_later_says_so")
class FilesFollowUnsaid(Pressero):
    @hookimpl
    async def read_order_details(self, order: Order, lines: tuple[int, ...], files_may_follow: bool) -> Order:
        found = await super().read_order_details(order, lines, files_may_follow)
        if not files_may_follow:
            return found
        return replace(found, lines=tuple(replace(one, files=()) for one in found.lines))


@broken("files are those of their line", FILES)
class FilesOfTheFirstLine(Pressero):
    @hookimpl
    async def list_line_files(self, order_number: str, line_number: int) -> tuple[Artwork, ...]:
        return await super().list_line_files(order_number, 1)


@broken("every file of a line is read", FILES)
class OneFileALine(Pressero):
    @hookimpl
    async def list_line_files(self, order_number: str, line_number: int) -> tuple[Artwork, ...]:
        return (await super().list_line_files(order_number, line_number))[:1]


@broken(
    "details are of the lines asked for", "test_details_are_of_the_lines_asked_for_and_change_nothing_else"
)
class DetailsOfAllLines(Pressero):
    @hookimpl
    async def read_order_details(self, order: Order, lines: tuple[int, ...], files_may_follow: bool) -> Order:
        return await super().read_order_details(
            order, tuple(one.number for one in order.lines), files_may_follow
        )


@broken("the buyer has an id", "test_a_completed_order_has_the_lines_asked_for_their_files_and_the_buyer")
class BuyersWithoutAnId(Pressero):
    @hookimpl
    async def read_order_details(self, order: Order, lines: tuple[int, ...], files_may_follow: bool) -> Order:
        found = await super().read_order_details(order, lines, files_may_follow)
        return replace(found, buyer=replace(found.buyer, id=""))
