"""Send a submission to the MIS, and write the MIS's number on the shop's items.

State first, then the call: the exact payload is committed before it leaves. Whatever happens to
the call or to this process, the ledger knows that it may have happened.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
import structlog
from makeready_hooks import Capability, Role
from makeready_hooks.errors import (
    ConfigError,
    MakereadyError,
    OutcomeUnknown,
    Refused,
    RetryLater,
)
from makeready_hooks.model.order import Order, OrderRef
from makeready_hooks.model.submission import AcceptedOrder, MisOrder, PreparedOrder

from makeready.connectors import Connectors
from makeready.contexts import SubmissionContext
from makeready.engine.by_shop import by_shop
from makeready.engine.model import Flow, Work, WorkType
from makeready.engine.retry import DEFECT, Retry, retry_for
from makeready.extensions import installed
from makeready.orders.artwork.sync import departing_files, has_files
from makeready.orders.contents.origins import explained
from makeready.orders.fetch import as_datetime, order_routes, record_order, tell_apart
from makeready.orders.model import (
    SUBMIT,
    Cause,
    Departure,
    FarEnd,
    LineDecision,
    LineState,
    OrderAsSent,
    ReadingKey,
    Submission,
)
from makeready.orders.rules import decide_lines
from makeready.orders.store.fetched import Reading
from makeready.orders.store.identities import SAME_NUMBER
from makeready.orders.submission.far_end import far_end
from makeready.orders.submission.find import find_in_mis
from makeready.orders.submission.first_look import (
    SEND,
    FirstLook,
    NextStep,
    is_included,
    is_ours,
    look_first,
    marks_on,
    wait_after_break,
    what_is_there,
)
from makeready.orders.submission.others import is_alone
from makeready.orders.submission.outcomes import accept, put_in_doubt
from makeready.orders.submission.prepare import prepare
from makeready.orders.submission.shelf import check_shelf, waits_for_stock
from makeready.outbound.capture import LEAVES_WITHIN_S, capture_response, late_after
from makeready.subscribers.model import Subscriber

ASKED_WITHIN_S = 60.0  # a call of `resolve_ids`, at most

log = structlog.get_logger("makeready.orders")


async def submit(context: SubmissionContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Send submissions that are due, unless their state says that they may have been sent.

    Orders that were not seen just now are read together; then each goes on its own, and the trouble of one
    is not the others'.
    """
    found = [(work, await context.store.ledger.submission(name, work.key)) for work in works]
    for _, submission in found:
        if submission is not None and submission.state == LineState.SUBMITTING:
            await put_in_doubt(context, submission, "the process that sent it ended before an answer came")
    ready = [(work, one) for work, one in found if one is not None and one.state == LineState.READY]
    if not ready:
        return {}
    subscriber = await context.subscriber(name)
    connectors = await context.connectors(subscriber)
    of_work = {work.id: one for work, one in ready}

    async def send(shop: str, some: Sequence[Work]) -> Mapping[int, Retry]:
        if not await is_alone(context, subscriber, connectors, shop):
            return {work.id: Retry(after_s=0.0) for work in some}  # it is paused by now
        due = [of_work[work.id] for work in some]
        readings = await _readings_of(context, subscriber, connectors, due)
        outcomes = await asyncio.gather(
            *(
                _submit_one(_Sending(context, subscriber, connectors, one), readings.get(one.order_number))
                for one in due
            )
        )
        return {work.id: again for work, again in zip(some, outcomes, strict=True) if again is not None}

    works = [work for work, _ in ready]
    return await by_shop(connectors.ids, works, lambda work: of_work[work.id].order_number, send)


