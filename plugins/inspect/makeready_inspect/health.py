"""Whether both sides are well: what the last calls of each connector say, and the work that waits for it."""

from makeready.contexts import Kinds
from makeready.engine.model import FailingWork
from makeready.orders.model import RECONCILE
from makeready.subscribers.model import Subscriber
from makeready_hooks import ConnectorType
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.setup import State
from msgspec import Struct

from makeready_inspect.alarms import AlertInputs

FORGOTTEN_S = 86_400.0
"""A failure of a kind of call that nobody repeats for so long, while others go well, says nothing of today."""


class Health(Struct, frozen=True, kw_only=True):
    """How the last calls of a connector went, whoever made them."""

    connector: str
    title: str
    state: State
    """``to do``: nothing was asked of it yet."""
    text: str
    at: float = 0.0
    """When it went well last, or since when it does not; 0 if that is not known."""

    @property
    def ok(self) -> bool:
        return self.state is not State.WRONG


def health_of(context: Kinds, subscriber: Subscriber, facts: AlertInputs) -> list[Health]:
    """Of each of the subscriber's connectors."""
    return [_health(context, one, facts) for one in subscriber.connectors]


def _health(context: Kinds, name: str, facts: AlertInputs) -> Health:
    try:
        kind = context.kind(name)
    except ConfigError as exc:
        return Health(connector=name, title=name, state=State.WRONG, text=str(exc))
    calls = [one for one in facts.calls if one.connector == name]
    good_at = max((one.good_at for one in calls), default=0.0)
    troubles = [(work.failing_since, work.error) for work in facts.failing if _is_trouble(work, facts, kind)]
    troubles += [
        (one.failing_since, one.trouble)
        for one in calls
        if one.failing_since and (one.last_at >= good_at or one.last_at > facts.now - FORGOTTEN_S)
    ]
    if troubles:
        since, text = min(troubles)
        return Health(connector=name, title=kind.title, state=State.WRONG, text=text, at=since)
    if good_at:
        return Health(
            connector=name, title=kind.title, state=State.OK, text="Its last calls went well.", at=good_at
        )
    text = "Nothing was asked of it yet. Test the connections."
    return Health(connector=name, title=kind.title, state=State.TO_DO, text=text)


def _is_trouble(work: FailingWork, facts: AlertInputs, kind: ConnectorType) -> bool:
    """The connection's own, not that of one order: what a person has to change, the regular comparison, and
    orders that are not taken since others were.
    """
    if not facts.concerns(work, kind.role, kind.name):
        return False
    if work.needs_person or work.kind == RECONCILE:
        return True
    return facts.holds_up_its_mis(work)
