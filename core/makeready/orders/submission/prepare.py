"""What the MIS is to get of lines of an order, ready to leave."""

from makeready_hooks import Capability
from makeready_hooks.errors import Refused
from makeready_hooks.model.order import FileRole, FileWay, Order
from makeready_hooks.model.submission import OrderRequest, PreparedOrder, ResolvedId
from msgspec import structs

from makeready.connectors import Connectors
from makeready.contexts import RequestContext
from makeready.orders.artwork.rules import plan_files, ways_of, with_files
from makeready.orders.contents.comparison import compare
from makeready.orders.contents.limits import shortened
from makeready.orders.contents.lines import lines_and_products, order_request
from makeready.orders.contents.shipping import shipping_choices, why_unshippable
from makeready.orders.corrections.rules import corrected, corrected_customer, told
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
    files_may_follow: bool = False,
) -> tuple[PreparedOrder, OrderAsSent]:
    """Of these lines of ``order``, with their details, and with the estimates that they were priced by. ``may_make``: it is
    about to be sent; ``files_may_follow``: for the first time, so that files can come after it if the MIS takes them.

    Raises Refused for a product that the MIS does not have or a shipping method that waits for a person, RetryLater if it is
    away; else as `shortened` and `map_with_ids`.
    """
    check_currency(subscriber, connectors, order.site, connector, order.currency)
    taken = connectors.list_taken_files(connector)
    follow = files_may_follow and FileWay.UPLOAD in ways_of(FileRole.ARTWORK, taken)
    completed = await connectors.read_order_details(order, lines, follow)
    corrections = await context.store.corrections.of(subscriber.name, order.number)
    given = corrected(completed, corrections)
    files = plan_files(given, taken)
    takes_carriers = Capability.CARRIERS in connectors.capabilities(connector)
    shipping = shipping_choices(subscriber.shipping, order.site, given.lines, takes_carriers)
    if waiting := why_unshippable(subscriber.shipping, shipping):
        raise Refused(f"It cannot be sent ({'; '.join(waiting)}).", fix="Choose another rule there.")
    lines_sent, products = lines_and_products(subscriber, given.lines)
    await check_products(context, subscriber, connectors, connector, products)
    estimates = [
        await estimate_of(context, subscriber, connectors, connector, given, line, product)
        for line, product in zip(lines_sent, products, strict=True)
    ]
    request = order_request(subscriber, key, with_files(given, files), estimates, shipping)
    request = structs.replace(request, customer=corrected_customer(connector, corrections))
    request, cut = shortened(subscriber, connector, connectors.limits(connector), request)
    prepared, resolved = await map_with_ids(connectors, connector, request, may_make=may_make)
    differences = (*told(completed, corrections), *cut, *compare(order, request, prepared))
    return prepared, OrderAsSent(
        order=completed,
        contents=prepared.contents,
        differences=differences,
        resolved=resolved,
        origins=prepared.origins,
        shipping=shipping,
        files=files,
    )


async def map_with_ids(
    connectors: Connectors, connector: str, request: OrderRequest, *, may_make: bool = False
) -> tuple[PreparedOrder, tuple[ResolvedId, ...]]:
    """Under the MIS's own ids, and which those are. Raises as the hooks `resolve_ids` and `map_order`."""
    resolved = await connectors.resolve_ids(connector, request, may_make)
    return connectors.map_order(connector, structs.replace(request, resolved=resolved)), resolved
