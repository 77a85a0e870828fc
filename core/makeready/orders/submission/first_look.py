"""Before a submission leaves for the first time: may somebody else have sent it? Then the MIS is asked first.

Somebody else is a former bridge, another instance, or this one in a life that the ledger does not know of.
"""

from collections.abc import Mapping, Sequence, Set
from enum import StrEnum

from makeready_hooks.errors import RetryLater
from makeready_hooks.model.order import Order
from makeready_hooks.model.submission import BegunOrder, FindResult, MisOrder, PreparedOrder
from msgspec import Struct

from makeready.connectors import Connectors
from makeready.contexts import FindContext
from makeready.orders.contents.comparison import differences
from makeready.orders.model import FarEnd, KnownLine, Submission
from makeready.orders.rules import TEST_MARK, mark_of
from makeready.orders.submission.find import find_in_mis
from makeready.subscribers.model import Subscriber

SKEW_S = 300.0
"""The clock of a shop may differ so much from ours."""
CANNOT_TELL = (
    "It may have been sent before, by another system or in a time that this ledger does not know of, and no question "
    "is known to find it in the MIS. Look there; then say that it is accepted, send it, or say that it shall not be sent."
)
"""One text for all of them, so that one decision can be made for all."""


class NextStep(StrEnum):
    SEND = "send"
    ACCEPT = "accept"
    PARK = "park"


class FirstLook(Struct, frozen=True, kw_only=True):
    """What the MIS, and the shop's items, say of an order that may be there."""

    next_step: NextStep
    found: MisOrder | None = None
    begun: BegunOrder | None = None
    """What is there of it, if it is to be sent."""
    reason: str = ""
    """Why a person has to decide."""


SEND = FirstLook(next_step=NextStep.SEND)


def is_ours(
    subscriber: Subscriber, order: Order, submission: Submission, broken_at: float, marks: Set[str]
) -> bool:
    """Whether the ledger knows of all attempts that there can be. What had left before its last break, and was to leave
    again as it was, may be what a later life has sent already. ``marks``: what it wrote on the items itself.
    """
    if submission.has_left:
        return submission.sent_at >= _after(broken_at)
    return is_witnessed(subscriber, order, broken_at, marks)


def wait_after_break(subscriber: Subscriber, prepared: PreparedOrder, since: float, now: float) -> None:
    """What left before a break may still take effect. Raises RetryLater."""
    quiet_until = since + prepared.deadline_s + subscriber.orders.quiet_margin_s
    if since and now < quiet_until:
        text = "What left before the state file was put back or taken over may still arrive in the MIS."
        raise RetryLater(text, after_s=quiet_until - now)


def is_witnessed(
    subscriber: Subscriber, order: Order, broken_at: float, ours: Set[str] = frozenset()
) -> bool:
    """Whether nobody but this ledger can have sent the order: placed in our time, after the ledger's last break, and
    without a number of the MIS on its items, but for ``ours``.
    """
    placed_at = order.placed_at.timestamp()
    since = max(subscriber.orders.start, _after(broken_at))
    return placed_at >= since and not set(marks_on(subscriber, order)) - ours


def _after(broken_at: float) -> float:
    return broken_at + SKEW_S if broken_at else 0.0


def marks_on(subscriber: Subscriber, order: Order) -> tuple[str, ...]:
    """The MIS's numbers on the order's items, without what tells a test's."""
    marks = (mark_of(subscriber, line).removeprefix(TEST_MARK) for line in order.lines)
    return tuple(dict.fromkeys(filter(None, marks)))


def is_included(order: Order, known: Mapping[int, KnownLine], since: float) -> bool:
    """Whether a person has said of each line that it goes, knowing that somebody else may have sent it."""
    lines = [known.get(line.number, KnownLine()) for line in order.lines]
    return all(line.included_at > 0 and line.included_at >= since for line in lines)


async def look_first(
    context: FindContext,
    subscriber: Subscriber,
    connectors: Connectors,
    end: FarEnd,
    prepared: PreparedOrder,
    order: Order,
    *,
    included: bool,
) -> FirstLook:
    """``order``: with the submission's lines. ``included``: a person decided that it goes where nobody can tell.

    Raises RetryLater if the MIS cannot be reached.
    """
    marks = marks_on(subscriber, order)
    found = await find_in_mis(context, subscriber, connectors, end, prepared)
    if shown := what_is_there(prepared, found):
        return shown
    named = await connectors.read_mis_orders(end.connector, marks) if marks else None
    if named:
        return _compared(prepared, named[0])
    if included or (found.certain and not marks):
        return SEND
    if found.certain or named == ():
        return FirstLook(next_step=NextStep.PARK, reason=_not_ours(marks))
    return FirstLook(next_step=NextStep.PARK, reason=CANNOT_TELL)


def what_is_there(prepared: PreparedOrder, found: FindResult) -> FirstLook | None:
    """Of an order under our key, whole or begun; None if the question found nothing."""
    if found.order is not None:
        return _compared(prepared, found.order)
    return FirstLook(next_step=NextStep.SEND, begun=found.begun) if found.begun else None


def _not_ours(marks: Sequence[str]) -> str:
    return (
        f"The shop's item carries the MIS number {', '.join(marks)}, which this installation did not write, and the MIS "
        "does not show such an order. Look there; then say that it is accepted, send it, or say that it shall not be sent."
    )


def _compared(prepared: PreparedOrder, found: MisOrder) -> FirstLook:
    different = list(differences(prepared.contents, found.contents))
    if not different:
        return FirstLook(next_step=NextStep.ACCEPT, found=found)
    text = (
        f"The MIS has {found.label} as {prepared.key} already, with something else: {'; '.join(different)}. Look there; "
        "then say that it is accepted, or that it shall not be sent."
    )
    return FirstLook(next_step=NextStep.PARK, reason=text)
