"""What people decide of orders: send again, accept, ignore; one by one, or all that a filter finds."""

from collections.abc import Awaitable, Sequence

from makeready_hooks.errors import ConfigError, Refused
from msgspec import Struct

from makeready.contexts import OrderContext
from makeready.engine.model import NewWork
from makeready.orders.after_yes import reject_accepted, send_anew, was_taken
from makeready.orders.corrections.model import Correction
from makeready.orders.corrections.rules import words_for
from makeready.orders.line_filter import LineFilter
from makeready.orders.model import FETCH_ORDER, SUBMIT, Cause, LineState, Submission
from makeready.orders.store.identities import SAME_NUMBER
from makeready.orders.views.history import order_story

WAITING = (LineState.REFUSED, LineState.PARKED)

MAX_LINES = 1000
"""Of each state, looked at in one go; a caller waits for it."""


class Decision(Struct, frozen=True, kw_only=True):
    """Which submission of whose, and who decides."""

    subscriber: str
    key: str
    """``6994-1``."""
    actor: str


async def send_again(
    context: OrderContext,
    decision: Decision,
    waiting: tuple[LineState, ...] = WAITING,
    corrections: Sequence[Correction] = (),
) -> None:
    """Send what was refused or parked, if it is in one of the states ``waiting``.

    A refused one is mapped again, under the settings of today; one that the MIS had taken before it refused it is another
    order there, with a key of its own. A parked one keeps its key and its bytes: the person has looked and says that the
    MIS does not have it. Raises ConfigError if there is no such submission, Refused if it does not wait for a person or
    shares its number with another order.
    """
    submission = await find_submission(context, decision)
    if submission.ambiguous:
        raise Refused(SAME_NUMBER)
    now = context.clock()
    work = NewWork(subscriber=decision.subscriber, kind=SUBMIT, key=decision.key, due_at=now)
    values = ", ".join(dict.fromkeys(map(words_for, corrections)))
    text = (
        f"a person has corrected it ({values}), and sends it again" if values else "a person sends it again"
    )
    cause = Cause(text, now, decision.actor)
    if was_taken(submission) and LineState.REFUSED in waiting:
        await move_or_refuse(submission, send_anew(context, submission, cause, corrections))
        return
    moving = context.store.ledger.move(
        submission,
        waiting,
        LineState.READY,
        cause,
        work=[work],
        map_anew=submission.state == LineState.REFUSED,
        included=True,
        corrections=corrections,
    )
    await move_or_refuse(submission, moving)


async def refuse(context: OrderContext, decision: Decision, words: str) -> None:
    """The MIS does not make it after all, as a person has heard. Raises as `send_again`."""
    submission = await find_submission(context, decision)
    subscriber = await context.subscriber(decision.subscriber)
    await move_or_refuse(
        submission, reject_accepted(context, subscriber, decision.key, words, decision.actor)
    )


async def ignore(context: OrderContext, decision: Decision, reason: str) -> None:
    """Do not send it; later readings leave it so. Raises as `send_again`.

    Also one in doubt, so that nobody has to wait for an MIS that is gone: the person has looked there.
    """
    submission = await find_submission(context, decision)
    asked = Cause("a person decides about it", context.clock(), decision.actor)
    await context.store.ledger.move(submission, (LineState.IN_DOUBT,), LineState.PARKED, asked)
    waiting = (LineState.REFUSED, LineState.PARKED, LineState.READY)
    cause = Cause(reason, context.clock(), decision.actor)
    await move_or_refuse(
        submission,
        context.store.ledger.move(submission, waiting, LineState.IGNORED, cause, decided_by_person=True),
    )


async def retry(context: OrderContext, subscriber: str, number: str | None = None, *, actor: str) -> int:
    """Try at once what went wrong and waits for its next try: of one order, or of all. Returns how much.

    The history of each order that it is about says who asked for it.

    Raises ConfigError if nothing is known of the order.
    """
    store, keys = context.store, None
    if number is not None:
        keys = [number, *await store.ledger.keys(subscriber, number)]
    cause = Cause("a person wants it tried now", context.clock(), actor)
    count = await store.ledger.retry(subscriber, keys, cause)
    if number is not None and not count and await order_story(context, subscriber, number) is None:
        raise ConfigError(
            f"Nothing is known of order {number}.", field="number", fix="See: makeready orders list."
        )
    return count


