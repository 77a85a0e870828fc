"""By which estimate of the MIS a line was priced."""

from makeready_hooks.errors import Refused
from makeready_hooks.model.order import Buyer, Order, OrderLine
from makeready_hooks.model.price import chosen_values

from makeready.connectors import Connectors
from makeready.contexts import At, EstimateStore
from makeready.prices.model import EstimateRow
from makeready.subscribers.model import Subscriber

CLOCKS_DIFFER_S = 120.0
"""A price is asked before its order is placed, by two clocks."""


async def estimate_of(
    context: At[EstimateStore],
    subscriber: Subscriber,
    connectors: Connectors,
    mis: str,
    order: Order,
    line: OrderLine,
    product_id: str,
) -> str:
    """The id of it in the MIS ``mis``; "" if the line was not priced by one.

    The same product, quantity and options, of the order's customer, or of nobody in particular if the shop did
    not tell who asked. Of several the last one before the order was placed.

    Raises RetryLater if the MIS has to be asked what can be chosen, and is away.
    """
    made = await context.store.prices.estimates(
        subscriber.name, subscriber.environment, product_id, line.quantity
    )
    if not made:
        return ""
    chosen = chosen_values(await connectors.list_price_options(mis, product_id), line.chosen)
    same = [one for one in made if sorted(one.options) == sorted(chosen)]
    for customer in _customers(connectors, mis, order):
        if theirs := [one for one in same if one.customer == customer]:
            return _before(theirs, order.placed_at.timestamp()).reference
    return ""


def _customers(connectors: Connectors, mis: str, order: Order) -> list[str]:
    """By whom it can have been asked, the likelier first."""
    found = []
    for buyer in (order.buyer, Buyer()):
        try:
            found.append(connectors.customer_code(mis, order.site, buyer))
        except Refused:
            continue
    return found


def _before(made: list[EstimateRow], placed_at: float) -> EstimateRow:
    earlier = [one for one in made if one.at <= placed_at + CLOCKS_DIFFER_S]
    return earlier[-1] if earlier else made[0]
