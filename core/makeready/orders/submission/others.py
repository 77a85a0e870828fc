"""Before a subscriber's first order is sent: does another installation send this shop's orders already?"""

from makeready.connectors import Connectors
from makeready.contexts import SubmissionContext
from makeready.engine.pauses import stand_still
from makeready.orders.model import SYSTEM_ACTOR
from makeready.subscribers.model import Subscriber

ALONE = "alone"
"""Name of a checkpoint: since when nobody else is known to send this subscriber's orders."""


def alone_in(shop: str) -> str:
    """The same of a storefront beside the first one."""
    return f"{ALONE} {shop}"


async def is_alone(
    context: SubmissionContext, subscriber: Subscriber, connectors: Connectors, shop: str
) -> bool:
    """Looked at once, by the newcomer: whoever has sent orders goes on. False stops all that changes anything.

    Raises RetryLater if the shop cannot be asked.
    """
    store, name = context.store, subscriber.name
    is_first = shop == connectors.ids.first
    checked = ALONE if is_first else alone_in(shop)
    if checked in await store.checkpoints.of(name):
        return True
    sends = is_first and await store.lines.last_accepted_at(name, context.clock())
    others = () if sends else await connectors.list_other_instances(shop)
    if not others:
        await store.checkpoints.save(name, {checked: context.clock()})
        return True
    reason = f"Another installation serves this shop: {', '.join(others)}."
    await stand_still(context, name, reason=reason, actor=SYSTEM_ACTOR)
    return False