async def look_again(context: OrderContext, subscriber: str, number: str) -> None:
    """Read an order that cannot be read once more, at once. Raises ConfigError for any other."""
    if not await context.store.unreadable.find(subscriber, LineFilter(query=number)):
        raise ConfigError(f"There is no order {number} that cannot be read.", field="number")
    work = NewWork(subscriber=subscriber, kind=FETCH_ORDER, key=number, due_at=context.clock())
    await context.store.work.add([work])


async def find_submission(context: OrderContext, decision: Decision) -> Submission:
    found = await context.store.ledger.submission(decision.subscriber, decision.key)
    if found is None:
        raise ConfigError(
            f"There is no submission {decision.key}.",
            field="key",
            fix="Its name is order-line, such as 6994-1.",
        )
    return found


async def move_or_refuse(submission: Submission, moving: Awaitable[bool]) -> None:
    if not await moving:
        raise Refused(
            f"{submission.key} is {submission.state}: it does not wait for a person.",
            fix="See: makeready orders show.",
        )


class Replay(Struct, frozen=True, kw_only=True):
    """Which submissions, and who decides."""

    subscriber: str
    states: tuple[LineState, ...] = (LineState.REFUSED,)
    """Refused, parked, or both."""
    start: float | None = None
    """Refused or parked at this moment or later."""
    end: float | None = None
    reason: str = ""
    """Text that the reason holds."""
    actor: str
    parked_are_not_in_the_mis: bool = False
    """The person has looked: sending parked ones again doubles nothing."""


class Replayed(Struct, frozen=True, kw_only=True):
    keys: tuple[str, ...]
    """Submissions that will be sent again, the oldest change first."""
    skipped: tuple[str, ...] = ()
    """Those that did not wait for a person any more."""
    more: bool = False
    """There are more than are sent in one go: do it again."""


async def replay(context: OrderContext, wanted: Replay, *, dry_run: bool = False) -> Replayed:
    """Each on its own, with its history. ``dry_run`` only finds them.

    Raises ConfigError if parked ones are wanted and nobody says that they are not in the MIS.
    """
    if LineState.PARKED in wanted.states and not (wanted.parked_are_not_in_the_mis or dry_run):
        raise ConfigError(
            "Parked orders may be in the MIS already; sending one again would double it.",
            field="parked_are_not_in_the_mis",
            fix="Look into the MIS. If it has none of them, say so; otherwise accept them one by one.",
        )
    found, more = await _find_lines(context, wanted)
    if dry_run:
        return Replayed(keys=found, more=more)
    skipped = [key for key in found if not await _was_sent(send_again(context, *_replay_one(wanted, key)))]
    return Replayed(keys=tuple(key for key in found if key not in skipped), skipped=tuple(skipped), more=more)


async def _find_lines(context: OrderContext, wanted: Replay) -> tuple[tuple[str, ...], bool]:
    """Keys of submissions, and whether there are more."""
    lines, more = [], False
    for state in wanted.states:
        only = LineFilter(state=state, start=wanted.start, end=wanted.end, reason=wanted.reason)
        found = await context.store.lines.find(wanted.subscriber, only, limit=MAX_LINES + 1)
        more = more or len(found) > MAX_LINES
        lines += found[:MAX_LINES]
    lines = [line for line in lines if not line.rejected_later]  # each is another order there: one by one
    lines.sort(key=lambda line: (line.updated_at, line.order_number, line.line))
    return tuple(dict.fromkeys(line.submission for line in lines)), more


def _replay_one(wanted: Replay, key: str) -> tuple[Decision, tuple[LineState, ...]]:
    return Decision(subscriber=wanted.subscriber, key=key, actor=wanted.actor), wanted.states


async def _was_sent(sending: Awaitable[None]) -> bool:
    try:
        await sending
    except Refused:
        return False
    return True
