"""What the shop changes after an order was sent is given to the MIS by one press: shown first, done once, kept as sent."""

from decimal import Decimal
from typing import Any

import pytest
from makeready.orders import decisions
from makeready.orders.decisions import Decision
from makeready.orders.life.model import Break, BreakKind
from makeready.orders.views.history import order_story
from makeready_amend.amend import Amendment, amend, can_amend, offer_amendment
from makeready_hooks import Capability
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from msgspec.structs import replace
from pretend import Bench, line, order
from steps import ask_to_look, save_settings, settle, states

DECISION = Decision(subscriber="northfield", key="6994-1", actor="mia")
QUIET_S = 91.0
BOTH = frozenset({Capability.CHANGE_ORDER, Capability.CANCEL_ORDER})


@pytest.fixture
async def changed(bench: Bench) -> Bench:
    """An order that the MIS has taken, and of which the shop shows another quantity and price by now."""
    bench.mis.can = BOTH
    bench.shop.orders["6994"] = order("6994")
    await look(bench)
    assert await states(bench) == ["accepted"]
    await show(bench, quantity=5, net=Decimal(125))
    return bench


async def look(bench: Bench) -> None:
    await ask_to_look(bench, "6994")
    await settle(bench)


async def show(bench: Bench, **members: Any) -> None:
    bench.clock.now += 60
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-1", **members))
    await look(bench)


async def press(bench: Bench) -> Amendment:
    offer = await offer_amendment(bench.installation, DECISION)
    bench.clock.now += 1
    await amend(bench.installation, DECISION, offer.seen)
    await settle(bench)
    return offer


async def notice(bench: Bench) -> str:
    [only] = await bench.installation.store.ledger.of_order("northfield", "6994")
    return only.notice


async def told(bench: Bench) -> list[tuple[str, str]]:
    """Who did what, as the history says."""
    return [
        (one.actor, one.cause) for one in await bench.installation.store.ledger.history("northfield", "6994")
    ]


async def test_the_difference_is_shown_and_nothing_happens_before_the_press(changed: Bench) -> None:
    offer = await offer_amendment(changed.installation, DECISION)
    assert offer.differences == ("line 1: quantity 2 became 5", "line 1: price 50 became 125")
    await settle(changed)
    assert changed.mis.amended == []


async def test_one_press_changes_it_and_the_difference_is_gone(changed: Bench) -> None:
    await press(changed)
    [(number, prepared)] = changed.mis.amended
    assert (number, prepared.key if prepared else "") == ("SO-1", "6994-1")
    assert await notice(changed) == ""
    assert (await changed.installation.store.attention.counts("northfield")).total == 0
    [only] = await changed.installation.store.ledger.of_order("northfield", "6994")
    assert (only.state, only.quantity) == ("accepted", 5)
    assert (
        "mia",
        "a person wants it changed in the MIS: line 1: quantity 2 became 5; line 1: price 50 became 125",
    ) in (await told(changed))
    assert ("makeready", "SO-1 is changed in the MIS: Amended") in await told(changed)
    with pytest.raises(Refused, match="as it was sent"):
        await offer_amendment(changed.installation, DECISION)
    await look(changed)
    assert len(changed.mis.amended) == 1


async def test_what_was_changed_is_what_later_looks_are_compared_with(changed: Bench) -> None:
    await press(changed)
    await show(changed, quantity=6, net=Decimal(125))
    assert await notice(changed) == "after it was sent: quantity 5 became 6"
    story = await order_story(changed.installation, "northfield", "6994")
    assert story is not None
    assert [bool(one.outcome) for one in story.sent[0].attempts] == [True, True]
    assert b'"quantity":5' in story.sent[0].attempts[1].payload


async def test_a_withdrawn_order_is_cancelled_and_stays_so_with_the_mis_s_word(changed: Bench) -> None:
    await show(changed, denied=True)
    assert (await press(changed)).sent is None
    assert changed.mis.amended == [("SO-1", None)]
    assert await states(changed) == ["cancelled"]
    [only] = await changed.installation.store.ledger.of_order("northfield", "6994")
    assert (only.reason, only.notice) == ("SO-1 is cancelled in the MIS: Withdrawn by customer", "")
    await show(changed)
    assert await states(changed) == ["cancelled"], "another order is for a person to make"
    assert len(changed.mis.received) == 1


async def test_a_refusal_stands_in_the_mis_s_words_and_can_be_asked_again(changed: Bench) -> None:
    changed.mis.before_amending = [Refused("SO-1 is on the press.")]
    await press(changed)
    assert await states(changed) == ["accepted"]
    assert await notice(changed) == (
        "after it was sent: quantity 2 became 5, price 50 became 125. The MIS refuses that: SO-1 is on the press."
    )
    assert (await changed.installation.store.attention.counts("northfield")).noticed == 1
    changed.clock.now += QUIET_S
    await settle(changed)
    assert changed.mis.amended == [], "nobody asks by himself"
    await press(changed)
    assert (len(changed.mis.amended), await notice(changed)) == (1, "")


async def test_what_was_certainly_not_done_is_done_later(changed: Bench) -> None:
    changed.mis.before_amending = [RetryLater("down", after_s=5)]
    await press(changed)
    assert changed.mis.amended == []
    changed.clock.now += 6
    await settle(changed)
    assert (len(changed.mis.amended), await notice(changed)) == (1, "")


