"""What the MIS is to get of lines of an order, ready to leave."""

from makeready_hooks.model.order import Order, OrderRequest, PreparedOrder

from makeready.connectors import Connectors
from makeready.contexts import RequestContext
from makeready.orders.contents.comparison import compare
from makeready.orders.contents.lines import lines_and_products, order_request
from makeready.orders.model import OrderAsSent
from makeready.orders.submission.products import check_products
from makeready.prices.estimates import estimate_of
from makeready.subscribers.currencies import check_currency
from makeready.subscribers.model import Subscriber


async def prepare(
    context: RequestContext,
    subscriber: Subscriber,
    connectors: Connectors,
    connector: str,
    key: str,
    order: Order,
    lines: tuple[int, ...],
) -> tuple[PreparedOrder, OrderAsSent]:
    """Of these lines of ``order``, with their details. Raises as `request_for`, Refused as `map_order`."""
    check_currency(subscriber, connectors, order.site, connector, order.currency)
    completed = await connectors.load_order_details(order, lines)
    request = await request_for(context, subscriber, connectors, key, completed)
    prepared = connectors.map_order(connector, request)
    return prepared, OrderAsSent(
        order=completed, contents=prepared.contents, differences=compare(order, request, prepared)
    )


async def request_for(
    context: RequestContext, subscriber: Subscriber, connectors: Connectors, key: str, order: Order
) -> OrderRequest:
    """What the MIS's mapping is given: the order with the lines to be sent, whose products they are, and by
    which estimates they were priced.

    Raises Refused for a product that the MIS does not have, RetryLater if it is away.
    """
    lines, products = lines_and_products(subscriber, order.lines)
    await check_products(context, subscriber, connectors, products)
    estimates = [
        await estimate_of(context, subscriber, connectors, order, line, product)
        for line, product in zip(lines, products, strict=True)
    ]
    return order_request(subscriber, key, order, estimates)
