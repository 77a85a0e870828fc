"""A refusal after the yes: an MIS may take an order first, and refuse or cancel it minutes or hours later."""

import re
from collections.abc import Sequence

from makeready_hooks import Capability, Role

from makeready.connectors import Connectors
from makeready.contexts import At, LedgerStore
from makeready.engine.model import NewWork
from makeready.extensions import installed
from makeready.orders.corrections.model import Correction
from makeready.orders.model import SUBMIT, SYSTEM_ACTOR, Cause, LineState, Submission
from makeready.subscribers.model import Subscriber

AGAIN = re.compile(r"-R(\d+)$")
"""Ends the key of an order that is sent again after the MIS had taken and refused it."""


def follows(subscriber: Subscriber, connectors: Connectors) -> bool:
    """Whether accepted orders are looked at in the MIS at all."""
    return subscriber.status.follows or tells_later(connectors)


def tells_later(connectors: Connectors) -> bool:
    """Whether the MIS tells what it refuses or cancels after it has taken it."""
    return connectors.any_can(Role.MIS, Capability.LATER_REFUSAL)


async def reject_accepted(
    context: At[LedgerStore], subscriber: Subscriber, key: str, words: str, actor: str = SYSTEM_ACTOR
) -> bool:
    """The MIS, or a person, says that it does not make it after all, be it refused or cancelled there: a person sends it
    again or leaves it. False if it is not accepted by now.
    """
    submission = await context.store.ledger.submission(subscriber.name, key)
    if submission is None or submission.state != LineState.ACCEPTED:
        return False
    now, number = context.clock(), submission.mis_number or submission.mis_id
    cause = Cause(f"rejected later by the MIS, which had taken it as {number}: {words}", now, actor)
    work = installed().attention_work(subscriber, now)
    before, after = (LineState.ACCEPTED,), LineState.REFUSED
    return await context.store.ledger.move(submission, before, after, cause, work=work)


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


async def send_anew(
    context: At[LedgerStore], submission: Submission, cause: Cause, corrections: Sequence[Correction] = ()
) -> bool:
    """Send again, as another order, what the MIS had taken and refused. False if it does not wait for that by now."""
    ledger = context.store.ledger
    taken = await ledger.keys_of_order(submission.subscriber, submission.order_number)
    key = next_key(submission.key, taken)
    work = NewWork(subscriber=submission.subscriber, kind=SUBMIT, key=key, due_at=cause.at)
    return await ledger.send_anew(submission, key, cause, work, corrections)
