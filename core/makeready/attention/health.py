"""Whether both sides are well: how the last regular calls of each connector went."""

from makeready_hooks import Role
from makeready_hooks.errors import ConfigError
from msgspec import Struct

from makeready.attention.rules import AlertInputs
from makeready.contexts import Kinds
from makeready.engine.model import FailingWork
from makeready.orders.model import RECONCILE
from makeready.subscribers.model import Subscriber


class Health(Struct, frozen=True, kw_only=True):
    """How the last regular calls of a connector went."""

    connector: str
    title: str
    ok: bool
    text: str
    at: float = 0.0
    """When it went well last, or since when it does not; 0 if that is not known."""


def health_of(context: Kinds, subscriber: Subscriber, facts: AlertInputs) -> list[Health]:
    """Of each of the subscriber's connectors."""
    return [_health(context, one, facts) for one in subscriber.connectors]


def _health(context: Kinds, name: str, facts: AlertInputs) -> Health:
    try:
        kind = context.kind(name)
    except ConfigError as exc:
        return Health(connector=name, title=name, ok=False, text=str(exc))
    is_mis = kind.role is Role.MIS
    good_at = facts.last_accepted_at if is_mis else facts.compared_at
    went_well = "It took the last order that was sent." if is_mis else "Its orders were compared."
    troubles = [
        work
        for work in facts.failing
        if facts.concerns(work, kind.role) and _is_trouble(work, facts, good_at)
    ]
    if troubles:
        worst = troubles[0]
        return Health(connector=name, title=kind.title, ok=False, text=worst.error, at=worst.failing_since)
    text = went_well if good_at else "Nothing was asked of it yet."
    return Health(connector=name, title=kind.title, ok=True, text=text, at=good_at)


def _is_trouble(work: FailingWork, facts: AlertInputs, good_at: float) -> bool:
    """The connection's own, not that of one order: what a person has to change, the regular comparison, and
    orders that are not taken since others were.
    """
    if work.needs_person or work.kind == RECONCILE:
        return True
    return facts.is_outage(work, Role.MIS) and work.failing_since > good_at
