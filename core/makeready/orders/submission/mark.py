"""Write the MIS's number on the shop's items, for people and as a mark."""

import structlog
from makeready_hooks import Capability, Role
from makeready_hooks.errors import NotSupported, OutcomeUnknown, Refused
from makeready_hooks.model.submission import AcceptedOrder

from makeready.connectors import Connectors
from makeready.contexts import SubmissionContext
from makeready.engine.each import each
from makeready.engine.model import Flow, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.orders.model import MARK, Cause, LineState, Submission
from makeready.orders.rules import TEST_MARK

log = structlog.get_logger("makeready.orders")


def marks_items(connectors: Connectors, order_number: str) -> bool:
    """Does the order's shop take the MIS's number?"""
    return connectors.shop_can(order_number, Capability.MARK_ITEM)


async def write_mis_number(context: SubmissionContext, name: str, work: Work) -> Retry | None:
    """Write the MIS's number on the shop's items, or take it off. Doing it twice does no harm."""
    submission = await context.store.ledger.submission(name, work.key)
    if submission is None or submission.ambiguous:
        return None
    if submission.state != LineState.ACCEPTED:
        await _take_off(context, name, submission)
    if submission.marked or submission.state != LineState.ACCEPTED:
        return None
    connectors = await context.connectors(await context.subscriber(name))
    if not marks_items(connectors, submission.order_number):
        return None
    accepted = mark_of_submission(submission)
    try:
        for line in submission.lines:
            await connectors.write_mis_number(submission.order_number, line, accepted)
    except (Refused, NotSupported) as exc:
        log.error(
            "the shop's item could not be marked", subscriber=name, submission=submission.key, error=str(exc)
        )
        return None
    except OutcomeUnknown as exc:
        return Retry(error=str(exc))
    await context.store.ledger.marked(submission, at=context.clock())
    return None


async def _take_off(context: SubmissionContext, name: str, submission: Submission) -> None:
    """What a person has taken back; where the shop cannot do that, the order's history says what to do."""
    mark = await context.store.ledger.mark_to_clear(submission)
    if not mark:
        return
    connectors = await context.connectors(await context.subscriber(name))
    told, cleared = f"{mark} is taken off the shop's items", bool(submission.lines)
    try:
        for line in submission.lines:
            cleared = bool(await connectors.clear_mis_number(submission.order_number, line, mark)) and cleared
    except (Refused, NotSupported) as exc:
        log.error(
            "the mark could not be taken off", subscriber=name, submission=submission.key, error=str(exc)
        )
        cleared = False
    if not cleared:
        told = (
            f"the shop's items may still carry {mark}, and it could not be taken off: delete it there by hand"
        )
    await context.store.ledger.mark_cleared(submission, Cause(told, context.clock()))


def mark_of_submission(submission: Submission) -> AcceptedOrder:
    """Tests and *live* may share a shop: what a test writes says so."""
    number = submission.mis_number or submission.mis_id
    is_test = submission.environment == "test"
    return AcceptedOrder(id=submission.mis_id, number=f"{TEST_MARK}{number}" if is_test else number)


MARK_WORK = WorkType(
    kind=MARK,
    run=each(write_mis_number),
    batch=10,
    flow=Flow.WRITE_BACK,
    title="Write the MIS's number in the shop",
    side=Role.STOREFRONT,
    outage=True,
    waits="the shop's item to be marked",
    urgency=Urgency.UPKEEP,
)
