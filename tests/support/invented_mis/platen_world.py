"""Pressero's shop and Platen, with one order of two lines that go to two places in two ways, in virtual time."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from makeready.engine.model import NewWork
from makeready.orders.model import FETCH_ORDER
from makeready_lab.demo.orders import plain_order
from msgspec.structs import replace
from platen_connector import CONNECTOR
from platen_emulator import EMULATOR
from world import SCENARIO, SITE, STATUS_POLL_S, TRIGGER, World

PART = "117-KIT/22-84"
METHODS = {"Standard": "Dales Parcels / Two days", "Express": "Dales Parcels / Next day"}


class PlatenWorld(World):
    mis_kind, mis_emulator, mis_switches, mis_settings = CONNECTOR, EMULATOR, {}, {}
    more: Mapping[str, Any] = {
        "orders": {
            "trigger_stage": TRIGGER,
            "reconcile_every_s": 1_000_000.0,
            "starts_at": "2026-01-01T00:00:00Z",
            "grouping": "order",
        },
        "shipping": {"methods": METHODS},
    }

    async def order_of_two(self) -> str:
        """Its number; 100 by *Standard* to the buyer's place, 50 by *Express* to Hull. Platen has just taken it."""
        placed_at = datetime.fromtimestamp(self.clock(), UTC).replace(tzinfo=None).isoformat()
        order = plain_order(SITE, PART, 1, placed_at)
        [item] = order.items
        there = replace(order.ship_to, line1="Unit 9", city="Hull", postcode="HU1 1AA")
        other = replace(item, quantity=50, ship_to=there, shipping_method="Express")
        placed = await self.shop.place_order(replace(order, items=(replace(item, quantity=100), other)))
        for line in (1, 2):
            await self.shop.move_to_stage(placed.order_number, line, TRIGGER)
        number = str(placed.order_number)
        look = NewWork(subscriber="northfield", kind=FETCH_ORDER, key=number, due_at=self.clock())
        await self.installation.store.work.add([look])
        await self.pass_time(0)
        return number

    async def taken(self, number: str) -> dict[str, Any]:
        """The order as Platen has it."""
        [found] = [one for one in await self.mis.orders() if one["our_ref"] == number]
        return dict(found)

    async def parcels(self, number: str) -> list[list[tuple[str, int]]]:
        """On each of the two items in the shop."""
        return [list(await self.shop.parcels(int(number), line)) for line in (1, 2)]


@asynccontextmanager
async def shipping(folder: Path) -> AsyncIterator[PlatenWorld]:
    """Orders are followed for their parcels alone."""
    scenario = folder / "shop.toml"
    methods = '\n[[shipping_methods]]\nname = "Express"\ncarrier = "DHL"\nmin_charge = 20\nper_weight = 0\n'
    scenario.write_text(SCENARIO.read_text().replace('"117-2284"', f'"{PART}"') + methods)
    given = {"enabled": True, "poll_every_s": STATUS_POLL_S}
    async with AsyncExitStack() as stack:
        world = PlatenWorld(stack, "status", given, scenario)
        await world.start()
        yield world
        await world.check_twin()
