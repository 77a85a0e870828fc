"""The mark-up of products that are in a shop, changed: planned with what a buyer pays before and after, then done like an
import.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from makeready.connectors import Connectors
from makeready.contexts import ProductContext
from makeready.products.model import (
    Figures,
    ImportChoices,
    ImportItem,
    ItemAction,
    ItemState,
    LinkRow,
)
from makeready.subscribers.model import Subscriber
from makeready_hooks import Capability, Role
from makeready_hooks.errors import ConfigError, NotSupported, Refused
from makeready_hooks.model.product import MisProduct, ShopMarkup

from makeready_imports.catalogue import READ_AT_ONCE
from makeready_imports.choices import check_wished_markup
from makeready_imports.csv_file import Row, RowError
from makeready_imports.markups.percents import read_percent, shown_percent
from makeready_imports.plan import Plan, record

MOST_READ = 50
"""Products whose mark-up nobody here knows, and that the shop is asked for while somebody waits for a plan."""
BY_QUANTITY = "The shop's mark-up depends on the quantity: change it there."


async def plan_markups(
    context: ProductContext, subscriber: Subscriber, site: str, markup: str, product_ids: Sequence[str]
) -> Plan:
    """A job that gives linked products of a site this mark-up. Changes nothing.

    Raises ConfigError for a mark-up that is none, or that would be added twice; NotSupported where the shop cannot do it;
    Refused, RetryLater if one of the sides could not be asked.
    """
    if not product_ids:
        raise ConfigError("No product was named.", field="products", fix="Name at least one product.")
    percent = read_percent(markup)
    check_wished_markup(subscriber, percent)
    connectors = await context.connectors(subscriber)
    if not connectors.any_can(Role.STOREFRONT, Capability.CHANGE_MARKUP):
        raise NotSupported(
            "Mark-ups of products that are in this shop cannot be changed from here.",
            fix="Change them in the shop, product by product; or let Makeready add the mark-up, in the settings of prices.",
        )
    links = {one.product_id: one for one in await context.store.links.of_site(subscriber.name, site)}
    chosen = [links[one] for one in dict.fromkeys(product_ids) if one in links and links[one].linked_at]
    errors = [
        RowError(row=Row(product=one), problem=f"{one} is not linked in {site}.")
        for one in product_ids
        if one not in {link.product_id for link in chosen}
    ]
    seen = await _shown_markups(context, subscriber, connectors, chosen)
    sold = await _sold(connectors, chosen)
    items = [_item(link, percent, seen, sold.get((link.mis, link.product_id))) for link in chosen]
    choices = ImportChoices(site=site, markup_percent=str(percent), changes_markup=True)
    return await record(context, subscriber, choices, items, errors)


async def _shown_markups(
    context: ProductContext, subscriber: Subscriber, connectors: Connectors, links: Sequence[LinkRow]
) -> dict[str, ShopMarkup | str]:
    """By product; a sentence where nobody can say. What we gave them ourselves is not asked for: it is looked at again
    before it is changed.
    """
    known = await context.store.markups.known(subscriber.name, links[0].site) if links else {}
    found: dict[str, ShopMarkup | str] = {
        link.product_id: ShopMarkup(percent=Decimal(known[link.product_id]))
        for link in links
        if link.product_id in known
    }
    unknown = [link for link in links if link.product_id not in known]
    for link in unknown[:MOST_READ]:
        try:
            found[link.product_id] = await connectors.read_shop_markup(link.site, link.shop_product_id)
        except NotSupported:  # it is set all the same, and a person is told to look
            found[link.product_id] = ""
        except Refused as exc:
            found[link.product_id] = str(exc)
    later = f"The shop has to be asked what it adds now, and {MOST_READ} are asked for at a time: plan the rest after these."
    return {link.product_id: later for link in unknown} | found


async def _sold(connectors: Connectors, links: Sequence[LinkRow]) -> dict[tuple[str, str], MisProduct]:
    """By MIS and id."""
    found = {}
    for mis in dict.fromkeys(link.mis for link in links):
        if mis not in connectors.names(Role.MIS):
            continue
        ids = [link.product_id for link in links if link.mis == mis]
        for start in range(0, len(ids), READ_AT_ONCE):
            for one in await connectors.read_mis_products(mis, tuple(ids[start : start + READ_AT_ONCE])):
                found[mis, one.id] = one
    return found


def _item(
    link: LinkRow, percent: Decimal, seen: Mapping[str, ShopMarkup | str], product: MisProduct | None
) -> ImportItem:
    now = seen[link.product_id]
    before = now.percent if isinstance(now, ShopMarkup) else None
    reason = now if isinstance(now, str) else BY_QUANTITY if before is None else ""
    if before == percent:
        reason = "It has this mark-up already."
    was = f"{shown_percent(str(before))} %" if before is not None else "that the shop does not show"
    return ImportItem(
        product_id=link.product_id,
        name=product.title if product else "",
        action=ItemAction.SKIP if reason else ItemAction.MARKUP,
        state=ItemState.SKIPPED if reason else ItemState.PLANNED,
        reason=reason,
        changes=() if reason else (f"the mark-up {was} becomes {shown_percent(str(percent))} %",),
        part_number=link.part_number,
        url_name=link.url_name,
        shop_product_id=link.shop_product_id,
        figures=Figures(
            price_breaks=product.price_breaks if product else (),
            stock=product.stock if product else None,
            markup_percent="" if before is None else str(before),
        ),
    )