async def _readings_of(
    context: SubmissionContext,
    subscriber: Subscriber,
    connectors: Connectors,
    submissions: Sequence[Submission],
) -> dict[str, Reading]:
    """The orders as they were seen just now, if nothing newer is known of them; else read again."""
    refs = {one.order_number: _ref_of(one) for one in submissions}
    recent = context.recent_orders.take(subscriber.name, refs, now=context.clock())
    least = await context.store.readings.least(subscriber.name, list(recent))
    newest = {number: one for number, one in recent.items() if one.number >= least.get(number, 0)}
    unseen = tuple(ref for number, ref in refs.items() if number not in newest)
    if not unseen:
        return newest
    reading = await context.store.readings.begin()
    read = [Reading(order, reading) for order in await connectors.read_orders(unseen)]
    numbers = Counter(one.order.number for one in read)
    await tell_apart(context, subscriber, [one.order for one in read])
    for one in read:  # told apart and stopped; or kept until it can be read
        if numbers[one.order.number] > 1 or one.order.problem:
            await record_order(context, subscriber, one)
    return {
        **newest,
        **{one.order.number: one for one in read if numbers[one.order.number] == 1 and not one.order.problem},
    }


def _ref_of(submission: Submission) -> OrderRef:
    return OrderRef(number=submission.order_number, placed_at=as_datetime(submission.placed_at))


async def _submit_one(sending: "_Sending", reading: Reading | None) -> Retry | None:
    if await sending.is_stopped():
        return None
    if reading is None:
        return Retry(error="The shop does not show the order just now, or not so that it can be read.")
    try:
        if not await sending.run(reading):
            return Retry(error="It changed while it was prepared.", after_s=1.0)
    except (
        OutcomeUnknown
    ) as exc:  # of what an order needs, such as its customer: it is looked for once it must show
        return Retry(error=str(exc), after_s=sending.quiet_s)
    except MakereadyError as exc:
        return retry_for(exc)
    except Exception:  # a defect that one order meets must not leave the others half done
        log.exception("a submission failed", order=reading.order.number)
        return DEFECT
    return None


