"""A rehearsal against both emulators: it says what would happen, and changes nothing anywhere."""

from collections import Counter
from datetime import timedelta
from typing import Any

from makeready.orders.model import LineState
from makeready.storage.rows import rows
from makeready.times import from_seconds
from makeready_inspect import rehearse
from makeready_inspect.rehearse import Rehearsal
from makeready_lab.demo.orders import plain_order
from sqlite_utils import Database as Sqlite
from world import PART, SITE, TRIGGER, World, following

LEFT = (
    LineState.SUBMITTING,
    LineState.ACCEPTED,
    LineState.REFUSED,
    LineState.IN_DOUBT,
    LineState.PARKED,
)
"""States of what has been sent at least once."""
OWN_NOTES = ("call_", "sqlite_")
"""How tables begin in which every call that leaves is counted."""
READS = ("GET ", "POST /api/V2/Authentication", "POST /api/v2/Orders/Search")
"""How calls of the shop begin that only read: a search is posted."""


async def in_every_state(world: World) -> dict[str, str]:
    """An order in each state; their numbers by it."""
    numbers = {}
    for state in LineState:
        if state in LEFT:
            numbers[state.value] = await world.order()
        else:
            placed_at = from_seconds(world.clock()).replace(tzinfo=None).isoformat()
            placed = await world.shop.place_order(plain_order(SITE, PART, 1, placed_at))
            numbers[state.value] = str(placed.order_number)
            await world.hear_of(placed.order_number)
            if state is LineState.READY:
                await world.shop.move_to_stage(placed.order_number, 1, TRIGGER)
    await world.installation.store.database.write(lambda db: _put_into(db, numbers))
    return numbers


def _put_into(db: Sqlite, numbers: dict[str, str]) -> None:
    """Without the triggers that let nothing begin in the midst of its life."""
    triggers = rows(db, "select name, sql from sqlite_master where type = 'trigger'")
    for one in triggers:
        db.execute(f"drop trigger {one['name']}")
    for state, number in numbers.items():
        db.execute(
            "update order_lines set state = ? where subscriber = 'northfield' and order_number = ?",
            [state, number],
        )
    for one in triggers:
        db.execute(one["sql"])


async def all_that_is_kept(world: World) -> dict[str, Any]:
    """In the state file, in the shop and in the MIS."""

    def read(db: Sqlite) -> dict[str, Any]:
        names = [one["name"] for one in rows(db, "select name from sqlite_master where type = 'table'")]
        return {
            name: list(map(str, rows(db, f'select * from "{name}"')))
            for name in names
            if not name.startswith(OWN_NOTES)
        }

    kept = await world.installation.store.database.read(read)
    return {"shop": await world.shop.state(), "mis": await world.mis.orders(), **kept}


async def rehearsed(world: World) -> Rehearsal:
    now, subscriber = from_seconds(world.clock()), await world.installation.subscriber("northfield")
    return await rehearse.rehearse(
        world.installation, subscriber, now - timedelta(days=3), now + timedelta(hours=1)
    )


async def test_it_changes_nothing_whatever_state_orders_are_in() -> None:
    async with following() as world:
        numbers = await in_every_state(world)
        before, asked, noted = (
            await all_that_is_kept(world),
            await world.shop.calls(),
            len(await world.mis.journal()),
        )
        done = await rehearsed(world)
        assert {one.order for one in done.lines} == set(numbers.values())
        assert await all_that_is_kept(world) == before
        made = Counter(await world.shop.calls()) - Counter(asked)
        assert made, "the shop was read"
        assert [one for one in made if not one.startswith(READS)] == []
        of_mis = (await world.mis.journal())[noted:]
        assert of_mis, "the MIS was asked"
        assert [one for one in of_mis if one["verb"] != "GET" or one["effects"]] == []


async def test_it_says_what_becomes_of_each() -> None:
    async with following() as world:
        numbers = await in_every_state(world)
        found = {one.order: one for one in (await rehearsed(world)).lines}
        assert found[numbers["ready"]].outcome == rehearse.WOULD_GO
        assert found[numbers["ready"]].payload
        assert found[numbers["waiting"]].outcome == "waiting"
        assert {found[numbers[state]].outcome for state in LEFT} == {rehearse.SENT}
