"""Which products are tied to one another: untied on request, compared with both sides, never deleted."""

from collections.abc import Sequence

from makeready_hooks.model.product import ShopProduct
from msgspec import Struct

from makeready.connectors import Connectors
from makeready.flows.numbers import product_of_part_number
from makeready.flows.products import READ_AT_ONCE
from makeready.installation import Installation
from makeready.records import LinkRow, Subscriber


class Unlinked(Struct, frozen=True, kw_only=True):
    product_id: str
    problem: str = ""
    """Why it is still linked; empty if it is not."""


class Orphans(Struct, frozen=True, kw_only=True):
    """What does not fit together in a site. Nothing was changed by finding it."""

    looked_at: int
    gone_from_shop: tuple[LinkRow, ...]
    """Deleted in the shop."""
    gone_from_mis: tuple[LinkRow, ...]
    """The MIS no longer has it for sale, and the shop still does."""
    renumbered: tuple[tuple[LinkRow, ShopProduct], ...]
    """Its part number in the shop was changed: its orders are not taken for the MIS's."""
    not_linked: tuple[ShopProduct, ...]
    """Has one of our part numbers, and no import made it: import or adopt it."""


async def linked(
    installation: Installation, subscriber: Subscriber, site: str, text: str = ""
) -> list[LinkRow]:
    """What is in a site through us, by id of the MIS; ``text`` is part of an id, a part number or an address."""
    links = await installation.store.links.of_site(subscriber.name, site)
    wanted = text.casefold()
    found = [
        link
        for link in links
        if link.linked_at and wanted in f"{link.product_id} {link.part_number} {link.url_name}".casefold()
    ]
    return sorted(found, key=lambda link: link.product_id)


async def unlink(
    installation: Installation, subscriber: Subscriber, site: str, product_ids: Sequence[str]
) -> tuple[Unlinked, ...]:
    """Forget that these products are in the site. The shop's products stay exactly as they are."""
    done = []
    for product_id in product_ids:
        link = await installation.store.links.get(subscriber.name, site, product_id)
        if link is None:
            problem = f"{product_id} is not linked in {site}."
        elif await installation.store.links.forget(link):
            problem = ""
        else:
            problem = f"{product_id} is being made just now: cancel import {link.job} first."
        done.append(Unlinked(product_id=product_id, problem=problem))
    return tuple(done)


async def find_orphans(installation: Installation, subscriber: Subscriber, site: str) -> Orphans:
    """Compare the links of a site with the shop and the MIS. Raises Refused, RetryLater."""
    connectors = await installation.connectors(subscriber)
    links = [link for link in await installation.store.links.of_site(subscriber.name, site) if link.linked_at]
    shop = {product.id: product for product in await connectors.list_shop_products(site)}
    there = [link for link in links if link.shop_product_id in shop]
    sold = await _sold(connectors, [link.product_id for link in there])
    ours = {link.shop_product_id for link in links}
    return Orphans(
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
    )


async def _sold(connectors: Connectors, product_ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(product_ids), READ_AT_ONCE):
        some = tuple(product_ids[start : start + READ_AT_ONCE])
        found.update(product.id for product in await connectors.read_mis_products(some))
    return found
