"""What a person decides about a submission that waits for one. Each decision is kept with its author."""

from collections.abc import Awaitable

from makeready_hooks.errors import ConfigError, Refused
from msgspec import Struct

from makeready.flows.history import order_story
from makeready.flows.kinds import FILE, MARK, SUBMIT
from makeready.installation import Installation
from makeready.records import Submission
from makeready.store.moves import Cause
from makeready.store.states import LineState
from makeready.store.work import NewWork


class Decision(Struct, frozen=True, kw_only=True):
    """Which submission of whose, and who decides."""

    subscriber: str
    key: str
    """``6994-1``."""
    actor: str


WAITING = (LineState.REFUSED, LineState.PARKED)


async def send_again(
    installation: Installation, decision: Decision, waiting: tuple[LineState, ...] = WAITING
) -> None:
    """Send what was refused or parked, if it is in one of the states ``waiting``.

    A refused one is mapped anew, under the settings of today. A parked one keeps its key and its
    bytes: the person has looked and says that the MIS does not have it.
    Raises ConfigError if there is no such submission, Refused if it does not wait for a person.
    """
    submission = await _find(installation, decision)
    now = installation.clock()
    work = NewWork(subscriber=decision.subscriber, kind=SUBMIT, key=decision.key, due_at=now)
    cause = Cause("a person sends it again", now, decision.actor)
    moving = installation.store.ledger.move(
        submission, waiting, LineState.READY, cause, work=work, map_anew=submission.state == LineState.REFUSED
    )
    await _move(submission, moving)


async def accept_as(installation: Installation, decision: Decision, mis_number: str) -> None:
    """The person has found it in the MIS under this number. Raises as `send_again`."""
    submission = await _find(installation, decision)
    cause = Cause(f"a person found it in the MIS as {mis_number}", installation.clock(), decision.actor)
    accepting = installation.store.ledger.accept(
        submission, mis_id=mis_number, mis_number=mis_number, cause=cause, next_kinds=(MARK, FILE)
    )
    await _move(submission, accepting)


async def ignore(installation: Installation, decision: Decision, reason: str) -> None:
    """It shall not be sent; looks leave it so. Raises as `send_again`.

    Also one in doubt, so that nobody has to wait for an MIS that is gone: the person has looked there.
    """
    submission = await _find(installation, decision)
    asked = Cause("a person decides about it", installation.clock(), decision.actor)
    await installation.store.ledger.move(submission, (LineState.IN_DOUBT,), LineState.PARKED, asked)
    waiting = (LineState.REFUSED, LineState.PARKED, LineState.READY)
    cause = Cause(reason, installation.clock(), decision.actor)
    await _move(
        submission, installation.store.ledger.move(submission, waiting, LineState.IGNORED, cause, held=True)
    )


async def retry_now(
    installation: Installation, subscriber: str, number: str | None = None, *, actor: str
) -> int:
    """Try at once what went wrong and waits for its next try: of one order, or of all. Returns how much.

    The history of each order that it is about says who asked for it.

    Raises ConfigError if nothing is known of the order.
    """
    store, keys = installation.store, None
    if number is not None:
        keys = [number, *await store.ledger.keys(subscriber, number)]
    cause = Cause("a person wants it tried now", installation.clock(), actor)
    count = await store.work.retry_now(subscriber, keys, cause)
    if number is not None and not count and await order_story(installation, subscriber, number) is None:
        raise ConfigError(
            f"Nothing is known of order {number}.", field="number", fix="See: makeready orders list."
        )
    return count


async def _find(installation: Installation, decision: Decision) -> Submission:
    found = await installation.store.ledger.submission(decision.subscriber, decision.key)
    if found is None:
        raise ConfigError(
            f"There is no submission {decision.key}.",
            field="key",
            fix="Its name is order-line, such as 6994-1.",
        )
    return found


async def _move(submission: Submission, moving: Awaitable[bool]) -> None:
    if not await moving:
        raise Refused(
            f"{submission.key} is {submission.state}: it does not wait for a person.",
            fix="See: makeready orders show.",
        )
