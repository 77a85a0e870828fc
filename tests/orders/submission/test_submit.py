"""The way of an order, with a clock that a test moves: what may happen, and what must never."""

import asyncio
import contextlib

import msgspec
import pytest
from makeready.engine.model import NewWork
from makeready.orders.fetch import NOT_FOUND_TRIES
from makeready.orders.model import FETCH_ORDER, RESOLVE
from makeready.outbound.capture import check_departure
from makeready.webhooks.receive import receive_webhook
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.http import HttpRequest
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.submission import FindResult, MisOrder
from pretend import Bench, line, order
from steps import ask_to_look, settle, states, took_before

QUIET_S = 60 + 30
"""The pretend MIS's deadline, and the subscriber's margin."""


async def reason(bench: Bench) -> str:
    [only] = await bench.installation.store.ledger.lines("northfield")
    return only.reason


async def test_an_approved_line_at_the_stage_arrives_once_and_is_marked(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert [one.key for one in bench.mis.received] == ["6994-1"]
    assert bench.shop.marks == {("6994", 1): "SO-1"}


async def test_orders_that_are_due_are_sent_together_with_one_reading(bench: Bench) -> None:
    numbers = [str(number) for number in range(7000, 7010)]
    bench.shop.orders = {number: order(number) for number in numbers}
    await ask_to_look(bench, *numbers)
    await settle(bench)
    assert len(bench.mis.received) == len(bench.shop.marks) == 10
    assert len(bench.shop.reads) == 1, "what was looked at just now is not read again to be sent"


async def test_a_defect_that_one_order_meets_does_not_hold_up_the_others(bench: Bench) -> None:
    bench.shop.orders = {number: order(number) for number in ("6993", "6994")}
    bench.mis.before_effect = [ZeroDivisionError("a defect")]
    await ask_to_look(bench, "6993", "6994")
    await settle(bench)
    settled = sorted(await states(bench, "6993") + await states(bench, "6994"))
    assert settled == ["accepted", "in_doubt"]


async def test_each_line_is_an_order_of_its_own_and_foreign_lines_stay(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994", line(1), line(2, part_number="NF-CARD"), line(3))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert sorted(one.key for one in bench.mis.received) == ["6994-1", "6994-3"]
    assert await states(bench) == ["accepted", "ignored", "accepted"]


async def test_an_order_s_lines_can_go_as_one_and_late_ones_follow(bench: Bench) -> None:
    rules = msgspec.structs.replace(bench.subscriber.orders, grouping="order")
    changed = msgspec.structs.replace(bench.subscriber, orders=rules)
    await bench.installation.store.subscribers.save([changed])
    bench.shop.orders["6994"] = order("6994", line(1), line(2, approved=False))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert bench.mis.received == []
    bench.shop.orders["6994"] = order("6994", line(1), line(2))
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.orders["6994"] = order("6994", line(1), line(2), line(3))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert [one.key for one in bench.mis.received] == ["6994", "6994-S2"]
    lines = [len(msgspec.json.decode(one.payload)["order"]["lines"]) for one in bench.mis.received]
    assert lines == [2, 1]
    assert len(bench.shop.marks) == 3


@pytest.mark.parametrize(
    ("change", "notice"),
    [
        ({"denied": True}, "after it was sent: denied in the shop"),
        ({"quantity": 5}, "after it was sent: quantity 2 became 5"),
    ],
)
async def test_a_change_in_the_shop_after_transfer_is_noticed_and_shown(
    bench: Bench, change, notice: str
) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.orders["6994"] = order("6994", line(**change))
    for _ in range(2):
        await ask_to_look(bench, "6994")
        await settle(bench)
    [only] = await bench.installation.store.ledger.lines("northfield")
    assert (only.state, only.notice) == ("accepted", notice)
    history = await bench.installation.store.ledger.history("northfield", "6994")
    assert [row.cause for row in history].count(f"seen in the shop: {notice}") == 1
    assert len(bench.mis.received) == 1


async def test_a_cancellation_before_transfer_stops_it(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [RetryLater("down", after_s=60)]
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.orders["6994"] = order("6994", line(denied=True))
    bench.clock.now += 61
    await settle(bench)
    assert await states(bench) == ["cancelled"]
    assert bench.mis.received == []


async def test_many_orders_that_are_due_are_read_together(bench: Bench) -> None:
    numbers = [str(number) for number in range(7000, 7020)]
    bench.shop.orders = {number: order(number, line(approved=False)) for number in numbers}
    await ask_to_look(bench, *numbers)
    await settle(bench)
    assert len(bench.shop.reads) == 1


async def test_nothing_is_sent_before_its_approval_and_a_denied_line_never(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994", line(1, approved=False), line(2, denied=True))
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["waiting", "cancelled"]
    assert bench.mis.received == []


async def test_a_line_that_leaves_the_stage_before_it_was_sent_waits_again(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [RetryLater("down", after_s=60)]
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.shop.orders["6994"] = order("6994", line(stage="Prepress"))
    bench.clock.now += 61
    await settle(bench)
    assert await states(bench) == ["waiting"]
    assert bench.mis.received == []


async def test_an_outage_heals_by_itself(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [RetryLater("down"), RetryLater("down")]
    await ask_to_look(bench, "6994")
    for _ in range(4):
        await settle(bench)
        bench.clock.now += 10
    assert await states(bench) == ["accepted"]
    assert len(bench.mis.received) == 1


async def test_a_refusal_waits_for_a_person_with_the_mis_s_own_words(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_effect = [Refused("Customer NORTH01 is on stop.")]
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["refused"]
    assert "Customer NORTH01 is on stop." in await reason(bench)


async def lose_the_answer(bench: Bench) -> None:
    """The MIS takes the order, and its answer is lost."""
    bench.shop.orders["6994"] = order("6994")
    bench.mis.trouble = [OutcomeUnknown("the connection was cut")]
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["in_doubt"]


async def test_nobody_is_asked_while_the_call_may_still_take_effect(bench: Bench) -> None:
    asked: list[str] = []
    bench.mis.find = lambda key: asked.append(key) or FindResult(certain=True)
    await lose_the_answer(bench)
    bench.clock.now += QUIET_S - 1
    await settle(bench)
    assert asked == []
    assert await states(bench) == ["in_doubt"]


async def test_what_the_mis_has_is_accepted_and_not_sent_again(bench: Bench) -> None:
    await lose_the_answer(bench)
    bench.mis.find = lambda key: FindResult(order=MisOrder(id="1", number="SO-1"))
    bench.clock.now += QUIET_S
    await settle(bench)
    assert await states(bench) == ["accepted"]
    assert len(bench.mis.received) == 1
    assert bench.shop.marks == {("6994", 1): "SO-1"}


async def test_what_the_mis_does_not_have_is_sent_again_with_the_same_key_and_bytes(bench: Bench) -> None:
    await took_before(bench)
    await lose_the_answer(bench)
    bench.mis.find = lambda key: FindResult(certain=True)
    bench.clock.now += QUIET_S
    await settle(bench)
    assert await states(bench) == ["accepted"]
    first, second = bench.mis.received
    assert (first.key, first.payload) == (second.key, second.payload)
    assert (first.attempt, second.attempt) == (1, 2)


async def test_where_the_mis_cannot_tell_a_person_decides(bench: Bench) -> None:
    await lose_the_answer(bench)
    bench.clock.now += QUIET_S
    await settle(bench)
    assert await states(bench) == ["parked"]
    assert "Look there" in await reason(bench)
    assert len(bench.mis.received) == 1


async def test_a_process_that_dies_while_it_sends_leaves_a_doubt_and_not_a_second_order(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    bench.mis.trouble = [asyncio.CancelledError()]  # the process goes away before the answer is kept
    await ask_to_look(bench, "6994")
    with contextlib.suppress(asyncio.CancelledError):
        await settle(bench)
    assert await states(bench) == ["submitting"]
    bench.clock.now += 3600
    await settle(bench)
    assert await states(bench) == ["parked"]
    assert len(bench.mis.received) == 1


async def test_an_order_that_the_shop_does_not_show_is_looked_for_some_times_and_then_left(
    bench: Bench,
) -> None:
    await ask_to_look(bench, "404")
    for _ in range(NOT_FOUND_TRIES + 3):
        await settle(bench)
        bench.clock.now += 4000
    assert len(bench.shop.reads) == NOT_FOUND_TRIES
    assert await bench.installation.store.work.waiting("northfield", FETCH_ORDER) == 0


async def test_one_order_that_cannot_be_read_does_not_hold_up_the_others(bench: Bench) -> None:
    broken = msgspec.structs.replace(order("6993"), lines=(), problem="Price: 'many' is not an amount")
    bench.shop.orders = {"6993": broken, "6994": order("6994")}
    await ask_to_look(bench, "6993", "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    [kept] = await bench.installation.store.unreadable.find("northfield")
    assert (kept.order_number, kept.problem) == ("6993", "Price: 'many' is not an amount")


async def test_one_order_that_is_missing_does_not_hold_up_the_others(bench: Bench) -> None:
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "404", "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]


async def test_changes_that_come_one_by_one_are_looked_at_together(bench: Bench) -> None:
    numbers = [str(number) for number in range(7000, 7010)]
    bench.shop.orders = {number: order(number, line(approved=False)) for number in numbers}
    for number in numbers:
        call = IncomingCall(method="POST", headers={"x-key": "right"}, body=f"changed {number}".encode())
        await receive_webhook(bench.installation, bench.subscriber, "shop", call)
        bench.clock.now += 2
        await settle(bench)
    assert bench.shop.reads == []
    bench.clock.now += 120
    await settle(bench)
    assert [sorted(read) for read in bench.shop.reads] == [numbers]


async def test_a_doubt_is_not_asked_about_in_the_quiet_period_whoever_wants_it(bench: Bench) -> None:
    await took_before(bench)
    bench.shop.orders["6994"] = order("6994")
    bench.mis.trouble = [OutcomeUnknown("the connection was cut")]
    bench.mis.find = lambda key: FindResult(certain=True)
    await ask_to_look(bench, "6994")
    await settle(bench)
    now = NewWork(subscriber="northfield", kind=RESOLVE, key="6994-1", due_at=bench.clock())
    await bench.installation.store.work.add([now])
    await settle(bench)
    assert await states(bench) == ["in_doubt"]
    bench.clock.now += QUIET_S + 1
    await settle(bench)
    assert await states(bench) == ["accepted"]


@pytest.mark.parametrize(("stood_s", "state"), [(29, "accepted"), (31, "in_doubt")])
async def test_a_process_that_stood_still_for_longer_than_the_margin_lets_no_call_go(
    bench: Bench, stood_s: float, state: str
) -> None:
    def stand_still() -> None:
        bench.clock.now += stood_s
        check_departure(HttpRequest(method="POST", url="http://mis.example", changes_something=True))

    bench.shop.orders["6994"] = order("6994")
    bench.mis.before_call = stand_still
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert (await states(bench), len(bench.mis.received)) == ([state], state == "accepted")
