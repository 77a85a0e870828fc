"""An MIS takes an order, and refuses or cancels it later: *accepted* is not the end of a line's life."""

import pytest
from makeready.orders import decisions
from makeready.orders.fulfilment.model import StatusRules
from makeready.orders.views.history import order_story
from makeready.webhooks.receive import receive_webhook
from makeready_hooks import Capability
from makeready_hooks.errors import Refused
from makeready_hooks.model.incoming import IncomingCall
from makeready_hooks.model.progress import ProgressKind
from makeready_hooks.model.submission import FindResult, MisOrder
from msgspec.structs import replace
from pretend import Bench, line, order
from steps import ask_to_look, save_settings, settle, states

DECISION = decisions.Decision(subscriber="northfield", key="6994-1", actor="mia")


@pytest.fixture
async def taken(bench: Bench) -> Bench:
    """An order that the MIS has taken; nobody tells the shop of its status."""
    rules = StatusRules(refused=("Rejected",), cancelled=("Cancelled",), poll_every_s=60)
    await bench.installation.store.subscribers.save([replace(bench.subscriber, status=rules)])
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-1"))
    return bench


async def says(bench: Bench, status: str) -> None:
    """The MIS tells of an event, and the order is in this status there."""
    bench.mis.progress["SO-1"] = (status, ())
    bench.clock.now += 61
    call = IncomingCall(method="POST", headers={"x-id": status}, body=b"SO-1")
    await receive_webhook(bench.installation, await current(bench), "mis", call)
    await settle(bench)


async def current(bench: Bench):
    return await bench.installation.subscriber("northfield")


async def reason(bench: Bench) -> str:
    [only] = await bench.installation.store.ledger.of_order("northfield", "6994")
    return only.reason


async def test_a_refusal_after_the_yes_waits_for_a_person_with_the_mis_s_words(taken: Bench) -> None:
    await says(taken, "Rejected")
    assert await states(taken) == ["refused"]
    assert await reason(taken) == "rejected later by the MIS, which had taken it as SO-1: Rejected"
    assert (await taken.installation.store.attention.counts("northfield")).refused == 1
    assert taken.shop.moves == taken.shop.shipments == []


async def test_it_is_sent_again_as_another_order(taken: Bench) -> None:
    await says(taken, "Rejected")
    taken.mis.shown["6994-1"] = FindResult(order=MisOrder(id="1", number="SO-1"))
    taken.mis.numbered = {"SO-1": MisOrder(id="1", number="SO-1")}
    await decisions.send_again(taken.installation, DECISION)
    await settle(taken)
    assert [one.key for one in taken.mis.received] == ["6994-1", "6994-1-R2"]
    assert await states(taken) == ["accepted"]
    assert taken.shop.marks == {("6994", 1): "SO-2"}
    story = await order_story(taken.installation, "northfield", "6994")
    assert story is not None
    assert [one.submission.key for one in story.sent] == ["6994-1", "6994-1-R2"]


async def test_looks_leave_the_new_key_as_it_is_and_a_third_attempt_has_its_own(taken: Bench) -> None:
    await says(taken, "Rejected")
    await decisions.send_again(taken.installation, DECISION)
    await settle(taken)
    await ask_to_look(taken, "6994")
    await settle(taken)
    again = replace(DECISION, key="6994-1-R2")
    await decisions.refuse(taken.installation, again, "no stock")
    assert "no stock" in await reason(taken)
    await decisions.send_again(taken.installation, again)
    await settle(taken)
    assert [one.key for one in taken.mis.received][2:] == ["6994-1-R3"]


async def test_a_person_hears_of_a_refusal(taken: Bench) -> None:
    await decisions.refuse(taken.installation, DECISION, "the artwork cannot be used")
    assert await states(taken) == ["refused"]
    history = await taken.installation.store.ledger.history("northfield", "6994")
    assert (history[-1].actor, history[-1].to_state) == ("mia", "refused")
    with pytest.raises(Refused):
        await decisions.refuse(taken.installation, DECISION, "again")


async def test_a_cancellation_in_the_mis_waits_for_a_person_who_sends_it_again_or_leaves_it(
    taken: Bench,
) -> None:
    await says(taken, "Cancelled")
    assert await states(taken) == ["refused"]
    assert await reason(taken) == (
        "rejected later by the MIS, which had taken it as SO-1: cancelled there (Cancelled)"
    )
    assert (await taken.installation.store.attention.counts("northfield")).refused == 1
    await ask_to_look(taken, "6994")
    await settle(taken)
    assert len(taken.mis.received) == 1
    await decisions.ignore(taken.installation, DECISION, "the customer wanted it")
    await ask_to_look(taken, "6994")
    await settle(taken)
    assert await states(taken) == ["ignored"]


async def follow_nothing(bench: Bench) -> None:
    rules = StatusRules(poll_every_s=60)
    await bench.installation.store.subscribers.save([replace(await current(bench), status=rules)])


async def test_what_the_mis_says_that_it_refuses_counts_without_any_setting(taken: Bench) -> None:
    """The MIS tells the kind beside its words, so nobody has to name its statuses."""
    await follow_nothing(taken)
    taken.mis.kinds["SO-1"] = (ProgressKind.REFUSED, "no paper of that weight")
    await says(taken, "On hold")
    assert await states(taken) == ["accepted"], "it does not say that it can tell, so nobody follows"
    taken.mis.can = frozenset({Capability.LATER_REFUSAL})
    await save_settings(taken)
    await says(taken, "Stopped")
    [only] = await taken.installation.store.ledger.of_order("northfield", "6994")
    assert (only.state, only.shown_state) == ("refused", "rejected_later")
    assert only.reason.endswith("taken it as SO-1: Stopped: no paper of that weight")


async def test_orders_are_followed_from_their_acceptance_on_where_the_mis_tells_of_refusals(
    bench: Bench,
) -> None:
    await follow_nothing(bench)
    bench.mis.can = frozenset({Capability.LATER_REFUSAL})
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    for _ in range(2):
        bench.clock.now += 61
        await settle(bench)
    assert len(bench.mis.asked) == 2
    bench.mis.kinds["SO-1"] = (ProgressKind.DONE, "")
    bench.clock.now += 61
    await settle(bench)
    asked = len(bench.mis.asked)
    bench.clock.now += 61
    await settle(bench)
    assert len(bench.mis.asked) == asked, "nothing more will change there"


async def test_a_cancellation_is_found_without_an_event(bench: Bench) -> None:
    await follow_nothing(bench)
    bench.mis.can = frozenset({Capability.LATER_REFUSAL})
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    bench.mis.kinds["SO-1"] = (ProgressKind.CANCELLED, "")
    bench.clock.now += 61
    await settle(bench)
    assert await reason(bench) == (
        "rejected later by the MIS, which had taken it as SO-1: cancelled there (Received)"
    )


async def test_what_was_rejected_later_is_never_among_the_many_that_are_sent_again(taken: Bench) -> None:
    await says(taken, "Cancelled")
    everything = decisions.Replay(subscriber="northfield", actor="mia")
    assert (await decisions.replay(taken.installation, everything)).keys == ()
    assert await states(taken) == ["refused"]


async def test_other_statuses_change_nothing(taken: Bench) -> None:
    await says(taken, "In production")
    assert await states(taken) == ["accepted"]
