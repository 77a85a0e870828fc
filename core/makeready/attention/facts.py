"""What is known of how a subscriber does: the facts that alarms and health are made from."""

from makeready.attention.rules import HOUR, SHOWN_KEYS, AlertInputs
from makeready.contexts import At, AttentionStore
from makeready.extensions import installed
from makeready.prices.usage import speed_of
from makeready.storage.clock_steps import CLOCK_SET, CLOCK_SET_BY
from makeready.subscribers.model import Subscriber

DAY_S = 86_400.0
COMPARED, UNANNOUNCED = "compared", "unannounced"
"""Names of checkpoints: the last regular comparison; orders found by one in a time without webhooks."""


async def collect_inputs(context: At[AttentionStore], subscriber: Subscriber) -> AlertInputs:
    """What is known now."""
    store, name = context.store, subscriber.name
    moments = await store.checkpoints.of("") | await store.checkpoints.of(name)
    types = installed().work_types
    last_hour = int(context.clock() // HOUR)
    watched = [kind for kind, one in types.items() if one.waits]
    return AlertInputs(
        now=context.clock(),
        failing=await store.work.failing(name, watched),
        types=types,
        last_accepted_at=await store.lines.last_accepted_at(name, context.clock()),
        last_placed_at=await store.lines.last_placed_at(name),
        last_webhook_at=await store.inbox.last_received_at(name, context.clock()),
        unannounced_at=moments.get(UNANNOUNCED, 0.0),
        compared_at=moments.get(COMPARED, 0.0),
        clock_set_at=moments.get(CLOCK_SET, 0.0),
        clock_set_by_s=moments.get(CLOCK_SET_BY, 0.0),
        calls=await store.calls.kinds(name),
        pauses=await store.pauses.of(name, context.clock()),
        waiting=await _waiting(context, subscriber),
        over_budget=speed_of(await store.price_counts.totals(name, last_hour - 1)).over_budget,
    )


async def _waiting(context: At[AttentionStore], subscriber: Subscriber) -> dict[str, float]:
    days = subscriber.orders.waiting_days
    if not days:
        return {}
    since = context.clock() - days * DAY_S
    return await context.store.lines.waiting_since_before(subscriber.name, since, SHOWN_KEYS)
