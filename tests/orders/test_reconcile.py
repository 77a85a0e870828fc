from datetime import date, timedelta

import msgspec
import pytest
from makeready.engine.model import NewWork
from makeready.orders.model import MARK, RECONCILE
from makeready.orders.reconcile import MARK_REPAIRS, MARK_SHOWS_S, WAITING_AT_ONCE, compare
from makeready_hooks.errors import RetryLater
from makeready_hooks.model.submission import FindResult, MisOrder, OrderContents
from pretend import Bench, line, order
from steps import ask_to_look, save_settings, settle, states, took_before

PLACED_AT = order("1").placed_at
DAY = timedelta(days=1)
REQUIRED = date(2026, 3, 9)


async def test_an_order_that_no_webhook_told_of_arrives_all_the_same(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    found = await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    await settle(bench)
    assert found.missing == ("6994",)
    assert await states(bench) == ["accepted"]


async def test_a_number_of_endless_digits_is_a_name_as_any(bench: Bench) -> None:
    for number in ("9" * 5000, "999", "1000"):
        bench.shop.orders[number] = order(number)
    found = await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    assert found.missing == ("9" * 5000, "999", "1000")


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


async def test_old_orders_that_wait_are_looked_at_in_turns(bench: Bench) -> None:
    numbers = [str(number) for number in range(7000, 7000 + 2 * WAITING_AT_ONCE)]
    bench.shop.orders = {number: order(number, line(approved=False)) for number in numbers}
    await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    bench.shop.reads.clear()
    for _ in range(2):
        bench.clock.now += 300
        await compare(bench.installation, bench.subscriber, PLACED_AT + 50 * DAY, PLACED_AT + 51 * DAY)
    assert sorted(number for read in bench.shop.reads for number in read) == numbers


async def test_of_a_list_that_changes_at_every_reading_what_was_read_is_taken_in_and_nothing_is_called_gone(
    bench: Bench,
) -> None:
    bench.shop.orders = {"6994": order("6994"), "6995": order("6995")}
    await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    bench.shop.orders = {"6995": order("6995"), "6996": order("6996")}
    bench.shop.changes = True
    for _ in range(2):
        with pytest.raises(RetryLater, match="changed while it was read"):
            await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    await settle(bench)
    assert await states(bench, "6996") == ["accepted"]
    bench.shop.changes = False
    found = await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    assert [(one.order, one.text) for one in found.drift] == [
        ("6994", "the shop does not show this order any more")
    ]


async def test_pages_are_taken_in_one_after_the_other_and_what_none_shows_is_gone(bench: Bench) -> None:
    bench.shop.page_size = 2
    bench.shop.orders = {number: order(number) for number in ("6994", "6995", "6996", "6997", "6998")}
    await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    del bench.shop.orders["6995"]
    found = await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY)
    assert (found.looked_at, [one.order for one in found.drift]) == (4, ["6995"])
    await settle(bench)
    assert len(bench.mis.received) == 5


async def accepted(bench: Bench) -> None:
    """An order that the MIS has, and long enough ago for the shop to show the mark."""
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert bench.shop.marks == {("6994", 1): "SO-1"}
    bench.clock.now += MARK_SHOWS_S + 1


async def drift(bench: Bench, **options) -> list[tuple[str, bool]]:
    found = await compare(bench.installation, bench.subscriber, PLACED_AT - DAY, PLACED_AT + DAY, **options)
    await settle(bench)
    return [(one.text, one.repaired) for one in found.drift]


async def test_a_mark_that_was_lost_is_written_again_but_not_for_ever(bench: Bench) -> None:
    await accepted(bench)
    lost = "the shop's item does not carry the MIS number SO-1"
    assert await drift(bench, dry_run=True) == [(lost, False)]
    bench.shop.marks.clear()
    assert await drift(bench) == [(lost, True)]
    assert bench.shop.marks == {("6994", 1): "SO-1"}
    repaired = []
    for _ in range(MARK_REPAIRS):
        bench.clock.now += MARK_SHOWS_S + 1
        repaired += [one for _, one in await drift(bench)]
    assert repaired == [True] * (MARK_REPAIRS - 1) + [False]


