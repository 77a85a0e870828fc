"""An order's way from the shop into the MIS: look, submit, resolve a doubt, mark.

State first, then the call: the exact payload is committed before it leaves. Whatever happens to
the call or to this process, the ledger knows that it may have happened.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec
import structlog
from makeready_hooks.errors import (
    ConfigError,
    MakereadyError,
    NotSupported,
    OutcomeUnknown,
    Refused,
    RetryLater,
)
from makeready_hooks.model.order import AcceptedOrder, Order, OrderRef, OrderRequest, PreparedOrder

from makeready.connectors import Connectors
from makeready.engine import Again, again_after
from makeready.flows.alerting import alert_work
from makeready.flows.belonging import far_end
from makeready.flows.estimates import estimate_of
from makeready.flows.filing import keep_files
from makeready.flows.judging import judge
from makeready.flows.kinds import FILE, MARK, RESOLVE, SUBMIT
from makeready.flows.kits import mis_lines
from makeready.flows.numbers import product_of_part_number
from makeready.http import hearing
from makeready.installation import Installation
from makeready.records import Departure, FarEnd, Submission, Subscriber, Work
from makeready.store.looks import LineVerdict, SeenOrder
from makeready.store.moves import Cause
from makeready.store.states import LineState
from makeready.store.work import NewWork

NOT_FOUND_TRIES = 6
"""A shop may show an order some minutes late; after this many looks it is taken not to exist."""

log = structlog.get_logger("makeready.orders")


async def look(installation: Installation, name: str, works: Sequence[Work]) -> Mapping[int, Again]:
    """Read orders, all that are due at once, and record what the shop shows."""
    subscriber = await installation.subscriber(name)
    connectors = await installation.connectors(subscriber)
    known = await installation.store.ledger.placed_at(name, [work.key for work in works])
    refs = tuple(_ref(work, known.get(work.key)) for work in works)
    orders = {order.number: order for order in await connectors.read_orders(refs)}
    again: dict[int, Again] = {}
    for work in works:
        order = orders.get(work.key)
        if order is not None and order.problem:
            again[work.id] = Again(error=order.problem, needs_person=True)
        elif order is not None:
            await record(installation, subscriber, order)
        elif work.attempts + 1 < NOT_FOUND_TRIES:
            again[work.id] = Again(error=f"The shop shows no order {work.key} yet.")
        else:
            fix = "Check the API user's access to the site."
            log.error("order not found", subscriber=name, order=work.key, fix=fix)
    return again


def _ref(work: Work, placed_at: float | None) -> OrderRef:
    """With a date, from the ledger or from the webhook: it makes reading many orders cheap."""
    if placed_at is None and work.hint:
        return msgspec.json.decode(work.hint, type=OrderRef)
    return OrderRef(number=work.key, placed_at=_moment(placed_at))


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


async def record(
    installation: Installation, subscriber: Subscriber, order: Order, cause: str = "seen in the shop"
) -> None:
    """Judge an order as the shop shows it now, and take the verdicts into the ledger."""
    ledger, now = installation.store.ledger, installation.clock()
    installation.recent_orders.keep(subscriber.name, order, now=now)
    known = await ledger.known(subscriber.name, order.number)
    await ledger.record_look(
        subscriber.name,
        order.number,
        _seen(order),
        judge(subscriber, order, known),
        cause=Cause(cause, now),
        submit_kind=SUBMIT,
        alert=alert_work(subscriber, now),
    )


def _seen(order: Order) -> SeenOrder:
    """The customer is who ordered, with the company that pays; an e-mail address only if there is neither."""
    buyer = f"{order.buyer.first_name} {order.buyer.last_name}".strip() or order.bill_to.full_name
    emails = dict.fromkeys(filter(None, (order.buyer.email, order.bill_to.email)))
    names = dict.fromkeys(filter(None, (buyer, order.bill_to.business.strip())))
    return SeenOrder(
        site=order.site,
        placed_at=order.placed_at.timestamp(),
        customer=", ".join(names or emails),
        found_by=" ".join(emails),
    )


async def submit(installation: Installation, name: str, works: Sequence[Work]) -> Mapping[int, Again]:
    """Send submissions that are due, unless their state says that they may have been sent.

    Orders that were not seen just now are read together; then each goes on its own, and the trouble of one
    is not the others'.
    """
    found = [(work, await installation.store.ledger.submission(name, work.key)) for work in works]
    for _, submission in found:
        if submission is not None and submission.state == LineState.SUBMITTING:
            await _doubt(installation, submission, "the process that sent it ended before an answer came")
    ready = [(work, one) for work, one in found if one is not None and one.state == LineState.READY]
    if not ready:
        return {}
    subscriber = await installation.subscriber(name)
    connectors = await installation.connectors(subscriber)
    orders = await _orders_of(installation, name, connectors, [one for _, one in ready])
    outcomes = await asyncio.gather(
        *(
            _submit_one(_Sending(installation, subscriber, connectors, one), orders.get(one.order_number))
            for _, one in ready
        )
    )
    return {work.id: again for (work, _), again in zip(ready, outcomes, strict=True) if again is not None}


async def _orders_of(
    installation: Installation, name: str, connectors: Connectors, submissions: Sequence[Submission]
) -> dict[str, Order]:
    refs = {one.order_number: _ref_of(one) for one in submissions}
    recent = installation.recent_orders.take(name, refs, now=installation.clock())
    unseen = tuple(ref for number, ref in refs.items() if number not in recent)
    read = await connectors.read_orders(unseen) if unseen else ()
    return {**recent, **{order.number: order for order in read}}


def _ref_of(submission: Submission) -> OrderRef:
    return OrderRef(number=submission.order_number, placed_at=_moment(submission.placed_at))


async def _submit_one(sending: "_Sending", order: Order | None) -> Again | None:
    if order is None:
        return Again(error="The shop does not show the order just now.")
    try:
        if not await sending.run(order):
            return Again(error="Its lines changed while it was prepared.", after_s=1.0)
    except MakereadyError as exc:
        return again_after(exc)
    except Exception:  # a defect that one order meets must not leave the others half done
        log.exception("a submission failed", order=order.number)
        return Again(error="An internal error; see the log.")
    return None


class _Sending:
    """One attempt to send one submission."""

    def __init__(
        self,
        installation: Installation,
        subscriber: Subscriber,
        connectors: Connectors,
        submission: Submission,
    ) -> None:
        self._installation = installation
        self._ledger = installation.store.ledger
        self._subscriber = subscriber
        self._connectors = connectors
        self._submission = submission

    async def run(self, order: Order) -> bool:
        """``order`` as it is now. False if it has to be prepared again."""
        try:
            if order.problem:
                raise Refused(order.problem)
            verdicts = await self._verdicts(order)
            if len(verdicts) < len(self._submission.lines):
                await record(self._installation, self._subscriber, order)
                return not await self._some_are_left()
            if unfit := verdicts[0].unfit:
                await self._refused(LineState.READY, unfit, mendable=True)
                return True
            end = far_end(self._installation, self._subscriber, self._connectors, self._submission)
            completed = await self._connectors.complete_order(order, self._submission.lines)
            prepared = await self._prepare(completed, end)
        except Refused as exc:
            await self._refused(LineState.READY, str(exc))
            return True
        if not await self._begin(prepared, end):
            return False
        await keep_files(self._installation, self._submission, completed)
        await self._send(completed, prepared, end)
        return True

    async def _verdicts(self, order: Order) -> list[LineVerdict]:
        """On the submission's lines that are still ready."""
        known = await self._ledger.known(self._subscriber.name, order.number)
        return [
            verdict
            for verdict in judge(self._subscriber, order, known)
            if verdict.state is LineState.READY and verdict.line in self._submission.lines
        ]

    async def _some_are_left(self) -> bool:
        """Lines that are ready still, while others of theirs were withdrawn: they go without these."""
        now = await self._ledger.submission(self._subscriber.name, self._submission.key)
        return now is not None and now.state == LineState.READY

    async def _prepare(self, order: Order, end: FarEnd) -> PreparedOrder:
        """A resend has the bytes of the attempt before."""
        request = await request_for(
            self._installation, self._subscriber, self._connectors, self._submission.key, order
        )
        prepared = self._connectors.map_order(end.connector, request)
        if not self._submission.payload:
            return prepared
        return msgspec.structs.replace(prepared, payload=self._submission.payload)

    async def _begin(self, prepared: PreparedOrder, end: FarEnd) -> bool:
        now = self._installation.clock()
        departure = Departure(
            payload=prepared.payload,
            payload_hash=hashlib.sha256(prepared.payload).hexdigest(),
            far_end=end,
            settings_version=self._subscriber.version,
            quiet_until=now + prepared.deadline_s + self._subscriber.orders.quiet_margin_s,
            at=now,
        )
        return await self._ledger.begin(self._submission, departure)

    async def _send(self, order: Order, prepared: PreparedOrder, end: FarEnd) -> None:
        try:
            accepted = await self._submit(prepared, end)
        except Refused as exc:
            await self._refused(LineState.SUBMITTING, str(exc))
        except OutcomeUnknown as exc:
            await _doubt(self._installation, self._submission, str(exc))
        except (RetryLater, ConfigError) as exc:
            await self._not_sent(str(exc))
            raise
        else:
            await accept(self._installation, self._submission, accepted, "the MIS took it")
            await self._connectors.order_accepted(order, accepted)

    async def _submit(self, prepared: PreparedOrder, end: FarEnd) -> AcceptedOrder:
        """What was answered is kept before anything is made of it."""
        with hearing() as heard:
            try:
                return await self._connectors.submit_order(end.connector, prepared)
            finally:
                if heard.body:
                    await self._ledger.keep_answer(self._submission, heard.body)

    async def _not_sent(self, text: str) -> None:
        """Everything is as before this attempt: only a payload that was sent earlier is kept."""
        cause = Cause(text, self._installation.clock())
        map_anew = not self._submission.payload
        await self._ledger.move(
            self._submission, (LineState.SUBMITTING,), LineState.READY, cause, map_anew=map_anew
        )

    async def _refused(self, before: LineState, text: str, *, mendable: bool = False) -> None:
        """``mendable``: a look that finds it mended in the shop lets it go on."""
        now = self._installation.clock()
        await self._ledger.move(
            self._submission,
            (before,),
            LineState.REFUSED,
            Cause(text, now),
            work=alert_work(self._subscriber, now),
            mendable=mendable,
        )


