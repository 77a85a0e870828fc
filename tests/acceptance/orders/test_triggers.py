"""When an order goes to the MIS, and when it does not: people at the emulated shop, in every order of their deeds."""

from collections.abc import AsyncIterator

import httpx
import pytest
from makeready.engine.model import NewWork
from makeready.orders.model import FETCH_ORDER
from makeready_lab.demo.orders import plain_order
from msgspec import structs
from world import SITE, TRIGGER, World, following


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with following(enabled=False) as made:
        yield made


class Buyer:
    """One order of one line, and what people do with it. Each deed is looked at, as its webhook asks."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self.number = number

    async def do(self, deed: str) -> None:
        shop = self._world.shop
        if deed == "approve":
            await shop.approve(self.number, 1)
        elif deed == "deny":
            await shop.deny(self.number, 1)
        else:
            await shop.move_to_stage(self.number, 1, deed)
        await self.look()

    async def look(self) -> None:
        work = NewWork(
            subscriber="northfield", kind=FETCH_ORDER, key=str(self.number), due_at=self._world.clock()
        )
        await self._world.installation.store.work.add([work])
        await self._world.pass_time(0)

    async def in_mis(self) -> int:
        orders = await self._world.mis.orders()
        return sum(order["reference"] == f"{self.number}-1" for order in orders)


async def ordered(world: World) -> Buyer:
    order = structs.replace(plain_order(SITE, "117-2284", 1), needs_approval=True)
    placed = await world.shop.place_order(order)
    buyer = Buyer(world, placed.order_number)
    await buyer.look()
    return buyer


@pytest.mark.parametrize(
    ("deeds", "expected"),
    [
        ((), 0),
        (("approve",), 0),
        ((TRIGGER,), 0),
        (("approve", TRIGGER), 1),
        ((TRIGGER, "approve"), 1),
        ((TRIGGER, "Press", "approve"), 0),
        (("Press", "approve", TRIGGER), 1),
        (("approve", TRIGGER, TRIGGER), 1),
        (("approve", TRIGGER, "Press", TRIGGER), 1),
        (("approve", TRIGGER, "Order Received", TRIGGER, "Press"), 1),
        (("deny", TRIGGER), 0),
        ((TRIGGER, "deny"), 0),
    ],
)
async def test_an_order_goes_once_when_it_is_approved_and_at_the_stage(world: World, deeds, expected) -> None:
    buyer = await ordered(world)
    for deed in deeds:
        assert await buyer.in_mis() == 0 or deed not in ("approve", "deny")
        await buyer.do(deed)
    assert await buyer.in_mis() == expected


async def test_an_order_that_the_shop_shows_only_after_its_approval_goes_then(world: World) -> None:
    switches = httpx.AsyncClient(
        base_url="http://pressero.example", transport=world.shop._http._transport, trust_env=False
    )
    async with switches:
        await switches.put("/_emulator/switches", json={"pending-page": "on"})
    buyer = await ordered(world)
    await world.pass_time(120)
    lines = await world.installation.store.ledger.lines("northfield")
    assert lines == [], "nobody knows of it yet"
    await buyer.do("approve")
    await buyer.do(TRIGGER)
    assert await buyer.in_mis() == 1
