"""What an import would do, product by product. Changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from makeready.contexts import ProductContext
from makeready.products.model import (
    Figures,
    ImportChoices,
    ImportItem,
    ImportJob,
    ItemAction,
    ItemState,
    JobState,
    LinkRow,
)
from makeready.products.part_numbers import engine_product_id, part_number
from makeready.subscribers.currencies import check_currency
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import ConfigError
from makeready_hooks.model.product import MisProduct, ShopProduct
from msgspec import Struct

from makeready_imports.catalogue import all_matching, named, why_not_sold
from makeready_imports.choices import Existing, ImportRequest, choices_of, public_number
from makeready_imports.csv_file import Row, RowError
from makeready_imports.numbering import Numbering, numbering, url_name


class Match(Struct, frozen=True, kw_only=True):
    products: tuple[ShopProduct, ...]
    """More than one: a person has to choose."""
    because: str
    """``part number 117-4112``, or ``name Business card``."""


class ShopIndex:
    """A site's products that belong to no product of the MIS yet."""

    def __init__(self, products: Iterable[ShopProduct]) -> None:
        self._by_number: dict[str, list[ShopProduct]] = {}
        self._exact: dict[str, list[ShopProduct]] = {}
        self._by_name: dict[str, list[ShopProduct]] = {}
        for product in products:
            for number in {product.part_number.strip(), product.public_part_number.strip()}:
                self._exact.setdefault(number, []).append(product)
            for number in {_plain(product.part_number), _plain(product.public_part_number)}:
                self._by_number.setdefault(number, []).append(product)
            self._by_name.setdefault(_plain(product.name), []).append(product)

    def match(self, product: MisProduct, part_number: str) -> Match | None:
        """The best match: by our part number, by the MIS's code, by name.

        Ours counts as it is written: two ids of the MIS may differ in small and capital letters only.
        """
        tries: tuple[tuple[str, str, Mapping[str, list[ShopProduct]]], ...] = (
            ("part number", part_number, self._exact),
            ("part number", product.code, self._by_number),
            ("name", product.title, self._by_name),
        )
        for what, text, index in tries:
            key = text if index is self._exact else _plain(text)
            if key and (found := index.get(key)):
                return Match(products=tuple(found), because=f"{what} {text}")
        return None


def _plain(text: str) -> str:
    """Case and spaces make no difference to people."""
    return " ".join(text.casefold().split())


class Plan(Struct, frozen=True, kw_only=True):
    """A job that does nothing until it is run, and then exactly this."""

    job: ImportJob
    items: tuple[ImportItem, ...]
    errors: tuple[RowError, ...] = ()
    """Rows for which nothing will be done."""


async def plan_import(
    context: ProductContext, subscriber: Subscriber, wish: ImportRequest, rows: Sequence[Row] = ()
) -> Plan:
    """Check the wish against both sides and record it as a job.

    ``rows`` are products from a file, beside those that the wish names.

    Raises:
        ConfigError: a choice is wrong, or no product is right; nothing was recorded.
        Refused, RetryLater: one of the sides could not be asked.
    """
    rows = [*(Row(product=one) for one in dict.fromkeys(wish.product_ids)), *rows]
    if not rows and wish.all_matching is None:
        raise ConfigError("No product was named.", field="products", fix="Name at least one product.")
    connectors = await context.connectors(subscriber)
    check_currency(subscriber, connectors, wish.site, connectors.mis(wish.mis))
    choices = await choices_of(context, subscriber, connectors, wish)
    found, errors = await named(connectors, choices.mis, rows)
    products = {product.id: product for _, product in found}
    if wish.all_matching is not None:
        products.update(
            (one.id, one) for one in await all_matching(connectors, choices.mis, wish.all_matching)
        )
    site = await site_now(context, subscriber, wish.site)
    items = [_decide(site, wish, product) for product in products.values()]
    return await record(context, subscriber, choices, items, errors)


async def record(
    context: ProductContext,
    subscriber: Subscriber,
    choices: ImportChoices,
    items: Sequence[ImportItem],
    errors: Sequence[RowError],
) -> Plan:
    """Keep a plan. Raises ConfigError, with every row's problem, if there is nothing right in it."""
    if not items:
        problems = " ".join(map(str, errors)) or "No product matches."
        raise ConfigError(problems, field="products", fix="Nothing was planned.")
    number = await context.store.imports.plan(subscriber.name, choices, items, now=context.clock())
    job = ImportJob(
        id=number, subscriber=subscriber.name, site=choices.site, state=JobState.PLANNED, choices=choices
    )
    return Plan(job=job, items=tuple(items), errors=tuple(errors))


async def site_now(context: ProductContext, subscriber: Subscriber, site: str) -> "SiteSnapshot":
    """Raises Refused, RetryLater."""
    connectors = await context.connectors(subscriber)
    return SiteSnapshot(
        subscriber,
        await numbering(context, subscriber, site),
        await connectors.list_shop_products(site),
        await context.store.links.of_site(subscriber.name, site),
    )