@pytest.mark.parametrize("members", [{"quantity": 5}, {"denied": True}])
@pytest.mark.parametrize("took", [True, False])
async def test_a_lost_answer_is_looked_up_after_the_quiet_time_and_never_repeated_blindly(
    changed: Bench, members: dict[str, Any], took: bool
) -> None:
    await show(changed, **members)
    (changed.mis.amend_trouble if took else changed.mis.before_amending).append(OutcomeUnknown("cut"))
    await press(changed)
    assert len(changed.mis.amended) == took
    with pytest.raises(Refused, match="on its way"):
        await press(changed)
    changed.clock.now += QUIET_S / 2
    asked = len(changed.mis.looked_for)
    assert await decisions.retry(changed.installation, "northfield", "6994", actor="mia") == 1
    await settle(changed)
    assert (len(changed.mis.amended), len(changed.mis.looked_for)) == (took, asked), "not before it is over"
    changed.clock.now += QUIET_S
    await settle(changed)
    assert len(changed.mis.amended) == 1
    assert await notice(changed) == ""
    assert await states(changed) == ["cancelled" if "denied" in members else "accepted"]


async def test_what_nobody_can_tell_waits_for_a_person_who_asks_again(changed: Bench) -> None:
    changed.mis.shows_changes = False
    changed.mis.amend_trouble = [OutcomeUnknown("cut")]
    await press(changed)
    changed.clock.now += QUIET_S
    await settle(changed)
    assert (await changed.installation.store.attention.counts("northfield")).work == 1
    story = await order_story(changed.installation, "northfield", "6994")
    assert story is not None
    assert "It is not known whether the MIS has changed or cancelled SO-1." in story.errors[0]
    assert len(changed.mis.amended) == 1
    await press(changed)
    assert (len(changed.mis.amended), await notice(changed)) == (2, "")
    assert (await changed.installation.store.attention.counts("northfield")).total == 0


async def test_what_is_not_as_it_was_seen_is_not_done(changed: Bench) -> None:
    offer = await offer_amendment(changed.installation, DECISION)
    await show(changed, quantity=7)
    with pytest.raises(Refused, match="not as you have seen it"):
        await amend(changed.installation, DECISION, offer.seen)
    await settle(changed)
    assert changed.mis.amended == []


@pytest.mark.parametrize(
    ("can", "members", "words"),
    [
        (frozenset(), {"quantity": 5}, "not in an MIS that takes changes from here"),
        (frozenset({Capability.CANCEL_ORDER}), {"quantity": 5}, "takes no change from here"),
        (frozenset({Capability.CHANGE_ORDER}), {"denied": True}, "takes no cancellation from here"),
        (BOTH, {"quantity": 5, "net": Decimal(0)}, "a price of 0"),
        (BOTH, {}, "as it was sent"),
    ],
)
async def test_only_what_the_mis_can_be_given_is_offered(
    changed: Bench, can: frozenset[Capability], members: dict[str, Any], words: str
) -> None:
    changed.mis.can = can
    await save_settings(changed)
    await show(changed, **members)
    with pytest.raises(Refused, match=words):
        await offer_amendment(changed.installation, DECISION)
    submission = await changed.installation.store.ledger.submission("northfield", "6994-1")
    assert submission is not None
    assert await can_amend(changed.installation, changed.subscriber, submission) == bool(can)


async def test_of_an_order_that_is_withdrawn_in_part_a_person_tells_the_mis(bench: Bench) -> None:
    bench.mis.can = BOTH
    rules = replace(bench.subscriber.orders, grouping="order")
    await bench.installation.store.subscribers.save([replace(bench.subscriber, orders=rules)])
    bench.shop.orders["6994"] = order("6994", line(1), line(2))
    await look(bench)
    bench.shop.orders["6994"] = order("6994", line(1), line(2, cancelled=True))
    await look(bench)
    with pytest.raises(Refused, match="Some of its lines are withdrawn"):
        await offer_amendment(bench.installation, replace(DECISION, key="6994"))
    bench.shop.orders["6994"] = order("6994", line(1, quantity=3), line(2))
    offer = await offer_amendment(bench.installation, replace(DECISION, key="6994"))
    assert offer.differences == ("line 1: quantity 2 became 3",)


async def test_an_order_that_ends_in_the_mis_meanwhile_is_left_alone(changed: Bench) -> None:
    offer = await offer_amendment(changed.installation, DECISION)
    await amend(changed.installation, DECISION, offer.seen)
    await decisions.refuse(changed.installation, DECISION, "no stock")
    await settle(changed)
    assert changed.mis.amended == []


async def test_after_a_break_of_the_ledger_the_mis_is_asked_first(changed: Bench) -> None:
    offer = await offer_amendment(changed.installation, DECISION)
    await amend(changed.installation, DECISION, offer.seen)
    changed.mis.amended.append(("SO-1", offer.order))
    broken = Break(at=changed.clock(), kind=BreakKind.RESTORED, cause="put back", actor="mia")
    await changed.installation.store.lives.declare(broken)
    await settle(changed)
    changed.clock.now += QUIET_S
    await settle(changed)
    assert len(changed.mis.amended) == 1
    assert await notice(changed) == ""
