"""A product that the shop has already is linked with the MIS's, and keeps its name, pictures and history."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from makeready.contexts import ProductContext
from makeready.products.model import ImportItem, LinkRow
from makeready.products.part_numbers import part_number
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import MakereadyError, NotSupported
from makeready_hooks.model.product import MisProduct, ProductBinding, ShopProduct
from msgspec import Meta, Struct

from makeready_imports.catalogue import all_matching, named
from makeready_imports.choices import ImportRequest, choices_of
from makeready_imports.csv_file import Row, RowError
from makeready_imports.plan import Plan, SiteSnapshot, record, site_now, skipped, to_link


class Suggestion(Struct, frozen=True, kw_only=True):
    """A product of the MIS, and what it may be in the shop."""

    product_id: str
    name: str
    because: str
    shop_product_id: str
    shop_name: str
    shop_part_number: str
    certain: Annotated[bool, Meta(description="False if others match as well: a person chooses.")]


class Undone(Struct, frozen=True, kw_only=True):
    """What came of undoing the link of a product that the shop had."""

    product_id: str
    problem: Annotated[str, Meta(description="Why nothing was changed; empty if it was.")] = ""
    by_hand: tuple[str, ...] = ()


async def suggest(
    context: ProductContext, subscriber: Subscriber, site: str, text: str = "", mis: str = ""
) -> tuple[Suggestion, ...]:
    """Products of the MIS that a search for ``text`` finds, with those of the site that they may be.

    Products that are tied to one another already are left out. Raises Refused, RetryLater.
    """
    connectors = await context.connectors(subscriber)
    now = await site_now(context, subscriber, site)
    suggestions: list[Suggestion] = []
    for product in await all_matching(connectors, connectors.mis(mis), text):
        match = (
            None if product.id in now.linked else now.free.match(product, part_number(subscriber, product.id))
        )
        if match:
            certain = len(match.products) == 1
            suggestions += [_suggestion(product, one, match.because, certain) for one in match.products]
    return tuple(suggestions)


def _suggestion(product: MisProduct, one: ShopProduct, because: str, certain: bool) -> Suggestion:
    return Suggestion(
        product_id=product.id,
        name=product.title,
        because=because,
        shop_product_id=one.id,
        shop_name=one.name,
        shop_part_number=one.part_number,
        certain=certain,
    )


async def plan_links(
    context: ProductContext, subscriber: Subscriber, site: str, rows: Sequence[Row], mis: str = ""
) -> Plan:
    """Check pairs of products and record them as a job.

    Raises:
        ConfigError: no row is right, or the site is unknown; nothing was recorded.
        Refused, RetryLater: one of the sides could not be asked.
    """
    connectors = await context.connectors(subscriber)
    choices = await choices_of(context, subscriber, connectors, ImportRequest(site=site, mis=mis))
    found, errors = await named(connectors, choices.mis, rows)
    now = await site_now(context, subscriber, site)
    pairs = _Pairs(now, site)
    items = [item for row, product in found if (item := pairs.decide(row, product))]
    ordered = sorted([*errors, *pairs.errors], key=lambda error: error.row.line)
    return await record(context, subscriber, choices, items, ordered)


class _Pairs:
    """Pairs as they are read: each shop's product is used once."""

    def __init__(self, now: SiteSnapshot, site: str) -> None:
        self._now = now
        self._site = site
        self._used: dict[str, Row] = {}
        self.errors: list[RowError] = []

    def decide(self, row: Row, product: MisProduct) -> ImportItem | None:
        """None for a row that is wrong."""
        if reason := self._now.skip_linked(product):
            return skipped(self._now, product, reason)
        found = self._named(row.shop_product)
        if problem := self._problem(row, found) or self._now.numbers.why_not(product.id):
            self.errors.append(RowError(row=row, problem=problem))
            return None
        self._used[found[0].id] = row
        return to_link(self._now, self._site, product, found[0], "It was named.")

    def _named(self, text: str) -> list[ShopProduct]:
        """By id, else by either part number."""
        if text in self._now.products:
            return [self._now.products[text]]
        wanted = text.casefold()
        return [
            one
            for one in self._now.products.values()
            if wanted and wanted in (one.part_number.casefold(), one.public_part_number.casefold())
        ]

    def _problem(self, row: Row, found: Sequence[ShopProduct]) -> str:
        if not row.shop_product:
            return "It names no product of the shop."
        if not found:
            return f"The site has no product {row.shop_product}."
        if len(found) > 1:
            return f"{len(found)} products of the site have the part number {row.shop_product}: give an id."
        if owner := self._now.owners.get(found[0].id):
            return f"{row.shop_product} belongs to product {owner.product_id} already."
        if earlier := self._used.get(found[0].id):
            return f"{row.shop_product} is in line {earlier.line} already."
        return ""


async def undo(
    context: ProductContext, subscriber: Subscriber, site: str, product_ids: Sequence[str]
) -> tuple[Undone, ...]:
    """Give products that the shop had what they were bound to before, and unlink them. Can be repeated.

    Raises RetryLater if the shop is away; what was undone before stays so.
    """
    done = []
    for product_id in product_ids:
        link = await context.store.links.get(subscriber.name, site, product_id)
        if link is None or not link.linked_at or not link.before:
            done.append(
                Undone(
                    product_id=product_id, problem=f"{site} did not have {product_id} before it was linked."
                )
            )
        else:
            done.append(await _undo(context, subscriber, link))
    return tuple(done)


async def _undo(context: ProductContext, subscriber: Subscriber, link: LinkRow) -> Undone:
    """A product that somebody bound to something else meanwhile is the shop's, and stays."""
    connectors = await context.connectors(subscriber)
    before = msgspec.json.decode(link.before, type=ProductBinding)
    try:
        now = await connectors.read_shop_binding(link.site, link.shop_product_id)
        if now.part_number not in (link.part_number, before.part_number):
            problem = f"Its part number in the shop is {now.part_number} now: it was not touched."
            return Undone(product_id=link.product_id, problem=problem)
        by_hand = await connectors.write_shop_binding(link.site, link.shop_product_id, before)
    except NotSupported:
        raise
    except MakereadyError as exc:
        return Undone(product_id=link.product_id, problem=str(exc))
    await context.store.links.delete(link)
    return Undone(product_id=link.product_id, by_hand=by_hand)
