from datetime import timedelta

import msgspec
from makeready.flows.kinds import RECONCILE
from makeready.flows.reconciling import compare
from makeready.store.work import NewWork
from pretend import Bench, line, order
from steps import settle, states

PLACED_AT = order("1").placed_at
DAY = timedelta(days=1)


async def test_an_order_that_no_webhook_told_of_arrives_all_the_same(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    found = await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    await settle(bench)
    assert found.missing == ("6994",)
    assert await states(bench) == ["accepted"]


async def test_what_is_known_is_not_missing_and_not_sent_again(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    for _ in range(3):
        found = await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
        await settle(bench)
    assert found.missing == ()
    assert len(bench.mis.received) == 1


async def test_an_old_order_that_still_waits_is_looked_at_too(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994", line(approved=False))
    await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    bench.shop.orders["6994"] = order("6994")
    await compare(bench.installation, bench.subscriber, PLACED_AT + 50 * DAY, PLACED_AT + 51 * DAY)
    await settle(bench)
    assert await states(bench) == ["accepted"]


async def test_it_comes_again_after_the_subscriber_s_interval(bench: Bench) -> None:
    work = NewWork(subscriber="northfield", kind=RECONCILE, key="", due_at=bench.clock())
    await bench.installation.store.work.add([work])
    bench.clock.now = PLACED_AT.timestamp() + 60
    await settle(bench)
    assert len(bench.shop.periods) == 1
    bench.clock.now += 299
    await settle(bench)
    assert len(bench.shop.periods) == 1
    bench.clock.now += 1
    await settle(bench)
    assert len(bench.shop.periods) == 2
    start, end = bench.shop.periods[0]
    assert start < PLACED_AT < end


async def test_an_order_of_an_unread_kind_is_only_ever_recorded_once(bench: Bench) -> None:
    bench.shop.orders["6994"] = msgspec.structs.replace(order("6994"), lines=(line(part_number="NF-CARD"),))
    for _ in range(2):
        await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    assert await states(bench) == ["ignored"]
    assert len(await bench.installation.store.ledger.history("northfield", "6994")) == 2
