"""An order to two places from the shop into Platen, and its parcels back: each part once, whatever dies or is lost."""

import random
from itertools import count
from pathlib import Path

from makeready.orders.fulfilment.write_back import QUIET_S
from makeready.orders.views.preview import preview_order
from makeready_lab.simulation.faults import Odds
from platen_world import PlatenWorld, shipping
from world import STATUS_POLL_S

LIVES = 12


async def ship(world: PlatenWorld, number: str, name: str) -> None:
    """In two parcels: 40 of the first line; then the rest of it, and the second."""
    order = (await world.taken(number))["order"]
    await world.mis.ship_part(order, f"A-{name}", {1: 40})
    await world.pass_time(STATUS_POLL_S)
    await world.mis.ship_part(order, f"B-{name}", {1: 60, 2: 50})
    await world.pass_time(STATUS_POLL_S)


async def is_told(world: PlatenWorld, number: str, name: str) -> None:
    first, second = [(f"A-{name}", 40), (f"B-{name}", 60)], [(f"B-{name}", 0)]
    found = [[(text.split()[-1], quantity) for text, quantity in one] for one in await world.parcels(number)]
    assert [sorted(one) for one in found] == [first, second], name


async def test_each_place_and_way_is_a_consignment_of_its_own(tmp_path: Path) -> None:
    async with shipping(tmp_path) as world:
        number = await world.order_of_two()
        sent = await world.taken(number)
        assert [
            (one["to"]["city"], one["carrier"], one["service"], one["rows"]) for one in sent["consignments"]
        ] == [
            ("Leeds", "Dales Parcels", "Two days", [{"row": 1, "quantity": 100}]),
            ("Hull", "Dales Parcels", "Next day", [{"row": 2, "quantity": 50}]),
        ]
        subscriber = await world.installation.subscriber("northfield")
        [shown] = await preview_order(world.installation, subscriber, number)
        assert [one.text for one in shown.shipping] == [
            "Line 1: Standard → row of all sites → Dales Parcels / Two days",
            "Line 2: Express → row of all sites → Dales Parcels / Next day",
        ]


async def test_every_point_of_a_look_can_be_the_last_of_a_process(tmp_path: Path) -> None:
    async with shipping(tmp_path) as world:
        for point in count(1, 3):
            number = await world.order_of_two()
            world.fate.points, world.fate.crash_at = 0, point
            before = world.fate.crashes
            await ship(world, number, str(point))
            world.fate.crash_at = 0
            for _ in range(3):
                await world.pass_time(STATUS_POLL_S)
            await is_told(world, number, str(point))
            if world.fate.crashes == before:
                break
        assert world.fate.crashes > 10, "commits and calls, before and after each"


async def test_whatever_is_lost_or_late_each_part_is_written_once(tmp_path: Path) -> None:
    async with shipping(tmp_path) as world:
        for seed in range(LIVES):
            number = await world.order_of_two()
            world.fate.random = random.Random(seed)  # noqa: S311 - reproducible
            world.fate.odds = Odds(late=0.2, lost_after=0.1, lost_before=0.1)
            world.fate.quiet = False
            await ship(world, number, str(seed))
            world.fate.quiet = True
            for _ in range(5):
                await world.pass_time(max(QUIET_S, STATUS_POLL_S))
            await is_told(world, number, str(seed))
        assert world.fate.drawn["late"] > LIVES / 2
