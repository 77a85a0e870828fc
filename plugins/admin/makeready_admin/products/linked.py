"""Products of a shop that are the MIS's, with all that is known of them."""

from collections.abc import Sequence

from makeready.installation import Installation
from makeready.products.model import LinkRow
from makeready.stock.model import LevelRow
from makeready.subscribers.model import Subscriber
from makeready_imports.links import fits
from msgspec import Struct

from makeready_admin.products.stock_line import DAYS, StockLine, stock_line
from makeready_admin.products.store import LastPrice, in_shops_of
from makeready_admin.vendor_links import VendorLink, links_of_products


class Linked(Struct, frozen=True, kw_only=True):
    """No vendor was asked for any of it."""

    link: LinkRow
    name: str
    price: LastPrice | None = None
    """The last one that the MIS gave, for whatever quantity was asked; None if nobody asked lately."""
    markup_percent: str = ""
    """What the shop adds; empty if that is not known here."""
    level: LevelRow | None = None
    """None if its stock was never read, or it keeps none."""
    line: StockLine | None = None
    """How its stock went."""
    pages: tuple[VendorLink, ...] = ()


async def find_linked(
    installation: Installation, subscriber: Subscriber, site: str, text: str
) -> list[tuple[LinkRow, str]]:
    """Links of a site, with the products' names, whose ids, numbers or names hold a text."""
    store = installation.store
    names = {one.product_id: one.name for one in await store.stock.links(subscriber.name) if one.site == site}
    links = await store.links.of_site(subscriber.name, site)
    found = ((link, names.get(link.product_id, "")) for link in links if link.linked_at)
    return [(link, name) for link, name in found if fits(link, text, name)]


async def described(
    installation: Installation, subscriber: Subscriber, links: Sequence[tuple[LinkRow, str]]
) -> list[Linked]:
    """Links of one site with what the store knows of them."""
    if not links:
        return []
    store, ids = installation.store, [link.product_id for link, _ in links]
    site = links[0][0].site
    levels = await store.stock.levels(subscriber.name, ids)
    prices = await in_shops_of(installation).last_prices(subscriber.name, subscriber.environment, site, ids)
    now = installation.clock()
    since = now - DAYS * 86_400
    lines = {
        one: stock_line(await store.stock.history(subscriber.name, one, since=since), now) for one in levels
    }
    markups = await store.markups.known(subscriber.name, site)
    pages = await links_of_products(installation, subscriber, [link for link, _ in links])
    return [
        Linked(
            link=link,
            name=name,
            price=prices.get(link.product_id),
            markup_percent=markups.get(link.product_id, ""),
            level=levels.get(link.product_id),
            line=lines.get(link.product_id),
            pages=tuple(pages.get(link.product_id, ())),
        )
        for link, name in links
    ]
