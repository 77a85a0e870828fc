"""Before an order leaves: is what it asks for on the MIS's shelf? Asked where a subscriber wants short lines to wait."""

from collections import Counter

from makeready_hooks import Capability
from makeready_hooks.errors import NotSupported, Refused
from makeready_hooks.model.order import Order

from makeready.connectors import Connectors
from makeready.orders.contents.lines import lines_and_products
from makeready.subscribers.model import Subscriber


def waits_for_stock(subscriber: Subscriber, connectors: Connectors, mis: str) -> bool:
    return subscriber.orders.short_stock == "wait" and Capability.STOCK in connectors.capabilities(mis)


async def check_shelf(subscriber: Subscriber, connectors: Connectors, mis: str, order: Order) -> None:
    """Raises Refused for what the MIS ``mis`` has less of than is ordered, RetryLater. What is not known holds nothing."""
    ordered: Counter[str] = Counter()
    for line, product_id in zip(*lines_and_products(subscriber, order.lines), strict=True):
        ordered[product_id] += line.quantity
    try:
        levels = await connectors.read_stock(mis, tuple(ordered))
    except (Refused, NotSupported):
        return
    short = [
        f"product {one.product_id}: ordered {ordered[one.product_id]}, free {max(one.free, 0):f}"
        for one in levels
        if one.free < ordered[one.product_id]
    ]
    if short:
        ways = "Send it again to have it as it is, change it in the shop before, or say that it shall not be sent."
        raise Refused(f"There is not enough in stock ({'; '.join(short)}).", fix=ways)
