"""Products of a shop that are linked to the MIS's: found, unlinked, compared."""

from collections.abc import Sequence
from typing import Annotated

from makeready.connectors import Connectors
from makeready.contexts import LinkContext
from makeready.products.model import LinkRow, SoldUnlinked
from makeready.products.part_numbers import product_of_part_number
from makeready.subscribers.model import Subscriber
from makeready_hooks import Role
from makeready_hooks.model.product import MisProduct, ShopProduct
from msgspec import Meta, Struct

from makeready_imports.catalogue import READ_AT_ONCE, all_matching, why_not_sold


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


class Compared(Struct, frozen=True, kw_only=True):
    """A site and the MIS beside one another."""

    links: LinkCheck
    shop_only: tuple[ShopProduct, ...]
    """Of the shop alone: no link, and none of our part numbers."""
    mis_only: tuple[tuple[str, MisProduct], ...]
    """For sale in an MIS, by its connector, and not in the site."""


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


async def compare(context: LinkContext, subscriber: Subscriber, site: str) -> Compared:
    """All of both sides, which takes the whole catalogue of the MIS. Raises Refused, RetryLater."""
    connectors = await context.connectors(subscriber)
    listed = await connectors.list_shop_products(site)
    check = await check_links(context, subscriber, site, listed)
    links = [link for link in await context.store.links.of_site(subscriber.name, site) if link.linked_at]
    known = {link.shop_product_id for link in links} | {one.id for one in check.not_linked}
    there = {(link.mis, link.product_id) for link in links}
    found = [
        (mis, one)
        for mis in connectors.names(Role.MIS)
        for one in await all_matching(connectors, mis, "")
        if (mis, one.id) not in there and not why_not_sold(one)
    ]
    others = tuple(one for one in listed if one.id not in known)
    return Compared(links=check, shop_only=others, mis_only=tuple(found))


async def check_links(
    context: LinkContext, subscriber: Subscriber, site: str, listed: Sequence[ShopProduct] | None = None
) -> LinkCheck:
    """Compare the links of a site with the shop and the MIS; ``listed``: what the shop has, if that was asked already.
    Raises Refused, RetryLater.
    """
    connectors = await context.connectors(subscriber)
    links = [link for link in await context.store.links.of_site(subscriber.name, site) if link.linked_at]
    there_now = await connectors.list_shop_products(site) if listed is None else listed
    shop = {product.id: product for product in there_now}
    there = [link for link in links if link.shop_product_id in shop]
    sold = await _sold(connectors, there)
    ours = {link.shop_product_id for link in links}
    return LinkCheck(
        looked_at=len(links),
        gone_from_shop=tuple(link for link in links if link.shop_product_id not in shop),
        gone_from_mis=tuple(link for link in there if (link.mis, link.product_id) not in sold),
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


async def _sold(connectors: Connectors, links: Sequence[LinkRow]) -> set[tuple[str, str]]:
    """What an MIS that the company still has sells of what is linked with it: its connector, and the product's id."""
    found: set[tuple[str, str]] = set()
    for mis in connectors.names(Role.MIS):
        ids = [link.product_id for link in links if link.mis == mis]
        for start in range(0, len(ids), READ_AT_ONCE):
            some = tuple(ids[start : start + READ_AT_ONCE])
            found.update((mis, product.id) for product in await connectors.read_mis_products(mis, some))
    return found
