"""What is known of how a subscriber does: the facts that alarms and health are made from."""

from collections.abc import Sequence

from makeready.attention.model import COMPARED, UNANNOUNCED
from makeready.contexts import At, AttentionContext, AttentionStore, Kinds
from makeready.engine.model import FailingWork
from makeready.extensions import installed
from makeready.storage.clock_steps import CLOCK_SET, CLOCK_SET_BY
from makeready.subscribers.model import Subscriber
from makeready_hooks import Capability, Role, capabilities_of
from makeready_hooks.fit import offered

from makeready_inspect.alarms import HOUR, SHOWN_KEYS, AlertInputs
from makeready_inspect.price_speed import speed_of

DAY_S = 86_400.0


async def collect_inputs(context: AttentionContext, subscriber: Subscriber) -> AlertInputs:
    """What is known now."""
    store, name = context.store, subscriber.name
    moments = await store.checkpoints.of("") | await store.checkpoints.of(name)
    types = installed().work_types
    last_hour = int(context.clock() // HOUR)
    watched = [kind for kind, one in types.items() if one.waits]
    failing = await store.work.failing(name, watched)
    mis = [one for one in subscriber.connectors if _role(context, one) is Role.MIS]
    mis_of, taken_at = await _by_mis(context, name, failing) if len(mis) > 1 else ({}, {})
    return AlertInputs(
        now=context.clock(),
        failing=failing,
        mis_of=mis_of,
        taken_at=taken_at,
        titles={one: context.kinds[one].title for one in mis},
        can_install=can_install(context, subscriber),
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


def _role(context: Kinds, connector: str) -> Role | None:
    """None for one that is not installed."""
    return context.kinds[connector].role if connector in context.kinds else None


def can_install(context: Kinds, subscriber: Subscriber) -> bool:
    """Whether a shop's connector makes its webhook itself, as far as it is seen before it is built."""
    shops = [one for one in subscriber.connectors if _role(context, one) is Role.STOREFRONT]
    hooks = (offered(context.kinds[one]).hooks for one in shops)
    return any(not one or Capability.INSTALL in capabilities_of(Role.STOREFRONT, one) for one in hooks)


async def _by_mis(
    context: At[AttentionStore], name: str, failing: Sequence[FailingWork]
) -> tuple[dict[str, str], dict[str, float]]:
    """The MIS of each submission that fails; when each of them took one since, 0 for never."""
    lines, now = context.store.lines, context.clock()
    found = await lines.mis_of(name, [one.key for one in failing])
    since = min((one.failing_since for one in failing), default=now)
    return found, {one: await lines.last_taken_at(name, one, since, now) for one in set(found.values())}


async def _waiting(context: At[AttentionStore], subscriber: Subscriber) -> dict[str, float]:
    days = subscriber.orders.waiting_days
    if not days:
        return {}
    since = context.clock() - days * DAY_S
    return await context.store.lines.waiting_since_before(subscriber.name, since, SHOWN_KEYS)
