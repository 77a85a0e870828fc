"""An MIS that takes an order in several steps: what was done is gone on with, and nothing stale is ever confirmed."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copyfile

import pytest
from makeready.orders import decisions
from makeready_hooks import Capability, hookimpl
from makeready_hooks.errors import OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.submission import AcceptedOrder, BegunOrder, FindResult, MisOrder, PreparedOrder
from msgspec.structs import replace
from pretend import Bench, Clock, line, new_bench, order, plain_log
from pretend_mis import Mis
from steps import ask_to_look, settle, states
from twin import unharmed

DECISION = decisions.Decision(subscriber="northfield", key="6994-1", actor="mia")
HOUR = 3600


class DraftMis(Mis):
    """Makes a draft, then confirms it. It replaces a draft of other content, or refuses to, as a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.can = frozenset({Capability.SUBMIT_IN_STEPS, Capability.FIND_SUBMITTED_ORDER})
        self.drafts: dict[str, PreparedOrder] = {}
        """By our key, and not confirmed yet."""
        self.made: list[PreparedOrder] = []
        self.confirmed: list[PreparedOrder] = []
        """Orders, as what was confirmed."""
        self.confirming: list[Exception] = []
        """Raised by the next confirmations, one each, before anything was done."""
        self.replaces = True

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        self.received.append(prepared)
        if prepared.begun and not prepared.is_of_this and not self.replaces:
            raise Refused(
                f"{prepared.begun.id} is there with other content. Delete it there, then send again."
            )
        if not prepared.is_of_this:
            self.drafts[prepared.key] = prepared
            self.made.append(prepared)
        if self.trouble:
            raise self.trouble.pop(0)
        if self.confirming:
            raise self.confirming.pop(0)
        self.confirmed.append(self.drafts.pop(prepared.key))
        return self._taken(len(self.confirmed))

    @hookimpl
    async def find_submitted_order(self, prepared: PreparedOrder) -> FindResult:
        if draft := self.drafts.get(prepared.key):
            return FindResult(begun=BegunOrder(id=f"D-{draft.attempt}", payload_hash=draft.payload_hash))
        keys = [one.key for one in self.confirmed]
        if prepared.key not in keys:
            return FindResult(certain=True)
        taken = self._taken(keys.index(prepared.key) + 1)
        return FindResult(order=MisOrder(id=taken.id, number=taken.number))

    def _taken(self, number: int) -> AcceptedOrder:
        return AcceptedOrder(id=str(number), number=f"SO-{number}")


@pytest.fixture
async def steps(tmp_path: Path, clock: Clock, empty_state: Path) -> AsyncIterator[Bench]:
    plain_log()
    copyfile(empty_state, tmp_path / "test.db")
    made = new_bench(tmp_path, clock, mis=DraftMis())
    await made.installation.store.subscribers.save([made.subscriber])
    await carry(made, "6000")  # from here on its *not there* is believed
    made.mis.made.clear()
    yield made
    await made.installation.aclose()
    unharmed(tmp_path / "test.db")


async def carry(bench: Bench, number: str = "6994") -> None:
    bench.shop.orders[number] = order(number)
    await ask_to_look(bench, number)
    await settle(bench)


async def causes(bench: Bench) -> list[str]:
    return [one.cause for one in await bench.installation.store.ledger.history("northfield", "6994")]


def correct_the_customer(bench: Bench) -> None:
    before = bench.shop.orders["6994"]
    bench.shop.orders["6994"] = replace(before, buyer=replace(before.buyer, external_id="RIGHT"))


async def test_a_first_attempt_asks_for_nothing_and_does_both_steps(steps: Bench) -> None:
    await carry(steps)
    assert await states(steps) == ["accepted"]
    assert [one.attempt for one in steps.mis.made] == [1]
    assert steps.mis.received[-1].begun is None


