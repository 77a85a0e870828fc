"""Read orders in the shop, and record what it shows."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import msgspec
import structlog
from makeready_hooks import Role
from makeready_hooks.model.order import Order, OrderRef, Party

from makeready.connectors import Connectors
from makeready.contexts import LinkContext, OrderContext
from makeready.engine.by_shop import by_shop
from makeready.engine.model import Work, WorkType
from makeready.engine.retry import Retry
from makeready.extensions import installed
from makeready.orders.contents.changes import with_changes
from makeready.orders.contents.lines import products_of
from makeready.orders.model import FETCH_ORDER, SUBMIT, Cause, OrderIdentity, SeenOrder
from makeready.orders.rules import decide_lines
from makeready.orders.store.fetched import Reading
from makeready.orders.store.readings import next_number
from makeready.products.links import routes_of
from makeready.products.routes import Routes
from makeready.subscribers.model import Subscriber

NOT_FOUND_TRIES = 6
"""A shop may show an order some minutes late; after this many looks it is taken not to exist."""

log = structlog.get_logger("makeready.orders")


async def fetch_orders(context: OrderContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Read orders, all that are due at once, and record what the shop shows."""
    subscriber = await context.subscriber(name)
    connectors = await context.connectors(subscriber)
    read = partial(_fetch, context, subscriber, connectors)
    return await by_shop(connectors.ids, works, lambda work: work.key, read)


async def _fetch(
    context: OrderContext, subscriber: Subscriber, connectors: Connectors, shop: str, works: Sequence[Work]
) -> Mapping[int, Retry]:
    """Those of one shop."""
    name = subscriber.name
    known = await context.store.ledger.placed_at(name, [work.key for work in works])
    refs = tuple(_ref(work, known.get(work.key)) for work in works)
    reading = works[0].number
    orders: dict[str, list[Order]] = {}
    for order in await connectors.read_orders(refs):
        orders.setdefault(order.number, []).append(order)
    await tell_apart(context, subscriber, [one for found in orders.values() for one in found])
    read = [Reading(order, reading) for work in works for order in orders.get(work.key, ())]
    await asyncio.gather(*(record_order(context, subscriber, one) for one in read))  # in one commit, or a few
    again: dict[int, Retry] = {}
    for work in works:
        if work.key in orders:
            continue
        if work.attempts + 1 < NOT_FOUND_TRIES:
            again[work.id] = Retry(error=f"The shop shows no order {work.key} yet.")
        else:
            fix = "Check the API user's access to the site."
            log.error("order not found", subscriber=name, order=work.key, fix=fix)
            await context.store.unreadable.forget(name, work.key)
    return again


def _ref(work: Work, placed_at: float | None) -> OrderRef:
    """With a date at the first look, from the ledger or from the webhook: it makes reading many orders cheap."""
    if work.attempts:
        return OrderRef(number=work.key)
    if placed_at is None and work.hint:
        return msgspec.json.decode(work.hint, type=OrderRef)
    return OrderRef(number=work.key, placed_at=as_datetime(placed_at))


def as_datetime(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


async def tell_apart(context: OrderContext, subscriber: Subscriber, orders: Sequence[Order]) -> None:
    """Before they are recorded one by one: the first of two under one number must not go before the other is seen."""
    numbers = Counter(order.number for order in orders)
    same = [order for order in orders if numbers[order.number] > 1]
    if same:
        identities = [OrderIdentity(order.number, order.id, order.site) for order in same]
        await context.store.ledger.tell_apart(subscriber.name, identities)


async def record_order(
    context: OrderContext, subscriber: Subscriber, reading: Reading, cause: str = "seen in the shop"
) -> None:
    """Judge an order as the shop showed it, and take the decisions into the ledger, unless it was seen later than
    that by whomever. One that cannot be read is kept as such.
    """
    ledger, now, order = context.store.ledger, context.clock(), reading.order
    attention = partial(installed().attention_work, subscriber, now)
    if order.problem:
        log.error("an order cannot be read", subscriber=subscriber.name, problem=order.problem)
        await ledger.record_unreadable(subscriber.name, order, reading.key, now, attention)
        return
    known = await ledger.known(subscriber.name, order.number)
    routes = await order_routes(context, subscriber, order)
    taken_in = await ledger.record_observation(
        subscriber.name,
        OrderIdentity(order.number, order.id, order.site, subscriber.orders.reference_prefix),
        _seen(order),
        with_changes(order, known, decide_lines(subscriber, order, known, routes)),
        reading=reading.key,
        cause=Cause(cause, now),
        submit_kind=SUBMIT,
        attention=attention,
    )
    if taken_in:
        context.recent_orders.keep(subscriber.name, reading, now=now)


async def order_routes(context: LinkContext, subscriber: Subscriber, order: Order) -> Routes:
    """Which MIS makes what of an order, and what it can hold."""
    connectors = await context.connectors(subscriber)
    routes = await routes_of(context, subscriber, connectors, products_of(subscriber, order))
    return msgspec.structs.replace(routes, limits={one: connectors.limits(one) for one in routes.names})


def _seen(order: Order) -> SeenOrder:
    """The customer is who ordered, with the company that pays; an e-mail address only if there is neither."""
    buyer = f"{order.buyer.first_name} {order.buyer.last_name}".strip() or order.bill_to.full_name
    emails = dict.fromkeys(filter(None, (order.buyer.email, order.bill_to.email)))
    names = dict.fromkeys(filter(None, (buyer, order.bill_to.business.strip())))
    return SeenOrder(
        site=order.site,
        placed_at=order.placed_at.timestamp(),
        customer=", ".join(names or emails),
        currency=order.currency,
        found_by=" ".join(emails),
        also_found_by=" ".join([order.po_number, *(_place(line.ship_to) for line in order.lines)]),
    )


def _place(to: Party) -> str:
    return " ".join([to.full_name, to.business, to.email or "", to.address.city, to.address.postcode])


FETCH_WORK = WorkType(
    kind=FETCH_ORDER,
    run=fetch_orders,
    number=next_number,  # of the reading: it begins once the work is claimed
    title="Read the order in the shop",
    side=Role.STOREFRONT,
    outage=True,
    waits="to be read in the shop",
    batch=100,  # orders are read together
    max_per_subscriber=1,
    retried_at_once=10,
)
