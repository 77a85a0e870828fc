"""The newest orders of the shop, mapped as they would be sent: would the MIS know what they carry? Nothing is changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
from makeready_hooks import Role, specs
from makeready_hooks.errors import MakereadyError, Refused
from makeready_hooks.model.order import Order, OrderRequest, PreparedOrder
from makeready_hooks.model.setup import Check

from makeready.connectors import Connectors
from makeready.contexts import SetupContext
from makeready.orders.contents.lines import mis_lines
from makeready.products.part_numbers import product_of_part_number
from makeready.subscribers.model import Subscriber

BUYERS = 3
"""Of so many, the newest order each: a call or two of the shop for each of them."""


async def check_newest(
    context: SetupContext, subscriber: Subscriber, connectors: Connectors, name: str
) -> list[Check]:
    """What the MIS says of them. A shop that cannot be read has a finding of its own."""
    if not connectors.names(Role.STOREFRONT) or not connectors.hook(specs.check_orders, name).get_hookimpls():
        return []
    found: list[Check] = []
    prepared: list[PreparedOrder] = []
    now = datetime.fromtimestamp(context.clock(), UTC)
    try:
        orders = await connectors.list_orders(now - timedelta(days=subscriber.orders.reconcile_days), now)
        for order in _newest(subscriber, orders):
            try:
                prepared.append(await _prepare(subscriber, connectors, name, order))
            except Refused as exc:
                found.append(Check(name="customer of orders", ok=False, message=exc.message, fix=exc.fix))
    except MakereadyError:
        return []
    return (
        found if found and not prepared else [*found, *await connectors.check_orders(name, tuple(prepared))]
    )


def _newest(subscriber: Subscriber, orders: tuple[Order, ...]) -> Iterator[Order]:
    """With the lines that are the MIS's and have a price; of each of the last buyers one."""
    buyers: set[tuple[str, ...]] = set()
    for order in sorted(orders, key=lambda one: one.placed_at, reverse=True):
        lines = tuple(line for line in order.lines if line.net is not None and mis_lines(subscriber, line))
        buyer = (order.site, order.buyer.id, order.buyer.email, order.bill_to.full_name)
        if lines and buyer not in buyers and len(buyers) < BUYERS:
            buyers.add(buyer)
            yield msgspec.structs.replace(order, lines=lines)


async def _prepare(subscriber: Subscriber, connectors: Connectors, name: str, order: Order) -> PreparedOrder:
    """Raises Refused if it cannot be expressed."""
    order = await connectors.load_order_details(order, tuple(line.number for line in order.lines))
    lines = tuple(sent for line in order.lines for sent in mis_lines(subscriber, line))
    products = tuple(product_of_part_number(subscriber, line.part_number) for line in lines)
    request = OrderRequest(
        key=order.number, order=msgspec.structs.replace(order, lines=lines), product_ids=products
    )
    return connectors.map_order(name, request)