async def request_for(
    installation: Installation, subscriber: Subscriber, connectors: Connectors, key: str, order: Order
) -> OrderRequest:
    """What the MIS's mapping is given: the order with the lines to be sent, whose products they are, and by
    which estimates they were priced.
    """
    lines = tuple(sent for line in order.lines for sent in mis_lines(subscriber, line))
    products = tuple(product_of_part_number(subscriber, line.part_number) for line in lines)
    estimates = [
        await estimate_of(installation, subscriber, connectors, order, line, product)
        for line, product in zip(lines, products, strict=True)
    ]
    return OrderRequest(
        key=key,
        order=msgspec.structs.replace(order, lines=lines),
        product_ids=products,
        estimates=tuple(estimates) if any(estimates) else (),
    )


async def accept(
    installation: Installation, submission: Submission, accepted: AcceptedOrder, text: str
) -> None:
    """The MIS has it."""
    await installation.store.ledger.accept(
        submission,
        mis_id=accepted.id,
        mis_number=accepted.number,
        cause=Cause(f"{text} as {accepted.label}", installation.clock()),
        next_kinds=(MARK, FILE),
    )


async def _doubt(installation: Installation, submission: Submission, text: str) -> None:
    """The outcome is unknown. The MIS is asked, but not before the call can no longer take effect."""
    now = installation.clock()
    sent = await installation.store.ledger.submission(submission.subscriber, submission.key)
    due_at = max(now, sent.quiet_until if sent else now)
    work = NewWork(subscriber=submission.subscriber, kind=RESOLVE, key=submission.key, due_at=due_at)
    await installation.store.ledger.move(
        submission, (LineState.SUBMITTING,), LineState.IN_DOUBT, Cause(text, now), work=work
    )


