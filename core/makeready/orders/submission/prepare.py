"""What the MIS is to get of lines of an order, ready to leave."""

from makeready_hooks.model.order import Order, OrderRequest, PreparedOrder, ResolvedId
from msgspec import structs

from makeready.connectors import Connectors
from makeready.contexts import RequestContext
from makeready.orders.artwork.rules import plan_files, with_files
from makeready.orders.contents.comparison import compare
from makeready.orders.contents.limits import shortened
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
    *,
    may_make: bool = False,
) -> tuple[PreparedOrder, OrderAsSent]:
    """Of these lines of ``order``, with their details. ``may_make``: it is about to be sent.

    Raises as `request_for`, `shortened`, `map_order` and as the hook `resolve_ids`.
    """
    check_currency(subscriber, connectors, order.site, connector, order.currency)
    completed = await connectors.load_order_details(order, lines)
    files = plan_files(completed, connectors.list_taken_files(connector))
    given = with_files(completed, files)
    request = await request_for(context, subscriber, connectors, connector, key, given)
    request, cut = shortened(subscriber, connector, connectors.limits(connector), request)
    prepared, resolved = await map_with_ids(connectors, connector, request, may_make=may_make)
    differences = (*cut, *compare(order, request, prepared))
    return prepared, OrderAsSent(
        order=completed, contents=prepared.contents, differences=differences, resolved=resolved, files=files
    )


async def map_with_ids(
    connectors: Connectors, connector: str, request: OrderRequest, *, may_make: bool = False
) -> tuple[PreparedOrder, tuple[ResolvedId, ...]]:
    """Under the MIS's own ids, and which those are. Raises as the hooks `resolve_ids` and `map_order`."""
    resolved = await connectors.resolve_ids(connector, request, may_make)
    return connectors.map_order(connector, structs.replace(request, resolved=resolved)), resolved


async def request_for(
    context: RequestContext,
    subscriber: Subscriber,
    connectors: Connectors,
    connector: str,
    key: str,
    order: Order,
) -> OrderRequest:
    """What the MIS's mapping is given: the order with the lines to be sent, whose products they are, and by
    which estimates they were priced.

    Raises Refused for a product that the MIS does not have, RetryLater if it is away.
    """
    lines, products = lines_and_products(subscriber, order.lines)
    await check_products(context, subscriber, connectors, connector, products)
    estimates = [
        await estimate_of(context, subscriber, connectors, connector, order, line, product)
        for line, product in zip(lines, products, strict=True)
    ]
    return order_request(subscriber, key, order, estimates)
