"""A submission whose outcome is unknown: the MIS is asked, and only if it certainly has no such order it is sent again."""

from collections.abc import Mapping, Sequence

from makeready_hooks import Role
from makeready_hooks.model.submission import PreparedOrder

from makeready.contexts import SubmissionContext
from makeready.engine.model import Flow, NewWork, Work, WorkType
from makeready.engine.retry import Retry
from makeready.extensions import installed
from makeready.orders.model import RESOLVE, SUBMIT, Cause, LineState, Submission
from makeready.orders.submission.far_end import far_end
from makeready.orders.submission.find import find_in_mis
from makeready.orders.submission.outcomes import accept
from makeready.subscribers.model import Subscriber


async def resolve(context: SubmissionContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Ask the MIS about a submission in doubt: there, begun, not there, or a person decides.

    Never in the quiet period, whoever asked for it to be done at once. Raises ConfigError if the settings do not
    lead to the MIS that it left for.
    """
    [work] = works
    submission = await context.store.ledger.submission(name, work.key)
    if submission is None or submission.state != LineState.IN_DOUBT:
        return {}
    early_s = await _quiet_until(context, submission) - context.clock()
    if early_s > 0:
        return {work.id: Retry(after_s=early_s)}
    subscriber = await context.subscriber(name)
    connectors = await context.connectors(subscriber)
    end = far_end(context, subscriber, connectors, submission)
    asked = PreparedOrder(key=submission.key, payload=submission.payload)
    found = await find_in_mis(context, subscriber, connectors, end, asked)
    if found.order is not None:
        await accept(context, connectors, submission, found.order, "found in the MIS")
    elif found.begun:
        await _send_again(context, submission, f"the MIS has begun with it, as {found.begun.id}")
    elif found.certain:
        await _send_again(context, submission, "the MIS does not have it")
    else:
        await _park(context, subscriber, submission)
    return {}


async def _quiet_until(context: SubmissionContext, submission: Submission) -> float:
    """Of the attempt that is known, and of one that a later life of the ledger may have made until its break."""
    since = await context.store.lives.quiet_since()
    return max(submission.quiet_until, since + submission.quiet_until - submission.sent_at)


async def _send_again(context: SubmissionContext, submission: Submission, text: str) -> None:
    now = context.clock()
    work = NewWork(subscriber=submission.subscriber, kind=SUBMIT, key=submission.key, due_at=now)
    cause = Cause(text, now)
    await context.store.ledger.move(submission, (LineState.IN_DOUBT,), LineState.READY, cause, work=[work])


async def _park(context: SubmissionContext, subscriber: Subscriber, submission: Submission) -> None:
    text = (
        f"It is not known whether the MIS has {submission.key}, and no question is known to find it there. "
        "Look there; then say that it is accepted, or send it again."
    )
    now = context.clock()
    await context.store.ledger.move(
        submission,
        (LineState.IN_DOUBT,),
        LineState.PARKED,
        Cause(text, now),
        work=installed().attention_work(subscriber, now),
    )


RESOLVE_WORK = WorkType(
    kind=RESOLVE,
    run=resolve,
    flow=Flow.ORDERS,
    title="Look for it in the MIS: the answer was lost",
    side=Role.MIS,
    outage=True,
    waits="to be looked for in the MIS",
)