class _Sending:
    """One attempt to send one submission."""

    def __init__(
        self,
        context: SubmissionContext,
        subscriber: Subscriber,
        connectors: Connectors,
        submission: Submission,
    ) -> None:
        self._context = context
        self._ledger = context.store.ledger
        self._subscriber = subscriber
        self._connectors = connectors
        self._submission = submission

    @property
    def quiet_s(self) -> float:
        """After so long a call without an answer has had its effect, or has none."""
        return ASKED_WITHIN_S + self._subscriber.orders.quiet_margin_s

    async def run(self, reading: Reading) -> bool:
        """``reading``: the order as it is now. False if it has to be prepared again."""
        order = reading.order
        try:
            decisions = await self._decisions(order)
            if len(decisions) < len(self._submission.lines) or len({one.mis for one in decisions}) > 1:
                await record_order(self._context, self._subscriber, reading)
                return not await self._some_are_left()
            if unfit := decisions[0].unfit:
                return await self._unsendable(reading, unfit, mendable=True)
            mis = decisions[0].mis
            end = far_end(self._context, self._subscriber, self._connectors, self._submission, mis)
            prepared, shown = await self._prepare(order, end)
            seen = await self._look(shown.order, prepared, end)
            if await self._is_settled(seen, end):
                return True
            if not (seen.begun or self._submission.has_left):  # else it may have reserved there what it needs
                await self._check_shelf(shown.order, mis)
            prepared = msgspec.structs.replace(prepared, begun=seen.begun)
        except Refused as exc:
            return await self._unsendable(reading, str(exc))
        if not await self._begin(shown, prepared, end, reading):
            return False
        await self._send(prepared, end, shown)
        return True

    async def _check_shelf(self, order: Order, mis: str) -> None:
        """Raises as `check_shelf`, unless a person has said that it goes all the same."""
        if waits_for_stock(self._subscriber, self._connectors, mis):
            known = await self._ledger.known(self._subscriber.name, order.number)
            if not is_included(order, known, 0.0):
                await check_shelf(self._subscriber, self._connectors, mis, order)

    async def is_stopped(self) -> bool:
        """Ready again, after a doubt or without a connection, while another order came under its number."""
        if self._submission.ambiguous:
            await self._park(SAME_NUMBER)
        return self._submission.ambiguous

    async def _look(self, order: Order, prepared: PreparedOrder, end: FarEnd) -> FirstLook:
        """What the MIS has of it: sent by somebody else, or left there by an attempt of ours that came to nothing."""
        broken_at = await self._context.store.lives.broken_at()
        marks = frozenset[str]()
        if marks_on(self._subscriber, order):
            marks = await self._ledger.numbers_of_order(self._subscriber.name, order.number)
        if is_ours(self._subscriber, order, self._submission, broken_at, marks):
            return await self._look_for_begun(prepared, end)
        quiet_since = await self._context.store.lives.quiet_since()
        wait_after_break(self._subscriber, prepared, quiet_since, self._context.clock())
        known = await self._ledger.known(self._subscriber.name, order.number)
        start = 0.0 if self._submission.has_left else self._subscriber.orders.start
        return await look_first(
            self._context,
            self._subscriber,
            self._connectors,
            end,
            prepared,
            order,
            included=is_included(order, known, max(start, broken_at)),
        )

    async def _look_for_begun(self, prepared: PreparedOrder, end: FarEnd) -> FirstLook:
        in_steps = Capability.SUBMIT_IN_STEPS in self._connectors.capabilities(end.connector)
        if not (in_steps and self._submission.attempts):
            return SEND
        found = await find_in_mis(self._context, self._subscriber, self._connectors, end, prepared)
        return what_is_there(prepared, found) or SEND

    async def _is_settled(self, seen: FirstLook, end: FarEnd) -> bool:
        """The MIS has it, or a person has to decide: nothing leaves."""
        if seen.next_step is NextStep.ACCEPT and seen.found is not None:
            await self._accept_found(seen.found, end)
        elif seen.next_step is NextStep.PARK:
            await self._park(seen.reason)
        return seen.next_step is not NextStep.SEND

    async def _accept_found(self, found: MisOrder, end: FarEnd) -> None:
        text = "the MIS had it before this ledger sent it"
        await accept(self._context, self._connectors, self._submission, found, text, end)

    async def _park(self, reason: str) -> None:
        now = self._context.clock()
        await self._ledger.move(
            self._submission,
            (LineState.READY,),
            LineState.PARKED,
            Cause(reason, now),
            work=installed().attention_work(self._subscriber, now),
        )

    async def _decisions(self, order: Order) -> list[LineDecision]:
        """On the submission's lines that are still ready."""
        known = await self._ledger.known(self._subscriber.name, order.number)
        routes = await order_routes(self._context, self._subscriber, order)
        return [
            decision
            for decision in decide_lines(self._subscriber, order, known, routes)
            if decision.state is LineState.READY and decision.line in self._submission.lines
        ]

    async def _some_are_left(self) -> bool:
        """Lines that are ready still, while others of theirs were withdrawn: they go without these."""
        now = await self._ledger.submission(self._subscriber.name, self._submission.key)
        return now is not None and now.state == LineState.READY

    async def _prepare(self, order: Order, end: FarEnd) -> tuple[PreparedOrder, OrderAsSent]:
        """A resend has the bytes of the attempt before."""
        one, given = self._submission, (self._context, self._subscriber, self._connectors)
        prepared, shown = await prepare(
            *given, end.connector, one.key, order, one.lines, may_make=True, files_may_follow=not one.payload
        )
        payload, attempt = one.payload or prepared.payload, one.attempts + 1
        return msgspec.structs.replace(prepared, payload=payload, attempt=attempt), shown

    async def _begin(
        self, shown: OrderAsSent, prepared: PreparedOrder, end: FarEnd, reading: Reading
    ) -> bool:
        now = self._context.clock()
        limit_s = max(self._subscriber.orders.quiet_margin_s, LEAVES_WITHIN_S)
        self._is_late = late_after(self._context.clock, self._context.steady, limit_s)
        departure = Departure(
            payload=prepared.payload,
            payload_hash=prepared.payload_hash,
            order=b"" if self._submission.payload else msgspec.json.encode(shown),
            far_end=end,
            reading=reading.key,
            quiet_until=now + prepared.deadline_s + self._subscriber.orders.quiet_margin_s,
            at=now,
        )
        if any(line.files_follow for line in shown.order.lines):
            departure = msgspec.structs.replace(
                departure, text=f"{departure.text}; its files are asked for afterwards"
            )
        if prepared.begun:
            departure = msgspec.structs.replace(departure, text=_goes_on(prepared.begun.id, prepared))
        same_settings = self._context.store.subscribers.is_still(self._subscriber)
        files = await departing_files(self._context, self._submission, shown)
        life = await self._ledger.begin(self._submission, departure, same_settings, files)
        if life is not None and self._context.witness is not None:
            self._context.witness.write(life)  # before the call: a state from before it is known as such
        return life is not None

    async def _send(self, prepared: PreparedOrder, end: FarEnd, shown: OrderAsSent) -> None:
        try:
            accepted, answer = await self._submit(prepared, end)
        except Refused as exc:
            await self._refused(LineState.SUBMITTING, explained(str(exc), prepared, end.connector))
        except OutcomeUnknown as exc:
            await put_in_doubt(self._context, self._submission, str(exc))
        except (RetryLater, ConfigError) as exc:
            await self._not_sent(str(exc))
            raise
        else:
            files = has_files(self._submission, shown)
            given = (self._context, self._connectors, self._submission, accepted, "the MIS took it")
            await accept(*given, has_files=files, answer=answer)

    async def _submit(self, prepared: PreparedOrder, end: FarEnd) -> tuple[AcceptedOrder, bytes]:
        """With what was answered: that is kept, whatever is made of it."""
        with capture_response(self._is_late) as heard:
            try:
                accepted = await self._connectors.submit_order(end.connector, prepared)
            except BaseException:
                if heard.body:
                    await self._ledger.keep_answer(self._submission, heard.body)
                raise
        return accepted, heard.body

    async def _not_sent(self, text: str) -> None:
        """Everything is as before this attempt: only a payload that was sent earlier is kept."""
        cause = Cause(text, self._context.clock())
        map_anew = not self._submission.payload
        await self._ledger.move(
            self._submission, (LineState.SUBMITTING,), LineState.READY, cause, map_anew=map_anew
        )

    async def _unsendable(self, reading: Reading, text: str, *, mendable: bool = False) -> bool:
        """As the shop shows it now, it cannot be sent. ``mendable``: a look that finds it mended lets it go on.

        False if the shop shows it otherwise by now.
        """
        return await self._refused(LineState.READY, text, mendable=mendable, reading=reading.key)

    async def _refused(
        self, before: LineState, text: str, *, mendable: bool = False, reading: ReadingKey | None = None
    ) -> bool:
        now = self._context.clock()
        return await self._ledger.move(
            self._submission,
            (before,),
            LineState.REFUSED,
            Cause(text, now),
            work=installed().attention_work(self._subscriber, now),
            mendable=mendable,
            reading=reading,
        )


def _goes_on(begun: str, prepared: PreparedOrder) -> str:
    if prepared.is_of_this:
        return f"the MIS has begun with it as {begun}: the next step is about to leave"
    return f"the MIS has {begun} of it, with other content: the payload is about to replace it"


SUBMIT_WORK = WorkType(
    kind=SUBMIT,
    run=submit,
    flow=Flow.ORDERS,
    title="Send it to the MIS",
    side=Role.MIS,
    outage=True,
    waits="to be sent to the MIS",
    batch=20,  # their orders are read together, and they are sent side by side
    max_per_subscriber=2,
)
