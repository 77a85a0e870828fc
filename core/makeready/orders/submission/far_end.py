"""Where a submission belongs: only the MIS that it left for can say whether it has it, and only there it goes again."""

from collections.abc import Sequence

from makeready_hooks import Role
from makeready_hooks.errors import ConfigError, Refused

from makeready.connectors import Connectors
from makeready.contexts import Kinds
from makeready.orders.model import FarEnd, NewEnds, Orphaned, Submission
from makeready.subscribers.model import Subscriber
from makeready.subscribers.settings import far_end_of

SHOWN_KEYS = 10


def far_end(
    context: Kinds, subscriber: Subscriber, connectors: Connectors, submission: Submission, mis: str = ""
) -> FarEnd:
    """Where a submission goes, or is asked about. ``mis``: that makes its lines, for one that has not left.

    Raises ConfigError if it has left for one to which the settings do not lead now.
    """
    if not submission.has_left or (
        not submission.connector and submission.environment == subscriber.environment
    ):
        return new_orders_end(context, subscriber, connectors, mis)
    for end in far_ends(context, subscriber) or ():
        if submission.is_for(end):
            return end
    left_for = FarEnd(submission.connector or "the MIS", submission.environment, submission.far_end)
    raise ConfigError(
        f"It has left for {left_for}, and the settings do not lead there now: it is neither asked about nor sent "
        "elsewhere.",
        field="connectors",
        fix="It goes on by itself when they lead there again. Else look there, and say that it is accepted, or that it "
        "shall not be sent.",
    )


def new_orders_end(context: Kinds, subscriber: Subscriber, connectors: Connectors, mis: str = "") -> FarEnd:
    """Where an order goes that has not left yet. Raises NotSupported if no connector takes any."""
    taker = connectors.taker(mis)
    ends = connectors.remember("far ends", lambda: far_ends(context, subscriber)) or ()
    return next((end for end in ends if end.connector == taker), FarEnd(taker, subscriber.environment, ""))


def far_ends(context: Kinds, subscriber: Subscriber) -> tuple[FarEnd, ...] | None:
    """To which the settings of a subscriber's connectors lead; None if they cannot be read."""
    found = []
    for name, record in subscriber.connectors.items():
        kind = context.kinds.get(name)
        address = far_end_of(kind, record, subscriber.environment) if kind else None
        if address is None:
            return None
        found.append(FarEnd(name, subscriber.environment, address))
    return tuple(found)


def mis_ends(context: Kinds, subscriber: Subscriber) -> list[FarEnd]:
    """Accounts of MIS to which orders go, as far as the settings tell them apart."""
    ends = far_ends(context, subscriber) or ()
    return [one for one in ends if one.address and context.kinds[one.connector].role is Role.MIS]


def new_ends(context: Kinds, before: Subscriber | None, after: Subscriber) -> NewEnds:
    return NewEnds(
        subscriber=after.name,
        before=far_ends(context, before) if before else (),
        after=far_ends(context, after) or (),
    )


def refusal(orphaned: Orphaned) -> Refused:
    """Of a change of settings, with how many submissions it would leave behind, and the ways out."""
    keys = [one.key for one in orphaned.submissions]
    more = ", ..." if len(keys) > SHOWN_KEYS else ""
    many = len(keys) != 1
    return Refused(
        f"{len(keys)} order{'s' if many else ''} ({', '.join(keys[:SHOWN_KEYS])}{more}) may have reached "
        f"{_places(orphaned.submissions)} without our knowing, and with these settings nobody could ask about "
        f"{'them' if many else 'it'}.",
        fix="Wait until they are settled, minutes as a rule. Or look there, and say of each that it is accepted, or that "
        "it shall not be sent. Then change the settings.",
    )


def _places(submissions: Sequence[Submission]) -> str:
    ends = [FarEnd(one.connector or "the MIS", one.environment, one.far_end) for one in submissions]
    return ", ".join(dict.fromkeys(map(str, ends)))
