"""Look for an order in the MIS by our key, and believe that it is absent only if the question can find what is there."""

from makeready_hooks.model.submission import FindResult, PreparedOrder

from makeready.connectors import Connectors
from makeready.contexts import FindContext
from makeready.orders.model import FarEnd, Submission
from makeready.subscribers.model import Subscriber

CONTROLS = 3
"""So many of the newest orders that the MIS took are looked for, until one is found."""
CANNOT_TELL = FindResult(certain=False)


async def find_in_mis(
    context: FindContext, subscriber: Subscriber, connectors: Connectors, end: FarEnd, prepared: PreparedOrder
) -> FindResult:
    """There, begun, certainly not there, or: this MIS cannot tell.

    A question that an MIS ignores, or that it answers with an empty list, finds nothing ever: that is seen by asking
    in the same way for an order that it took. Raises RetryLater.
    """
    found = await connectors.find_submitted_order(end.connector, prepared)
    if found.order is not None:
        context.controls.found(subscriber, end)
        return found
    if (
        found.begun
        or not found.certain
        or await can_find(context, subscriber, connectors, end, but=prepared.key)
    ):
        return found
    return CANNOT_TELL


async def can_find(
    context: FindContext, subscriber: Subscriber, connectors: Connectors, end: FarEnd, *, but: str = ""
) -> bool:
    """Whether the MIS shows by our key what it took, ``but`` the order of this key. Before it took anything, nobody
    knows. Raises RetryLater.
    """
    controls = context.controls
    if controls.are_good(subscriber, end):
        return True
    for known in await context.store.ledger.newest_accepted(subscriber.name, end, CONTROLS, but=but):
        if await _finds(connectors, end, known):
            controls.found(subscriber, end)
            return True
    controls.failed(subscriber, end)
    return False


async def _finds(connectors: Connectors, end: FarEnd, known: Submission) -> bool:
    asked = PreparedOrder(key=known.key, payload=known.payload)
    found = await connectors.find_submitted_order(end.connector, asked)
    shown = (found.order, *found.others) if found.order else ()
    return known.mis_id in [one.id for one in shown]
