"""Orders that are older than the regular comparison looks, that no webhook told of, and that would go now."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
from makeready.engine.model import NewWork
from makeready.orders.model import RECONCILE_OLDER
from makeready_lab.demo.orders import plain_order
from pretend import Bench, line, order
from steps import settle, states
from world import PART, SITE, START, TRIGGER, World, following

DAY_S = 86_400.0


async def old_order(world: World, days: float) -> int:
    placed_at = datetime.fromtimestamp(START - days * DAY_S, UTC).replace(tzinfo=None).isoformat()
    waiting = msgspec.structs.replace(plain_order(SITE, PART, 1, placed_at), needs_approval=True)
    placed = await world.shop.place_order(waiting)
    return int(placed.order_number)


async def test_an_order_of_30_days_ago_that_is_approved_now_is_sent_without_any_webhook() -> None:
    async with following() as world:
        number = await old_order(world, 30)
        await world.pass_time(DAY_S)
        assert await world.installation.store.ledger.of_order("northfield", str(number)) == []
        await world.shop.approve(number, 1)
        await world.shop.move_to_stage(number, 1, TRIGGER)
        before = (await world.shop.calls()).copy()
        await world.pass_time(DAY_S + 1)
        assert await world.shop.mis_number(number, 1)
        calls = await world.shop.calls()
        assert sum(calls.values()) - sum(before.values()) < 20, "it costs few calls"


async def look(bench: Bench, days: float = 60.0, **changes: str) -> None:
    rules = msgspec.structs.replace(bench.subscriber.orders, older_days=days, **changes)
    await bench.installation.store.subscribers.save([msgspec.structs.replace(bench.subscriber, orders=rules)])
    work = NewWork(subscriber="northfield", kind=RECONCILE_OLDER, key="", due_at=bench.clock())
    await bench.installation.store.work.add([work])
    await settle(bench)


async def test_of_what_is_not_known_only_what_would_go_now_is_taken_in(bench: Bench) -> None:
    bench.clock.now = 200 * DAY_S
    placed_at = datetime.fromtimestamp(bench.clock(), UTC) - timedelta(days=30)
    for number, changes in (
        ("7001", {}),
        ("7002", {"approved": False}),
        ("7003", {"stage": "Order Completed"}),
        ("7004", {"mis_number": "SO-44"}),
        ("7005", {"part_number": "NF-1"}),
    ):
        bench.shop.orders[number] = msgspec.structs.replace(
            order(number, line(**changes)), placed_at=placed_at
        )
    await look(bench)
    found = {number: await states(bench, number) for number in bench.shop.orders}
    assert found == {"7001": ["accepted"], "7002": [], "7003": [], "7004": [], "7005": []}


async def test_from_before_our_time_it_waits_for_a_person(bench: Bench) -> None:
    bench.clock.now = 200 * DAY_S
    placed_at = datetime.fromtimestamp(bench.clock(), UTC) - timedelta(days=30)
    bench.shop.orders["7001"] = msgspec.structs.replace(order("7001"), placed_at=placed_at)
    await look(bench, starts_at="1970-07-10T00:00:00Z")
    assert (await states(bench, "7001"), bench.mis.received) == (["before_start"], [])


async def test_it_reads_a_week_at_a_time_and_nothing_that_the_regular_look_reads(bench: Bench) -> None:
    bench.clock.now = 200 * DAY_S
    await look(bench, days=20.0)
    now = datetime.fromtimestamp(bench.clock(), UTC)
    ends = [now - timedelta(days=days) for days in (20, 13, 6, 3)]
    assert bench.shop.periods[-3:] == list(pairwise(ends))
    assert bench.shop.reads == []


async def test_it_can_be_switched_off(bench: Bench) -> None:
    bench.clock.now = 200 * DAY_S
    placed_at = datetime.fromtimestamp(bench.clock(), UTC) - timedelta(days=30)
    bench.shop.orders["7001"] = msgspec.structs.replace(order("7001"), placed_at=placed_at)
    await look(bench, days=0.0)
    assert await states(bench, "7001") == []
    assert await bench.installation.store.work.waiting("northfield", RECONCILE_OLDER) == 0
