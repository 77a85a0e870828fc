"""Orders that the shop does not want any more, before and after they were sent, between both emulators."""

from makeready.engine.model import NewWork
from makeready.orders.model import FETCH_ORDER, LineRow
from makeready_admin.inbox.store import waiting_of
from makeready_lab.demo.orders import plain_order
from world import World, following

SITE, TRIGGER, CANCELLED = "shop.northfield.example", "Tharstern Xfr", "Order Cancelled"


async def look(world: World, number: str) -> LineRow:
    """What the ledger says of the order's line after a webhook has come."""
    work = NewWork(subscriber="northfield", kind=FETCH_ORDER, key=number, due_at=world.clock())
    await world.installation.store.work.add([work])
    await world.pass_time(0)
    [line] = await world.installation.store.ledger.of_order("northfield", number)
    return line


async def test_a_denial_after_our_mark_stands_is_told_once() -> None:
    async with following() as world:
        number = await world.order()
        await world.shop.edit(int(number), 1, {"IsApproved": False, "IsDenied": True})
        for _ in range(2):
            line = await look(world, number)
            assert (line.state, line.notice) == ("accepted", "after it was sent: denied in the shop")
        found = await waiting_of(world.installation.store).find("northfield", 10)
        assert [one.notice for one in found.noticed] == [line.notice]


async def test_a_move_to_order_cancelled_after_our_mark_stands_is_told_and_taken_back() -> None:
    async with following() as world:
        number = await world.order()
        await world.shop.move_to_stage(int(number), 1, CANCELLED)
        line = await look(world, number)
        said = "after it was sent: cancelled in the shop: it is at stage Order Cancelled"
        assert (line.state, line.notice) == ("accepted", said)
        await world.shop.move_to_stage(int(number), 1, "Press")
        assert (await look(world, number)).notice == ""


async def test_a_cancellation_that_the_mis_itself_led_to_is_nothing_new_to_it() -> None:
    async with following(stages={"In production": "Press", "Cancelled": CANCELLED}) as world:
        number = await world.order()
        await world.mis_moves(number, "Cancelled")
        await world.pass_time(1000)
        assert (await world.stages(number))[-1] == CANCELLED
        assert (await look(world, number)).notice == ""


async def test_a_line_that_is_cancelled_before_the_transfer_ends_and_can_come_back() -> None:
    async with following() as world:
        placed = await world.shop.place_order(plain_order(SITE, "117-2284", 1))
        number = str(placed.order_number)
        await world.shop.move_to_stage(placed.order_number, 1, CANCELLED)
        line = await look(world, number)
        assert (line.state, line.reason) == (
            "cancelled",
            "cancelled in the shop: it is at stage Order Cancelled",
        )
        assert await world.mis.orders() == []
        await world.shop.move_to_stage(placed.order_number, 1, TRIGGER)
        assert (await look(world, number)).state == "accepted"
