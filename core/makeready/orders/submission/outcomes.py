"""What came of a submission: the MIS has it, or nobody knows."""

from makeready_hooks.model.submission import AcceptedOrder

from makeready.connectors import Connectors
from makeready.contexts import SubmissionContext
from makeready.engine.model import NewWork
from makeready.orders.after_yes import tells_later
from makeready.orders.artwork.model import FILE
from makeready.orders.fulfilment.model import PROGRESS
from makeready.orders.model import MARK, RESOLVE, Cause, FarEnd, LineState, Submission
from makeready.orders.submission.mark import marks_items


async def accept(
    context: SubmissionContext,
    connectors: Connectors,
    submission: Submission,
    accepted: AcceptedOrder,
    text: str,
    end: FarEnd | None = None,
    *,
    has_files: bool = True,
    answer: bytes = b"",
) -> None:
    """The MIS has it. ``end``: where, of an order that did not leave from here. ``answer``: to the call that brought it."""
    now, marks = context.clock(), marks_items(connectors, submission.order_number)
    await context.store.ledger.accept(
        submission,
        accepted=accepted,
        cause=Cause(f"{text} as {accepted.label}", now),
        far_end=end,
        answer=answer,
        next_kinds=(MARK,) * marks + (FILE,) * has_files,
        follow=await _follow(context, submission.subscriber, now) if tells_later(connectors) else None,
    )


async def _follow(context: SubmissionContext, name: str, now: float) -> NewWork:
    subscriber = await context.subscriber(name)
    return NewWork(subscriber=name, kind=PROGRESS, key="", due_at=now + subscriber.status.poll_every_s)


async def put_in_doubt(context: SubmissionContext, submission: Submission, text: str) -> None:
    """The outcome is unknown. The MIS is asked, but not before the call can no longer take effect."""
    now = context.clock()
    sent = await context.store.ledger.submission(submission.subscriber, submission.key)
    due_at = max(now, sent.quiet_until if sent else now)
    work = NewWork(subscriber=submission.subscriber, kind=RESOLVE, key=submission.key, due_at=due_at)
    await context.store.ledger.move(
        submission, (LineState.SUBMITTING,), LineState.IN_DOUBT, Cause(text, now), work=[work]
    )