async def test_a_step_that_was_done_is_not_done_again(steps: Bench) -> None:
    steps.mis.confirming = [RetryLater("Busy.", after_s=60)]
    await carry(steps)
    assert (await states(steps), list(steps.mis.drafts)) == (["ready"], ["6994-1"])
    steps.clock.now += 120
    await settle(steps)
    assert await states(steps) == ["accepted"]
    assert len(steps.mis.made) == 1
    assert steps.mis.received[-1].begun.id == "D-1"
    assert "the MIS has begun with it as D-1: the next step is about to leave" in await causes(steps)


async def test_a_draft_whose_answer_was_lost_is_found_and_gone_on_with(steps: Bench) -> None:
    steps.mis.trouble = [OutcomeUnknown("the connection was cut")]
    await carry(steps)
    assert await states(steps) == ["in_doubt"]
    steps.clock.now += HOUR
    await settle(steps)
    assert await states(steps) == ["accepted"]
    assert [len(steps.mis.made), [one.key for one in steps.mis.confirmed]] == [1, ["6000-1", "6994-1"]]
    assert "the MIS has begun with it, as D-1" in await causes(steps)


async def refused_and_corrected(bench: Bench) -> None:
    """The fault that was seen: the draft is there, its confirmation is refused, a person corrects the customer."""
    bench.mis.confirming = [Refused("Customer WRONG is blocked.")]
    await carry(bench)
    assert await states(bench) == ["refused"]
    correct_the_customer(bench)
    await decisions.send_again(bench.installation, DECISION)
    await settle(bench)


async def test_a_stale_draft_is_replaced_and_the_corrected_order_is_what_the_mis_has(steps: Bench) -> None:
    await refused_and_corrected(steps)
    assert await states(steps) == ["accepted"]
    [confirmed] = [one for one in steps.mis.confirmed if one.key == "6994-1"]
    assert b"RIGHT" in confirmed.payload
    submission = await steps.installation.store.ledger.submission("northfield", "6994-1")
    assert (submission.payload, submission.payload_hash) == (confirmed.payload, confirmed.payload_hash)
    assert "the MIS has D-1 of it, with other content: the payload is about to replace it" in await causes(
        steps
    )


async def test_where_a_stale_draft_cannot_be_replaced_a_person_is_told_and_it_is_not_confirmed(
    steps: Bench,
) -> None:
    steps.mis.replaces = False
    await refused_and_corrected(steps)
    assert await states(steps) == ["refused"]
    [only] = await steps.installation.store.ledger.of_order("northfield", "6994")
    assert only.reason.startswith("D-1 is there with other content. Delete it there")
    assert [one.key for one in steps.mis.confirmed] == ["6000-1"]


async def test_what_was_refused_and_not_corrected_goes_on_with_the_same_draft(steps: Bench) -> None:
    steps.mis.confirming = [Refused("The credit limit is reached.")]
    await carry(steps)
    await decisions.send_again(steps.installation, DECISION)
    await settle(steps)
    assert await states(steps) == ["accepted"]
    assert len(steps.mis.made) == 1


async def test_what_was_confirmed_although_it_said_no_is_found_and_not_sent_twice(steps: Bench) -> None:
    steps.mis.confirming = [Refused("Try another time.")]
    await carry(steps)
    steps.mis.confirmed.append(steps.mis.drafts.pop("6994-1"))
    await decisions.send_again(steps.installation, DECISION)
    await settle(steps)
    assert await states(steps) == ["accepted"]
    assert len(steps.mis.made) == 1


async def test_a_draft_is_none_of_an_order_that_changed_while_it_waited(steps: Bench) -> None:
    """It was certainly not taken, so it is mapped anew; and the draft of before is not confirmed."""
    steps.mis.confirming = [RetryLater("Busy.", after_s=60)]
    await carry(steps)
    steps.shop.orders["6994"] = order("6994", line(quantity=7))
    steps.clock.now += 120
    await settle(steps)
    assert await states(steps) == ["accepted"]
    [confirmed] = [one for one in steps.mis.confirmed if one.key == "6994-1"]
    assert b'"quantity":7' in confirmed.payload