async def resolve(installation: Installation, name: str, works: Sequence[Work]) -> Mapping[int, Again]:
    """Ask the MIS about a submission in doubt: there, not there, or a person decides.

    Never in the quiet period, whoever asked for it to be done at once. Raises ConfigError if the settings do not
    lead to the MIS that it left for.
    """
    [work] = works
    submission = await installation.store.ledger.submission(name, work.key)
    if submission is None or submission.state != LineState.IN_DOUBT:
        return {}
    early_s = submission.quiet_until - installation.clock()
    if early_s > 0:
        return {work.id: Again(after_s=early_s)}
    subscriber = await installation.subscriber(name)
    connectors = await installation.connectors(subscriber)
    end = far_end(installation, subscriber, connectors, submission)
    found = await connectors.find_submitted_order(
        end.connector, PreparedOrder(key=submission.key, payload=submission.payload)
    )
    if found.order is not None:
        await accept(installation, submission, found.order, "found in the MIS")
    elif found.certain:
        await _send_again(installation, submission)
    else:
        await _park(installation, subscriber, submission)
    return {}


async def _send_again(installation: Installation, submission: Submission) -> None:
    now = installation.clock()
    work = NewWork(subscriber=submission.subscriber, kind=SUBMIT, key=submission.key, due_at=now)
    cause = Cause("the MIS does not have it", now)
    await installation.store.ledger.move(submission, (LineState.IN_DOUBT,), LineState.READY, cause, work=work)


async def _park(installation: Installation, subscriber: Subscriber, submission: Submission) -> None:
    text = (
        f"It is not known whether the MIS has {submission.key}, and the MIS cannot be asked. "
        "Look there; then say that it is accepted, or send it again."
    )
    now = installation.clock()
    await installation.store.ledger.move(
        submission,
        (LineState.IN_DOUBT,),
        LineState.PARKED,
        Cause(text, now),
        work=alert_work(subscriber, now),
    )


async def mark(installation: Installation, name: str, works: Sequence[Work]) -> Mapping[int, Again]:
    """Write the MIS's number on the shop's items. Writing it twice does no harm."""
    [work] = works
    submission = await installation.store.ledger.submission(name, work.key)
    if submission is None or submission.marked or submission.state != LineState.ACCEPTED:
        return {}
    connectors = await installation.connectors(await installation.subscriber(name))
    accepted = AcceptedOrder(id=submission.mis_id, number=submission.mis_number)
    try:
        for line in submission.lines:
            await connectors.mark_line(submission.order_number, line, accepted)
    except (Refused, NotSupported) as exc:
        log.error(
            "the shop's item could not be marked", subscriber=name, submission=submission.key, error=str(exc)
        )
        return {}
    except OutcomeUnknown as exc:
        return {work.id: Again(error=str(exc))}
    await installation.store.ledger.marked(submission, at=installation.clock())
    return {}
