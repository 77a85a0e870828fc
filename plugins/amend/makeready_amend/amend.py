"""What the shop has changed of an order that the MIS has taken: shown, and given to the MIS once a person says so.

State first, then the call. After a call without an answer the MIS is asked, once the call can no longer take effect;
what it certainly has not done is done again, and what it cannot tell waits for a person.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from makeready.connectors import Connectors
from makeready.contexts import SubmissionContext
from makeready.engine.model import Flow, NewWork, Work, WorkType
from makeready.engine.retry import Retry
from makeready.extensions import installed
from makeready.orders.contents.changes import with_changes
from makeready.orders.contents.origins import explained
from makeready.orders.decisions import Decision, find_submission
from makeready.orders.fetch import order_routes
from makeready.orders.model import AMEND, FETCH_ORDER, Cause, LineState, OrderAsSent, Submission
from makeready.orders.rules import decide_lines, why_unfit
from makeready.orders.submission.far_end import far_end
from makeready.orders.submission.prepare import prepare
from makeready.orders.views.preview import read_one
from makeready.outbound.capture import capture_response, late_after
from makeready.subscribers.model import Subscriber
from makeready_hooks import Capability, Role
from makeready_hooks.errors import ConfigError, NotSupported, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.order import Order
from makeready_hooks.model.submission import PreparedOrder
from msgspec import Struct

CANCELLED = PreparedOrder(key="", payload=b"")
"""What an order becomes that is to be cancelled. Its deadline is the contract's."""
AMENDS = frozenset({Capability.CHANGE_ORDER, Capability.CANCEL_ORDER})
CANNOT_TELL = "It is not known whether the MIS has changed or cancelled {}. Look there; ask for it again if it is not done."


class Amendment(Struct, frozen=True, kw_only=True):
    """What is to become of an order in the MIS. It is shown to a person, and kept with the work that does it."""

    differences: tuple[str, ...]
    """What the shop shows otherwise than it was sent, for people."""
    order: PreparedOrder = CANCELLED
    sent: OrderAsSent | None = None
    """What of the shop the order was made from; None to cancel it."""
    asked_at: float = 0.0

    @property
    def seen(self) -> str:
        """Names what a person has seen."""
        return hashlib.sha256(msgspec.json.encode((self.differences, self.sent is None))).hexdigest()


async def can_amend(context: SubmissionContext, subscriber: Subscriber, submission: Submission) -> bool:
    """Whether the MIS that has it takes a change or a cancellation, as far as the settings lead there."""
    try:
        connectors = await context.connectors(subscriber)
        end = far_end(context, subscriber, connectors, submission)
    except (ConfigError, NotSupported):
        return False
    can = AMENDS & connectors.capabilities(end.connector)
    return bool(can) and submission.state == LineState.ACCEPTED and not submission.ambiguous


async def offer_amendment(context: SubmissionContext, decision: Decision) -> Amendment:
    """Reads the order in the shop, and changes nothing. Raises Refused for what the MIS cannot be given."""
    submission = await find_submission(context, decision)
    subscriber = await context.subscriber(decision.subscriber)
    if not await can_amend(context, subscriber, submission):
        raise _by_hand(f"{submission.key} is not in an MIS that takes changes from here.")
    connectors = await context.connectors(subscriber)
    connector = far_end(context, subscriber, connectors, submission).connector
    order = await read_one(connectors, submission.order_number)
    told, gone = await _differences(context, subscriber, order, submission)
    if not told:
        raise Refused(f"As far as is known, the shop shows {submission.key} as it was sent.")
    wanted = Capability.CANCEL_ORDER if gone else Capability.CHANGE_ORDER
    if wanted not in connectors.capabilities(connector):
        raise _by_hand(f"The MIS takes no {'cancellation' if gone else 'change'} from here.")
    if gone:
        return Amendment(differences=told)
    lines = [line for line in order.lines if line.number in submission.lines]
    if unfit := why_unfit(subscriber, order.site, lines):
        raise Refused(unfit)
    key, sending = submission.key, submission.lines
    prepared, sent = await prepare(
        context, subscriber, connectors, connector, key, order, sending, may_make=True
    )
    if prepared.payload == submission.payload:
        raise _by_hand("What has changed in the shop is nothing that the MIS is sent.")
    return Amendment(differences=told, order=prepared, sent=sent)


async def _differences(
    context: SubmissionContext, subscriber: Subscriber, order: Order, submission: Submission
) -> tuple[tuple[str, ...], bool]:
    """For people; and whether the shop has withdrawn all of it. Raises Refused if it has withdrawn a part."""
    known = await context.store.ledger.known(subscriber.name, order.number)
    routes = await order_routes(context, subscriber, order)
    decisions = with_changes(order, known, decide_lines(subscriber, order, known, routes))
    here = [one for one in decisions if one.line in submission.lines]
    gone = sum(bool(one.withdrawn) for one in here)
    if len(here) < len(submission.lines) or 0 < gone < len(here):
        raise _by_hand("Some of its lines are withdrawn in the shop, and others are not.")
    told = ((one.line, text) for one in here for text in filter(None, (one.withdrawn, *(one.changes or ()))))
    return tuple(f"line {line}: {text}" for line, text in told), gone > 0


def _by_hand(why: str) -> Refused:
    return Refused(why, fix="Look there, and see to it by hand if something has to be changed.")