async def test_a_mark_that_was_written_late_is_given_time_to_show(bench: Bench) -> None:
    await accepted(bench)
    work = NewWork(subscriber="northfield", kind=MARK, key="6994-1", due_at=bench.clock())
    submission = await bench.installation.store.ledger.submission("northfield", "6994-1")
    assert submission is not None
    assert await bench.installation.store.ledger.mark_again(submission, work, at_most=1)
    await settle(bench)
    assert await drift(bench) == []
    bench.clock.now += MARK_SHOWS_S + 1
    assert len(await drift(bench)) == 1


@pytest.mark.parametrize("mark", ["SO-1", "1"])
async def test_a_mark_that_is_there_is_left_alone(bench: Bench, mark: str) -> None:
    await accepted(bench)
    bench.shop.orders["6994"] = order("6994", line(mis_number=mark))
    assert await drift(bench) == []


async def test_another_mark_is_told_and_left_alone(bench: Bench) -> None:
    await accepted(bench)
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-77"))
    assert await drift(bench) == [("the shop's item carries SO-77, and the MIS has it as SO-1", False)]


async def test_a_shop_that_takes_no_number_is_given_none_and_that_is_no_drift(bench: Bench) -> None:
    bench.shop.can.clear()
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    ledger = bench.installation.store.ledger
    submission = await ledger.submission("northfield", "6994-1")
    assert submission is not None and submission.state == "accepted" and not submission.marked
    bench.clock.now += MARK_SHOWS_S + 1
    for _ in range(MARK_REPAIRS + 1):
        assert await drift(bench) == []
    assert (bench.shop.marks, await ledger.submission("northfield", "6994-1")) == ({}, submission)


async def test_a_number_that_was_to_be_written_before_the_shop_lost_the_way_is_dropped(bench: Bench) -> None:
    await accepted(bench)
    submission = await bench.installation.store.ledger.submission("northfield", "6994-1")
    work = NewWork(subscriber="northfield", kind=MARK, key="6994-1", due_at=bench.clock())
    assert submission is not None
    assert await bench.installation.store.ledger.mark_again(submission, work, at_most=1)
    bench.shop.can.clear()
    await save_settings(bench)
    await settle(bench)
    submission = await bench.installation.store.ledger.submission("northfield", "6994-1")
    assert submission is not None and not submission.marked


async def test_an_order_that_the_shop_shows_no_more_is_told(bench: Bench) -> None:
    await accepted(bench)
    bench.shop.orders.clear()
    assert await drift(bench) == [("the shop does not show this order any more", False)]


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (FindResult(certain=True), "the MIS does not show 6994-1, which it accepted as SO-1"),
        (
            FindResult(order=MisOrder(id="1", number="SO-1"), others=(MisOrder(id="9"),)),
            "the MIS has 6994-1 more than once: SO-1, 9",
        ),
        (
            FindResult(order=MisOrder(id="9", number="SO-9")),
            "the MIS shows 6994-1 as SO-9, known here as SO-1",
        ),
        (FindResult(order=MisOrder(id="1", number="SO-1")), ""),
        (FindResult(certain=False), ""),
    ],
)
async def test_what_the_mis_has_is_compared_where_that_is_asked_for(bench: Bench, found, text: str) -> None:
    await took_before(bench)
    await accepted(bench)
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-1"))
    bench.shop.orders["6000"] = order("6000", line(mis_number="SO-1"))
    bench.mis.find = lambda key: found
    assert await drift(bench) == []
    assert [one for one, _ in await drift(bench, ask_mis=True)] == ([text] if text else [])


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


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        (OrderContents(customer="C1", customer_name="ada  QUILL", required_on=REQUIRED), []),
        (OrderContents(), []),
        (
            OrderContents(customer="C2", customer_name="Bo Tran", required_on=REQUIRED + timedelta(days=3)),
            [
                "the MIS shows SO-1 with customer C2, not C1",
                "the MIS shows SO-1 with customer name Bo Tran, not Ada Quill",
                "the MIS shows SO-1 with required date 2026-03-12, not 2026-03-09",
            ],
        ),
    ],
)
async def test_what_the_mis_shows_of_an_order_is_compared_with_what_it_was_given(
    bench: Bench, theirs: OrderContents, told: list[str]
) -> None:
    bench.mis.contents = OrderContents(customer="C1", customer_name="Ada Quill", required_on=REQUIRED)
    await accepted(bench)
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-1"))
    bench.mis.shown["6994-1"] = FindResult(order=MisOrder(id="1", number="SO-1", contents=theirs))
    assert [one for one, _ in await drift(bench, ask_mis=True)] == told
