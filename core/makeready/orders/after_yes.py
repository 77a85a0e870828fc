"""A refusal after the yes: an MIS may take an order first, and refuse or cancel it minutes or hours later."""

import re
from collections.abc import Sequence

from makeready.contexts import At, LedgerStore
from makeready.engine.model import NewWork
from makeready.extensions import installed
from makeready.orders.model import SUBMIT, SYSTEM_ACTOR, Cause, LineState, Submission
from makeready.subscribers.model import Subscriber

AGAIN = re.compile(r"-R(\d+)$")
"""Ends the key of an order that is sent again after the MIS had taken and refused it."""


async def refuse_accepted(
    context: At[LedgerStore], subscriber: Subscriber, key: str, words: str, actor: str = SYSTEM_ACTOR
) -> bool:
    """The MIS, or a person, says that it does not make it after all. False if it is not accepted by now."""
    if (submission := await _accepted(context, subscriber, key)) is None:
        return False
    now = context.clock()
    cause = Cause(f"refused after it had been taken as {_number(submission)}: {words}", now, actor)
    work = installed().attention_work(subscriber, now)
    before, after = (LineState.ACCEPTED,), LineState.REFUSED
    return await context.store.ledger.move(submission, before, after, cause, work=work)


async def cancel_accepted(context: At[LedgerStore], subscriber: Subscriber, key: str, status: str) -> bool:
    """It was cancelled in the MIS: it stays so, whatever the shop shows, and people are told."""
    if (submission := await _accepted(context, subscriber, key)) is None:
        return False
    now = context.clock()
    cause = Cause(f"{_number(submission)} was cancelled in the MIS ({status})", now)
    work = installed().attention_work(subscriber, now)
    before, after = (LineState.ACCEPTED,), LineState.CANCELLED
    move = context.store.ledger.move
    return await move(submission, before, after, cause, work=work, decided_by_person=True, notice=cause.text)


async def _accepted(context: At[LedgerStore], subscriber: Subscriber, key: str) -> Submission | None:
    found = await context.store.ledger.submission(subscriber.name, key)
    return found if found is not None and found.state == LineState.ACCEPTED else None


def _number(submission: Submission) -> str:
    return submission.mis_number or submission.mis_id


def was_taken(submission: Submission) -> bool:
    """Whether the MIS had taken it before it refused it: then sending it again is another order there."""
    return submission.state == LineState.REFUSED and bool(submission.mis_id)


def next_key(key: str, taken: Sequence[str]) -> str:
    """``6994-1-R2``: of another attempt, so that the MIS does not take it for a repetition of the first."""
    base = AGAIN.sub("", key)
    number = 2
    while f"{base}-R{number}" in taken:
        number += 1
    return f"{base}-R{number}"


async def send_anew(context: At[LedgerStore], submission: Submission, cause: Cause) -> bool:
    """Send again, as another order, what the MIS had taken and refused. False if it does not wait for that by now."""
    ledger = context.store.ledger
    taken = await ledger.keys_of_order(submission.subscriber, submission.order_number)
    key = next_key(submission.key, taken)
    work = NewWork(subscriber=submission.subscriber, kind=SUBMIT, key=key, due_at=cause.at)
    return await ledger.send_anew(submission, key, cause, work)
