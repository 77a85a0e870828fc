"""A missed webhook costs delay only: the shop's orders are compared with the ledger, again and again."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from makeready_hooks.model.order import Order, OrderRef
from msgspec import Struct

from makeready.connectors import Connectors
from makeready.engine import Again
from makeready.flows.judging import judge
from makeready.flows.ordering import record
from makeready.flows.watching import COMPARED, UNANNOUNCED
from makeready.installation import Installation
from makeready.records import Subscriber, Work
from makeready.store.states import LineState

log = structlog.get_logger("makeready.orders")

OVERLAP = timedelta(hours=1)  # clocks differ, and a shop may show an order minutes late
WAITING_AT_ONCE = 100


class Reconciled(Struct, frozen=True, kw_only=True):
    """What was compared, and what was new to us."""

    looked_at: int
    missing: tuple[str, ...]
    """Orders with lines of the MIS that no webhook had told us of."""


async def reconcile(installation: Installation, name: str, works: Sequence[Work]) -> Mapping[int, Again]:
    """Look now, and again after the subscriber's interval."""
    [work] = works
    subscriber = await installation.subscriber(name)
    now = datetime.fromtimestamp(installation.clock(), UTC)
    start = now - timedelta(days=subscriber.orders.reconcile_days)
    done = await compare(installation, subscriber, start, now + OVERLAP)
    await _note_unannounced(installation, subscriber, done)
    return {work.id: Again(after_s=subscriber.orders.reconcile_every_s)}


async def _note_unannounced(installation: Installation, subscriber: Subscriber, done: Reconciled) -> None:
    """Keep when orders came in while no webhook did. Not after a pause of ours: then webhooks met nobody."""
    now = installation.clock()
    moments = await installation.store.watch.moments(subscriber.name)
    compared_at = moments.get(COMPARED, 0.0)
    last_webhook_at = await installation.store.inbox.last_received_at(subscriber.name)
    steady = now - compared_at <= 2 * subscriber.orders.reconcile_every_s
    kept = {COMPARED: now}
    is_noted = moments.get(UNANNOUNCED, 0.0) > last_webhook_at
    if done.missing and steady and last_webhook_at < compared_at and not is_noted:
        kept[UNANNOUNCED] = now
    await installation.store.watch.keep_moments(subscriber.name, kept)


async def compare(
    installation: Installation,
    subscriber: Subscriber,
    start: datetime,
    end: datetime,
    *,
    dry_run: bool = False,
) -> Reconciled:
    """Take in every order placed in a period, and every older one that still waits.

    ``dry_run`` only tells what is missing. Raises RetryLater or Refused if the shop could not be asked.
    """
    connectors = await installation.connectors(subscriber)
    orders = [*await connectors.list_orders(start, end)]
    orders += await _still_waiting(installation, subscriber, connectors, {order.number for order in orders})
    missing = []
    for order in orders:
        if order.problem:
            log.error("an order cannot be read", subscriber=subscriber.name, problem=order.problem)
            continue
        known = await installation.store.ledger.of_order(subscriber.name, order.number)
        if not known and _concerns_mis(subscriber, order):
            missing.append(order.number)
        if not dry_run:
            await record(
                installation, subscriber, order, "seen in the shop" if known else "found by comparing"
            )
    return Reconciled(looked_at=len(orders), missing=tuple(missing))


def _concerns_mis(subscriber: Subscriber, order: Order) -> bool:
    return any(verdict.state is not LineState.IGNORED for verdict in judge(subscriber, order, {}))


async def _still_waiting(
    installation: Installation, subscriber: Subscriber, connectors: Connectors, seen: set[str]
) -> tuple[Order, ...]:
    numbers = await installation.store.ledger.waiting_orders(subscriber.name, WAITING_AT_ONCE)
    refs = tuple(OrderRef(number=number) for number in numbers if number not in seen)
    return await connectors.read_orders(refs) if refs else ()
