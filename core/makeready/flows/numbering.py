"""Which product a number of the shop means, by the company's own sites and its links."""

from collections.abc import Collection

from makeready.flows.numbers import ProductLink, ambiguous, engine_product_id, readings, why_unreadable
from makeready.installation import Installation
from makeready.records import Subscriber


async def sites_of(installation: Installation, subscriber: Subscriber) -> set[str]:
    """All that we know of: where products are linked or were chosen for, and those that the settings name."""
    orders, prices = subscriber.orders, subscriber.prices
    named = (
        orders.site_trigger_stages,
        orders.site_groupings,
        prices.site_markup_percents,
        prices.site_languages,
        subscriber.stock.domains.values(),
    )
    known = await installation.store.links.known_sites(subscriber.name)
    return {*known, *(site for sites in named for site in sites)}


async def candidates(
    installation: Installation, subscriber: Subscriber, number: str
) -> tuple[ProductLink, ...]:
    """What an engine's number can mean. Where it can be read in several ways, those that are linked, if any is."""
    found = readings(subscriber, number, await sites_of(installation, subscriber))
    if len(found) < 2:
        return found
    linked = [one for one in found if await _is_linked(installation, subscriber, one)]
    return tuple(linked) or found


async def _is_linked(installation: Installation, subscriber: Subscriber, one: ProductLink) -> bool:
    link = await installation.store.links.get(subscriber.name, one.site, one.product_id)
    return link is not None and link.linked_at > 0


class Numbering:
    """Which products can be given numbers in a site."""

    def __init__(
        self, subscriber: Subscriber, site: str, sites: Collection[str], taken: Collection[ProductLink]
    ) -> None:
        self._subscriber = subscriber
        self._site = site
        self._sites = sites
        self._taken = taken
        """What is linked in sites whose names end like this one's."""

    def why_not(self, product_id: str) -> str:
        """Why a product cannot be told by its numbers, for people; "" if it can."""
        if problem := why_unreadable(self._subscriber, product_id, self._site, self._sites):
            return problem
        number = engine_product_id(self._subscriber, product_id, self._site)
        others = readings(self._subscriber, number, {*self._sites, self._site})[1:]
        return next((ambiguous(number, one) for one in others if one in self._taken), "")


async def numbering(installation: Installation, subscriber: Subscriber, site: str) -> Numbering:
    sites = await sites_of(installation, subscriber)
    inside = [other for other in sites if site.lower().endswith(f"-{other.lower()}")]
    taken = {
        ProductLink(product_id=link.product_id, site=other)
        for other in inside
        for link in await installation.store.links.of_site(subscriber.name, other)
    }
    return Numbering(subscriber, site, sites, taken)
