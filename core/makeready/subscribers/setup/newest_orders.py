"""The newest orders of the shop, mapped as they would be sent: would the MIS know what they carry? Nothing is changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
from makeready_hooks import Role, specs
from makeready_hooks.errors import MakereadyError, Refused
from makeready_hooks.model.order import Order
from makeready_hooks.model.setup import Check
from makeready_hooks.model.submission import PreparedOrder

from makeready.connectors import Connectors
from makeready.contexts import At, LedgerStore
from makeready.orders.contents.lines import mis_lines, order_request
from makeready.orders.submission.prepare import map_with_ids
from makeready.subscribers.model import Subscriber

BUYERS = 3
"""Of so many, the newest order each: a call or two of the shop for each of them."""


async def check_newest(
    context: At[LedgerStore], subscriber: Subscriber, connectors: Connectors, name: str
) -> list[Check]:
    """What the MIS says of them. A shop that cannot be read has a finding of its own. Raises RetryLater."""
    if not connectors.names(Role.STOREFRONT) or not connectors.has(name, specs.check_orders):
        return []
    try:
        orders = await newest_orders(context, subscriber, connectors)
    except MakereadyError:
        return []
    known = context.store.ledger
    open_orders = [one for one in orders if not await known.numbers_of_order(subscriber.name, one.number)]
    if orders and not open_orders:  # whatever its list of customers says
        text = "The MIS took the last order of each of the last buyers."
        return [Check(name="customer of orders", ok=True, message=text)]
    found = [await prepared_or_not(subscriber, connectors, name, order) for order in open_orders]
    bad = [one for one in found if isinstance(one, Check)]
    good = tuple(one for one in found if isinstance(one, PreparedOrder))
    return bad if bad and not good else [*bad, *await connectors.check_orders(name, good)]


async def newest_orders(context: At[object], subscriber: Subscriber, connectors: Connectors) -> list[Order]:
    """Complete, with the lines that are the MIS's; of each of the last buyers one. Raises RetryLater, Refused."""
    now = datetime.fromtimestamp(context.clock(), UTC)
    start = now - timedelta(days=subscriber.orders.reconcile_days)
    newest: list[Order] = []
    async for orders in connectors.order_pages(start, now):
        newest = list(_of_buyers(subscriber, [*newest, *orders]))
    return [
        await connectors.read_order_details(
            order, tuple(line.number for line in order.lines), files_may_follow=False
        )
        for order in newest
    ]


def _of_buyers(subscriber: Subscriber, orders: list[Order]) -> Iterator[Order]:
    """What has no price could not go at all."""
    buyers: set[tuple[str, ...]] = set()
    for order in sorted(orders, key=lambda one: one.placed_at, reverse=True):
        lines = tuple(line for line in order.lines if line.net is not None and mis_lines(subscriber, line))
        buyer = (order.site, order.buyer.id, order.buyer.email, order.bill_to.full_name)
        if lines and buyer not in buyers and len(buyers) < BUYERS:
            buyers.add(buyer)
            yield msgspec.structs.replace(order, lines=lines)


async def prepared_or_not(
    subscriber: Subscriber, connectors: Connectors, name: str, order: Order
) -> PreparedOrder | Check:
    """Under the order's number, as one; or why it cannot be expressed."""
    try:
        prepared, _ = await map_with_ids(connectors, name, order_request(subscriber, order.number, order))
    except Refused as exc:
        return Check(name="customer of orders", ok=False, message=exc.message, fix=exc.fix)
    return prepared