async def amend(context: SubmissionContext, decision: Decision, seen: str) -> Amendment:
    """Have the MIS do what a person has ``seen``. Raises as `offer_amendment`; Refused if that is another by now."""
    offer, now = await offer_amendment(context, decision), context.clock()
    if offer.seen != seen:
        raise Refused("The order is not as you have seen it any more.", fix="Look at the difference again.")
    submission = await find_submission(context, decision)
    subscriber = await context.subscriber(decision.subscriber)
    attempts = await context.store.ledger.attempts(submission.subscriber, submission.key)
    on_its_way = Refused(f"A change of {decision.key} is on its way.", fix="Wait for what becomes of it.")
    if attempts and not attempts[-1].outcome and now < attempts[-1].sent_at + _quiet_s(subscriber, offer):
        raise on_its_way
    what = "changed" if offer.sent else "cancelled"
    cause = Cause(f"a person wants it {what} in the MIS: {'; '.join(offer.differences)}", now, decision.actor)
    hint = msgspec.json.encode(msgspec.structs.replace(offer, asked_at=now)).decode()
    work = NewWork(subscriber=decision.subscriber, kind=AMEND, key=decision.key, due_at=now, hint=hint)
    if not await context.store.ledger.note(submission, cause, [work], attempts=len(attempts)):
        raise on_its_way
    return offer


def _quiet_s(subscriber: Subscriber, wanted: Amendment) -> float:
    return wanted.order.deadline_s + subscriber.orders.quiet_margin_s


async def carry_out(context: SubmissionContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Raises ConfigError if the settings do not lead to the MIS that has the order."""
    [work] = works
    submission = await context.store.ledger.submission(name, work.key)
    if submission is None or submission.state != LineState.ACCEPTED or submission.ambiguous:
        return {}
    subscriber, wanted = await context.subscriber(name), msgspec.json.decode(work.hint, type=Amendment)
    connectors = await context.connectors(subscriber)
    end = far_end(context, subscriber, connectors, submission)
    again = await _Amending(context, subscriber, connectors, end.connector, submission, work, wanted).run()
    return {work.id: again} if again else {}


class _Amending(NamedTuple):
    """One attempt."""

    context: SubmissionContext
    subscriber: Subscriber
    connectors: Connectors
    connector: str
    submission: Submission
    work: Work
    wanted: Amendment

    async def run(self) -> Retry | None:
        attempts = await self.context.store.ledger.attempts(self.submission.subscriber, self.submission.key)
        broken_at = await self.context.store.lives.broken_at()  # a later life may have done it
        left_at = [one.sent_at for one in attempts[-1:] if not one.outcome]
        if self.wanted.asked_at <= broken_at:
            left_at.append(await self.context.store.lives.quiet_since())
        if left_at:
            if (early_s := max(left_at) + _quiet_s(self.subscriber, self.wanted) - self.context.clock()) > 0:
                return Retry(after_s=early_s)
            order = self.wanted.order if self.wanted.sent else None
            found = await self.connectors.find_mis_change(self.connector, self.submission.accepted, order)
            if found is None:
                return Retry(error=CANNOT_TELL.format(self.submission.accepted.label), needs_person=True)
            await (self.done(found.words) if found.done else self.note("The MIS has not done it."))
            if found.done:
                return None
        now, payload = self.context.clock(), self.wanted.order.payload
        is_late = late_after(self.context.clock, self.context.steady)
        began = await self.context.store.ledger.begin_amendment(self.submission, payload, now, len(attempts))
        return await self.send(is_late) if began else None

    async def send(self, is_late: Callable[[], bool]) -> Retry | None:
        """What was answered is kept before anything is made of it. A process that has stood still lets nothing leave."""
        try:
            with capture_response(is_late) as heard:
                try:
                    words = await self.call()
                finally:
                    await self.context.store.ledger.keep_answer(self.submission, heard.body)
        except Refused as exc:
            why = explained(str(exc), self.wanted.order, self.connector)
            await self.note(f"The MIS refuses that: {why}", told=True)
        except OutcomeUnknown as exc:
            return Retry(error=str(exc), after_s=_quiet_s(self.subscriber, self.wanted))
        except (RetryLater, ConfigError) as exc:
            await self.note(f"Not done yet: {exc}")
            raise
        else:
            await self.done(words)
        return None

    async def call(self) -> str:
        if self.wanted.sent is None:
            return await self.connectors.cancel_mis_order(self.connector, self.submission.accepted)
        return await self.connectors.update_mis_order(
            self.connector, self.submission.accepted, self.wanted.order
        )

    async def note(self, text: str, *, told: bool = False) -> None:
        """What came of the last attempt. ``told``: it ends here, the lines' notices say so, and people are told."""
        now = self.context.clock()
        work = [self.look(now), *installed().attention_work(self.subscriber, now)] if told else []
        done = self.work if told else None
        await self.context.store.ledger.note(self.submission, Cause(text, now), work, done=done)

    async def done(self, words: str) -> None:
        now, what = self.context.clock(), "changed" if self.wanted.sent else "cancelled"
        cause = Cause(f"{self.submission.accepted.label} is {what} in the MIS", now).with_reason(words)
        given = (self.wanted.order.payload, self.wanted.sent)
        await self.context.store.ledger.amended(self.submission, *given, cause, self.look(now), self.work)

    def look(self, now: float) -> NewWork:
        """What the shop shows is compared anew, and noticed on the lines."""
        name, number = self.submission.subscriber, self.submission.order_number
        return NewWork(subscriber=name, kind=FETCH_ORDER, key=number, due_at=now)


AMEND_WORK = WorkType(
    kind=AMEND,
    run=carry_out,
    flow=Flow.ORDERS,
    title="Have the MIS change or cancel it",
    side=Role.MIS,
    waits="to be changed or cancelled in the MIS",
)
