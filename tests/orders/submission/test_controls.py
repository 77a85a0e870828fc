"""*It is not there* is believed only from a question that has just found what is there."""

import msgspec
from makeready.orders.submission.controls import GOOD_FOR_S
from makeready.orders.submission.far_end import far_ends
from makeready.orders.submission.find import can_find
from makeready_hooks import Capability
from makeready_hooks.errors import OutcomeUnknown
from makeready_hooks.model.setup import Check
from makeready_hooks.model.submission import FindResult, MisOrder
from makeready_inspect.check import check_subscriber
from pretend import Bench, order
from steps import ask_to_look, settle, states, took_before

QUIET_S = 91


async def doubt(bench: Bench, number: str = "6994") -> None:
    bench.shop.orders[number] = order(number)
    bench.mis.trouble = [OutcomeUnknown("cut")]
    await ask_to_look(bench, number)
    await settle(bench)
    bench.clock.now += QUIET_S
    await settle(bench)


async def can_ask(bench: Bench) -> bool:
    subscriber = await bench.installation.subscriber("northfield")
    connectors = await bench.installation.connectors(subscriber)
    [*ends] = far_ends(bench.installation, subscriber) or ()
    [end] = [one for one in ends if one.connector == "mis"]
    return await can_find(bench.installation, subscriber, connectors, end)


async def test_before_the_mis_took_anything_an_empty_answer_is_not_believed(bench: Bench) -> None:
    bench.mis.find = lambda key: FindResult(certain=True)
    await doubt(bench)
    assert (await states(bench), len(bench.mis.received)) == (["parked"], 1)


async def test_a_question_that_finds_nothing_ever_is_not_believed(bench: Bench) -> None:
    """It was learned in another version: this one answers with an empty list."""
    await took_before(bench)
    bench.mis.shown.clear()
    bench.mis.find = lambda key: FindResult(certain=True)
    await doubt(bench)
    assert (await states(bench), len(bench.mis.received)) == (["parked"], 1)
    assert not await can_ask(bench)


async def test_a_question_that_shows_another_order_is_not_believed(bench: Bench) -> None:
    """It is ignored, and everything comes back."""
    await took_before(bench)
    bench.mis.shown = {"6000-1": FindResult(order=MisOrder(id="999"))}
    bench.mis.find = lambda key: FindResult(certain=True)
    await doubt(bench)
    assert (await states(bench), len(bench.mis.received)) == (["parked"], 1)


async def test_a_question_that_finds_what_is_there_is_believed_and_for_some_minutes_only(
    bench: Bench,
) -> None:
    await took_before(bench)
    bench.mis.find = lambda key: FindResult(certain=True)
    await doubt(bench)
    assert (await states(bench), len(bench.mis.received)) == (["accepted"], 2)
    bench.mis.shown.clear()
    bench.clock.now += GOOD_FOR_S
    await doubt(bench, "6995")
    assert await states(bench, "6995") == ["parked"]


async def test_other_settings_ask_another_question(bench: Bench) -> None:
    await took_before(bench)
    assert await can_ask(bench)
    bench.mis.shown.clear()
    subscriber = await bench.installation.subscriber("northfield")
    await bench.installation.store.subscribers.save([msgspec.structs.replace(subscriber, title="New")])
    assert not await can_ask(bench)


async def test_one_of_the_newest_orders_is_enough(bench: Bench) -> None:
    """The newest may have been deleted there."""
    await took_before(bench)
    bench.mis.find = lambda key: FindResult(certain=True)
    bench.shop.orders["6993"] = order("6993")
    bench.clock.now += 10
    await ask_to_look(bench, "6993")
    await settle(bench)
    await doubt(bench)
    assert await states(bench) == ["accepted"]


async def test_the_check_of_a_subscriber_says_when_the_question_finds_nothing(bench: Bench) -> None:
    bench.mis.can = frozenset({Capability.FIND_SUBMITTED_ORDER})

    async def lost_answers() -> Check:
        subscriber = await bench.installation.subscriber("northfield")
        found = await check_subscriber(bench.installation, subscriber)
        [check] = [one for name, one in found if name == "mis" and one.name == "lost answers"]
        return check

    assert (await lost_answers()).ok, "nothing was taken yet: nobody can know"
    await took_before(bench)
    assert (await lost_answers()).ok
    bench.mis.shown.clear()
    bench.mis.find = lambda key: FindResult(certain=True)
    bench.clock.now += GOOD_FOR_S
    failed = await lost_answers()
    assert not failed.ok
    assert "does not find the last orders" in failed.message
    assert "Ask who wrote the connector" in failed.fix, "it has no test order"
