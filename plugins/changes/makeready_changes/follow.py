"""Read what changed, and have it looked at, as if a webhook had told of it.

A change is kept before the cursor behind it, so that a process that ends between them reads it again; each is taken once
by its id. Each reading begins where the last but one ended: a vendor may show late what happened early.
"""

from collections.abc import Mapping, Sequence

import msgspec
import structlog
from makeready.connectors import Connectors
from makeready.engine.model import NewWork, Schedule, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.installation import Installation
from makeready.orders.model import RECONCILE
from makeready.subscribers.model import Subscriber
from makeready.subscribers.settings import far_end_of
from makeready.webhooks.receive import take_event
from makeready_hooks import Capability
from makeready_hooks.errors import MakereadyError, Refused
from makeready_hooks.model.event import Change, WebhookEvent

from makeready_changes.store import Cursor, cursors_of

READ_CHANGES = "read-changes"
EVERY_S = 30.0
MOST_PAGES = 50
"""Of one vendor in one reading; the rest follows at once."""

log = structlog.get_logger("makeready.changes")


async def read_changes(installation: Installation, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Of each connector that tells them; where none does, not again before the settings change or a process starts. The
    trouble of one stops no other.
    """
    subscriber = await installation.subscriber(name)
    connectors = await installation.connectors(subscriber)
    telling = [one for one in subscriber.connectors if Capability.CHANGES in connectors.capabilities(one)]
    if not telling:
        return {}
    again_s, trouble = EVERY_S, ""
    for connector in telling:
        try:
            if await _read(installation, subscriber, connectors, connector):
                again_s = 0.0
        except MakereadyError as exc:
            trouble = str(exc)
    return {work.id: Retry(error=trouble, after_s=EVERY_S if trouble else again_s) for work in works}


async def _read(
    installation: Installation, subscriber: Subscriber, connectors: Connectors, connector: str
) -> bool:
    """True if there is more."""
    cursors, end = cursors_of(installation), _far_end(installation, subscriber, connector)
    known = await cursors.of(subscriber.name, connector)
    known = known if known is not None and known.far_end == end else Cursor(far_end=end)
    at, more = known.earlier or known.latest, True
    for _ in range(MOST_PAGES):
        try:
            page = await connectors.read_changes(connector, at)
        except Refused as exc:
            if not at:
                raise
            await _begin_anew(installation, subscriber, connector, end, exc)
            return True
        for change in page.changes:
            await _take(installation, subscriber, connector, change)
        at, more = page.next, page.more and page.next != at
        if not more:
            break
    kept = Cursor(far_end=end, latest=at, earlier=known.latest)
    await cursors.keep(subscriber.name, connector, kept, at=installation.clock())
    return more


def _far_end(installation: Installation, subscriber: Subscriber, connector: str) -> str:
    kind, record = installation.kind(connector), subscriber.connectors[connector]
    return f"{subscriber.environment} {far_end_of(kind, record, subscriber.environment)}"


async def _take(installation: Installation, subscriber: Subscriber, connector: str, change: Change) -> None:
    told = WebhookEvent(event=change.event, message_id=f"change {change.id}")
    await take_event(installation, subscriber, connector, told, msgspec.json.encode(change))


async def _begin_anew(
    installation: Installation, subscriber: Subscriber, connector: str, end: str, why: Refused
) -> None:
    """What was missed meanwhile is found by comparing."""
    log.warning("changes are read from now on", subscriber=subscriber.name, connector=connector, why=str(why))
    await cursors_of(installation).keep(
        subscriber.name, connector, Cursor(far_end=end), at=installation.clock()
    )
    compare = NewWork(subscriber=subscriber.name, kind=RECONCILE, key="", due_at=installation.clock())
    await installation.store.work.add([compare])


CHANGES_WORK = WorkType(
    kind=READ_CHANGES,
    run=read_changes,
    title="Read what has changed",
    urgency=Urgency.UPKEEP,
    max_per_subscriber=1,
    schedules=(
        Schedule(title="Read what has changed, where a vendor tells", every_s=lambda subscriber: EVERY_S),
    ),
)