class SiteSnapshot:
    """What is in a site at the moment of planning."""

    def __init__(
        self,
        subscriber: Subscriber,
        numbers: Numbering,
        products: Iterable[ShopProduct],
        links: Iterable[LinkRow],
    ) -> None:
        self.subscriber = subscriber
        self.numbers = numbers
        self.products = {product.id: product for product in products}
        links = list(links)
        self.linked = {link.product_id: link for link in links if link.linked_at}
        self.owners = {link.shop_product_id: link for link in self.linked.values()}
        self.free = ShopIndex(one for one in self.products.values() if one.id not in self.owners)
        taken = (*(one.url_name for one in self.products.values()), *(link.url_name for link in links))
        self._url_names = {name.casefold() for name in taken}
        self._begun = {link.product_id: link.url_name for link in links if link.tried_at}

    def url_name_for(self, product: MisProduct) -> str:
        """One that is free, and is no longer. A product that may have been made keeps the one that it is looked
        for by.
        """
        if begun := self._begun.get(product.id):
            return begun
        words, longest, number, mark = product.title or product.code, self.numbers.longest_url_name, 1, ""
        while (
            name := url_name(product.id, words, longest and longest - len(mark)) + mark
        ) in self._url_names:
            number += 1
            mark = f"-{number}"
        self._url_names.add(name)
        return name

    def skip_linked(self, product: MisProduct) -> str:
        """Why the product is left alone, if it is in the site through us already."""
        link = self.linked.get(product.id)
        if link is None:
            return ""
        if link.shop_product_id in self.products:
            return "It is in the shop already."
        return "It was in the shop already, and is no longer there: unlink it to make it again."


def _decide(site: SiteSnapshot, wish: ImportRequest, product: MisProduct) -> ImportItem:
    if reason := site.skip_linked(product):
        return skipped(site, product, reason)
    if problem := why_not_sold(product) or site.numbers.why_not(product.id):
        return skipped(site, product, problem)
    number = part_number(site.subscriber, product.id)
    public = public_number(wish.public_part_number, number, product)
    if not public:
        return skipped(site, product, f"It lacks what {wish.public_part_number} is made of.")
    match = site.free.match(product, number)
    lead = f" Lead time: {product.lead_time.text}." if product.lead_time else ""
    if match is None:
        return _create(site, product, public, f"It is new.{lead}")
    if wish.existing is Existing.NEW:
        return _create(site, product, public, f"Beside {_shown(match)}, which has the {match.because}.{lead}")
    if wish.existing is Existing.LINK and len(match.products) == 1:
        return to_link(site, wish.site, product, match.products[0], f"It has the {match.because}.")
    return skipped(site, product, f"The shop has {_shown(match)} with the {match.because}.")


def _shown(match: Match) -> str:
    first, *others = (f"{one.name or one.url_name} ({one.part_number or one.id})" for one in match.products)
    return f"{first} and {len(others)} more" if others else first


def _item(site: SiteSnapshot, product: MisProduct, action: ItemAction, **more: Any) -> ImportItem:
    return ImportItem(
        product_id=product.id,
        action=action,
        state=ItemState.SKIPPED if action is ItemAction.SKIP else ItemState.PLANNED,
        part_number=part_number(site.subscriber, product.id),
        figures=Figures(price_breaks=product.price_breaks, stock=product.stock),
        **{"name": product.title} | more,
    )


def _create(site: SiteSnapshot, product: MisProduct, public: str, reason: str) -> ImportItem:
    if problem := site.numbers.why_no_page(product.id):
        return skipped(site, product, problem)
    url_name = site.url_name_for(product)
    return _item(
        site, product, ItemAction.CREATE, reason=reason, public_part_number=public, url_name=url_name
    )


def to_link(
    site: SiteSnapshot, domain: str, product: MisProduct, shop_product: ShopProduct, reason: str
) -> ImportItem:
    """The shop's product becomes the MIS's; its name and public part number stay."""
    number = part_number(site.subscriber, product.id)
    return _item(
        site,
        product,
        ItemAction.LINK,
        name=shop_product.name or product.title,
        reason=reason,
        changes=(
            f"part number {shop_product.part_number or '(none)'} becomes {number}",
            f"MIS Product ID becomes {engine_product_id(site.subscriber, product.id, domain)}",
            "the pricing engine becomes ours in each of its user groups",
        ),
        public_part_number=shop_product.public_part_number,
        url_name=shop_product.url_name,
        shop_product_id=shop_product.id,
    )


def skipped(site: SiteSnapshot, product: MisProduct, reason: str) -> ImportItem:
    link = site.linked.get(product.id)
    in_shop = link.shop_product_id if link else ""
    return _item(site, product, ItemAction.SKIP, reason=reason, shop_product_id=in_shop)
