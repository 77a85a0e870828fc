"""Before a product is sent for the first time: does the MIS have it? A part number that begins as ours may be anybody's."""

from collections.abc import Sequence

from makeready_hooks import Role
from makeready_hooks.errors import NotSupported, Refused

from makeready.connectors import Connectors
from makeready.contexts import RequestContext
from makeready.subscribers.model import Subscriber


async def check_products(
    context: RequestContext,
    subscriber: Subscriber,
    connectors: Connectors,
    mis: str,
    product_ids: Sequence[str],
) -> None:
    """Of the connector ``mis``. What is linked, or was found once, is not asked for again.

    Raises Refused for what the MIS does not have, RetryLater if it has to be asked and is away.
    """
    known = context.found_products.setdefault((subscriber.name, subscriber.environment, mis), set())
    asked = tuple(one for one in dict.fromkeys(product_ids) if one not in known)
    if asked:
        asked = tuple(set(asked) - await context.store.links.linked(subscriber.name, asked))
    if not asked:
        return
    try:
        found = {one.id for one in await connectors.read_mis_products(mis, asked)}
    except NotSupported:
        return
    known |= found
    if missing := sorted(set(asked) - found):
        which = f" ({mis})" if len(connectors.names(Role.MIS)) > 1 else ""
        raise Refused(
            f"The MIS{which} has no product {', '.join(missing)}.",
            fix="Correct the part number in the shop, or make or link the product; then send it again.",
        )
