"""Products of a shop that are linked to the MIS's: found, unlinked, compared."""

from collections.abc import Collection, Sequence
from typing import Annotated

from makeready_hooks.model.product import ShopProduct
from msgspec import Meta, Struct

from makeready.connectors import Connectors
from makeready.contexts import LinkContext
from makeready.products.catalogue import READ_AT_ONCE
from makeready.products.model import LinkRow, SoldUnlinked
from makeready.products.part_numbers import (
    EngineProductRef,
    ambiguous,
    engine_product_id,
    product_of_part_number,
    readings,
    why_unreadable,
)
from makeready.subscribers.model import Subscriber


class Unlinked(Struct, frozen=True, kw_only=True):
    product_id: str
    problem: Annotated[str, Meta(description="Why it is still linked; empty if it is not.")] = ""


class LinkCheck(Struct, frozen=True, kw_only=True):
    """What does not fit together in a site. Nothing was changed by finding it."""

    looked_at: int
    gone_from_shop: Annotated[tuple[LinkRow, ...], Meta(description="Deleted in the shop.")]
    gone_from_mis: Annotated[
        tuple[LinkRow, ...], Meta(description="The MIS no longer has it for sale, and the shop still does.")
    ]
    renumbered: Annotated[
        tuple[tuple[LinkRow, ShopProduct], ...],
        Meta(description="Its part number in the shop was changed: its orders are not taken for the MIS's."),
    ]
    not_linked: Annotated[
        tuple[ShopProduct, ...],
        Meta(description="Has one of our part numbers, and no import made it: import or link it."),
    ]
    sold: Annotated[
        tuple[SoldUnlinked, ...],
        Meta(description="Sold at the MIS's price and not linked: the shop asked for its price."),
    ] = ()


async def linked(context: LinkContext, subscriber: Subscriber, site: str, text: str = "") -> list[LinkRow]:
    """What is in a site through us, by id of the MIS; ``text`` is part of an id, a part number or an address."""
    links = await context.store.links.of_site(subscriber.name, site)
    found = [link for link in links if link.linked_at and fits(link, text)]
    return sorted(found, key=lambda link: link.product_id)


def fits(link: LinkRow, text: str, name: str = "") -> bool:
    return text.casefold() in f"{link.product_id} {link.part_number} {link.url_name} {name}".casefold()


async def unlink(
    context: LinkContext, subscriber: Subscriber, site: str, product_ids: Sequence[str]
) -> tuple[Unlinked, ...]:
    """Delete the links of these products with the site's. The shop's products stay exactly as they are."""
    done = []
    for product_id in product_ids:
        link = await context.store.links.get(subscriber.name, site, product_id)
        if link is None:
            problem = f"{product_id} is not linked in {site}."
        elif await context.store.links.delete(link):
            problem = ""
        else:
            problem = f"{product_id} is being made just now: cancel import {link.job} first."
        done.append(Unlinked(product_id=product_id, problem=problem))
    return tuple(done)


async def check_links(context: LinkContext, subscriber: Subscriber, site: str) -> LinkCheck:
    """Compare the links of a site with the shop and the MIS. Raises Refused, RetryLater."""
    connectors = await context.connectors(subscriber)
    links = [link for link in await context.store.links.of_site(subscriber.name, site) if link.linked_at]
    shop = {product.id: product for product in await connectors.list_shop_products(site)}
    there = [link for link in links if link.shop_product_id in shop]
    sold = await _sold(connectors, [link.product_id for link in there])
    ours = {link.shop_product_id for link in links}
    return LinkCheck(
        looked_at=len(links),
        gone_from_shop=tuple(link for link in links if link.shop_product_id not in shop),
        gone_from_mis=tuple(link for link in there if link.product_id not in sold),
        renumbered=tuple(
            (link, shop[link.shop_product_id])
            for link in there
            if shop[link.shop_product_id].part_number != link.part_number
        ),
        not_linked=tuple(
            one
            for one in shop.values()
            if one.id not in ours and product_of_part_number(subscriber, one.part_number)
        ),
        sold=tuple(await context.store.links.sold_unlinked(subscriber.name, site)),
    )


async def _sold(connectors: Connectors, product_ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(product_ids), READ_AT_ONCE):
        some = tuple(product_ids[start : start + READ_AT_ONCE])
        found.update(product.id for product in await connectors.read_mis_products(some))
    return found


async def sites_of(context: LinkContext, subscriber: Subscriber) -> set[str]:
    """All that we know of: where products are linked or were chosen for, and those that the settings name."""
    orders, prices = subscriber.orders, subscriber.prices
    named = (
        orders.site_trigger_stages,
        orders.site_groupings,
        prices.site_markup_percents,
        prices.site_languages,
        subscriber.stock.domains.values(),
    )
    known = await context.store.links.known_sites(subscriber.name)
    return {*known, *(site for sites in named for site in sites)}


async def candidates(
    context: LinkContext, subscriber: Subscriber, number: str
) -> tuple[EngineProductRef, ...]:
    """What an engine's number can mean. Where it can be read in several ways, those that are linked, if any is."""
    found = readings(subscriber, number, await sites_of(context, subscriber))
    if len(found) < 2:
        return found
    linked = [one for one in found if await is_linked(context, subscriber, one)]
    return tuple(linked) or found


async def is_linked(context: LinkContext, subscriber: Subscriber, one: EngineProductRef) -> bool:
    """In its site; in any, if the number names none."""
    if not one.site:
        return bool(await context.store.links.linked(subscriber.name, [one.product_id]))
    link = await context.store.links.get(subscriber.name, one.site, one.product_id)
    return link is not None and link.linked_at > 0


class Numbering:
    """Which products can be given numbers in a site."""

    def __init__(
        self, subscriber: Subscriber, site: str, sites: Collection[str], taken: Collection[EngineProductRef]
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


async def numbering(context: LinkContext, subscriber: Subscriber, site: str) -> Numbering:
    sites = await sites_of(context, subscriber)
    inside = [other for other in sites if site.lower().endswith(f"-{other.lower()}")]
    taken = {
        EngineProductRef(product_id=link.product_id, site=other)
        for other in inside
        for link in await context.store.links.of_site(subscriber.name, other)
    }
    return Numbering(subscriber, site, sites, taken)
