"""What is known of a company's products: their sites, and which MIS makes them."""

from collections.abc import Collection

from makeready_hooks import Role

from makeready.connectors import Connectors
from makeready.contexts import At, LinkContext, LinkStore
from makeready.products.routes import Routes
from makeready.subscribers.model import Subscriber


async def sites_of(context: LinkContext, subscriber: Subscriber) -> set[str]:
    """All that we know of: where products are linked or were chosen for, and those that the settings name."""
    orders, prices = subscriber.orders, subscriber.prices
    named = (
        orders.site_trigger_stages,
        orders.site_groupings,
        prices.site_markup_percents,
        prices.site_languages,
        subscriber.stock.domains.values(),
        subscriber.routes.sites,
    )
    known = await context.store.links.known_sites(subscriber.name)
    return {*known, *(site for sites in named for site in sites)}


async def routes_of(
    context: At[LinkStore], subscriber: Subscriber, connectors: Connectors, product_ids: Collection[str]
) -> Routes:
    """By which it can be told of these products which MIS makes them. With one MIS nothing is read."""
    names, links = connectors.names(Role.MIS), context.store.links
    linked = await links.mis_of(subscriber.name, product_ids) if len(names) > 1 and product_ids else {}
    return Routes(names=names, rules=subscriber.routes, linked=linked, shops=connectors.ids)
