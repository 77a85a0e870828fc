"""Import: products of the MIS become products of one site of a shop, each once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from makeready_hooks.errors import ConfigError, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.product import Choice, MisProduct, ProductDraft, ProductKind, SiteChoices
from makeready_hooks.model.setup import InstallKind
from msgspec import Struct

from makeready.connectors import Connectors
from makeready.engine import Again
from makeready.flows.kinds import IMPORT
from makeready.flows.markups import check_wished_markup
from makeready.flows.numbers import engine_product_id, part_number, url_name
from makeready.installation import Installation
from makeready.records import ImportChoices, ImportItem, Subscriber, Work
from makeready.store.states import ItemState

QUIET_S = 45.0
"""How long a create without an answer may still take effect in the shop."""
MAX_MARKUP = Decimal(1000)


class Wish(Struct, frozen=True, kw_only=True):
    """An import as a person asks for it: names, not ids."""

    site: str
    product_ids: tuple[str, ...]
    markup_percent: str = "0"
    groups: tuple[str, ...] = ()
    """Names of user groups; empty for all of the site's."""
    categories: tuple[str, ...] = ()
    workflow: str = ""
    upload_required: bool = False


async def plan_import(installation: Installation, subscriber: Subscriber, wish: Wish) -> int:
    """Check the wish against both sides and record it as a job; return the job's number.

    Raises:
        ConfigError: a name, a number or a percentage is wrong; nothing was recorded.
        Refused, RetryLater: one of the sides could not be asked.
    """
    if not wish.product_ids:
        raise ConfigError("No product was named.", field="products", fix="Name at least one product id.")
    check_wished_markup(subscriber, _markup(wish.markup_percent))
    connectors = await installation.connectors(subscriber)
    choices = await _choices(installation, subscriber, connectors, wish)
    products = await _products(connectors, wish.product_ids)
    items = [_item(subscriber, wish.site, product) for product in products]
    return await installation.store.imports.plan(
        subscriber.name, choices, items, kind=IMPORT, now=installation.clock()
    )


async def _choices(
    installation: Installation, subscriber: Subscriber, connectors: Connectors, wish: Wish
) -> ImportChoices:
    offered = await connectors.read_site_choices(wish.site)
    workflow = _pick("workflow", (wish.workflow,) if wish.workflow else (), offered.workflows)
    groups = _pick("group", wish.groups, offered.groups) or _all_groups(offered)
    return ImportChoices(
        site=wish.site,
        markup_percent=str(_markup(wish.markup_percent)),
        groups=tuple((group.id, group.name) for group in groups),
        categories=tuple(
            (one.id, one.name) for one in _pick("category", wish.categories, offered.categories)
        ),
        workflow_id=workflow[0].id if workflow else "",
        workflow=wish.workflow,
        upload_required=wish.upload_required,
        engine_id=await _engine_id(installation, subscriber),
    )


def _all_groups(offered: SiteChoices) -> tuple[Choice, ...]:
    if not offered.groups:
        raise ConfigError(
            "The shop does not tell its user groups.",
            field="group",
            fix="Give the API user access to the site.",
        )
    return offered.groups


def _pick(what: str, names: tuple[str, ...], offered: tuple[Choice, ...] | None) -> tuple[Choice, ...]:
    """The chosen ones, by name or id. Raises ConfigError that lists what there is."""
    by_name = {key: one for one in offered or () for key in (one.name.casefold(), one.id.casefold())}
    for name in names:
        if name.casefold() not in by_name:
            known = ", ".join(one.name for one in offered or ()) or "none"
            raise ConfigError(f"The site has no {what} {name}.", field=what, fix=f"There are: {known}.")
    return tuple(by_name[name.casefold()] for name in names)


def _markup(text: str) -> Decimal:
    try:
        percent = Decimal(text)
    except InvalidOperation:
        percent = Decimal(-1)
    if not (percent.is_finite() and 0 <= percent <= MAX_MARKUP):
        raise ConfigError(
            f"The mark-up {text} is not a percentage.",
            field="markup",
            fix=f"Give a number from 0 to {MAX_MARKUP}.",
        )
    return percent


async def _engine_id(installation: Installation, subscriber: Subscriber) -> str:
    for row in await installation.store.subscribers.installed(subscriber.name):
        if row.kind == InstallKind.PRICING_ENGINE and row.id:
            return row.id
    raise ConfigError(
        "The shop has no pricing engine for this subscriber yet.",
        field="pricing-engine",
        fix=f"Run: makeready subscriber install {subscriber.name}.",
    )


async def _products(connectors: Connectors, ids: tuple[str, ...]) -> list[MisProduct]:
    found = {product.id: product for product in await connectors.read_mis_products(ids)}
    for product_id in ids:
        if product_id not in found:
            raise ConfigError(f"The MIS has no product {product_id}.", field="products", fix="Check its id.")
        if found[product_id].kind is ProductKind.OTHER:
            raise ConfigError(f"Product {product_id} is a part or a process, not for sale.", field="products")
    return [found[product_id] for product_id in dict.fromkeys(ids)]


def _item(subscriber: Subscriber, site: str, product: MisProduct) -> ImportItem:
    return ImportItem(
        subscriber=subscriber.name,
        site=site,
        product_id=product.id,
        job=0,
        name=product.name or product.code,
        state=ItemState.PLANNED,
        part_number=part_number(subscriber, product.id),
        url_name=url_name(product.id, product.name or product.code),
    )


async def import_item(installation: Installation, name: str, works: Sequence[Work]) -> Mapping[int, Again]:
    """Make one product in the shop, or find that a lost answer had made it."""
    [work] = works
    site, _, product_id = work.key.partition("/")
    imports = installation.store.imports
    item = await imports.item(name, site, product_id)
    if item is None or item.state in (ItemState.CREATED, ItemState.FAILED):
        return {}
    making = _Making(installation, await installation.subscriber(name), item, work)
    return await making.run()


class _Making:
    """One attempt to make one product."""

    def __init__(
        self, installation: Installation, subscriber: Subscriber, item: ImportItem, work: Work
    ) -> None:
        self._installation = installation
        self._imports = installation.store.imports
        self._subscriber = subscriber
        self._item = item
        self._work = work

    async def run(self) -> Mapping[int, Again]:
        now = self._installation.clock()
        tried = self._item.tried_at > 0
        unanswered = self._item.state in (ItemState.CREATING, ItemState.IN_DOUBT)
        if unanswered and now < self._item.tried_at + QUIET_S:
            return self._again("The shop may still be making it.", self._item.tried_at + QUIET_S - now)
        connectors = await self._installation.connectors(self._subscriber)
        try:
            if tried and await self._found(connectors):
                return {}
            await self._make(connectors)
        except Refused as exc:
            await self._imports.move(
                self._item, ItemState.FAILED, now=self._installation.clock(), reason=str(exc)
            )
        except RetryLater as exc:
            before = self._item.tried_at  # this attempt had no effect, an earlier one may have had
            await self._imports.move(
                self._item,
                ItemState.PLANNED,
                now=self._installation.clock(),
                reason=str(exc),
                tried_at=before,
            )
            raise
        except OutcomeUnknown as exc:
            await self._imports.move(
                self._item, ItemState.IN_DOUBT, now=self._installation.clock(), reason=str(exc)
            )
            return self._again(str(exc), QUIET_S)
        return {}

    def _again(self, error: str, after_s: float) -> Mapping[int, Again]:
        return {self._work.id: Again(error=error, after_s=after_s)}

    async def _found(self, connectors: Connectors) -> bool:
        """Did an attempt without an answer make it? The URL name holds the MIS's id and tells."""
        product = await connectors.find_shop_product(self._item.site, self._item.url_name)
        if product is None:
            return False
        if product.part_number and product.part_number != self._item.part_number:
            raise Refused(
                f"The site has another product with the URL name {self._item.url_name}.",
                fix=f"Its part number is {product.part_number}: rename it in the shop, then import again.",
            )
        await self._created(product.id, ())
        return True

    async def _make(self, connectors: Connectors) -> None:
        draft = await self._draft(connectors)
        now = self._installation.clock()
        await self._imports.move(self._item, ItemState.CREATING, now=now, tried_at=now)
        product = await connectors.create_shop_product(draft)
        await self._created(product.id, product.by_hand)

    async def _created(self, shop_product_id: str, by_hand: tuple[str, ...]) -> None:
        now = self._installation.clock()
        await self._imports.created(self._item, shop_product_id=shop_product_id, by_hand=by_hand, now=now)

    async def _draft(self, connectors: Connectors) -> ProductDraft:
        choices = await self._imports.choices(self._item.job)
        [product] = await _products(connectors, (self._item.product_id,))
        return ProductDraft(
            site=self._item.site,
            name=self._item.name,
            part_number=self._item.part_number,
            public_part_number=self._item.part_number,
            url_name=self._item.url_name,
            engine_product_id=engine_product_id(self._subscriber, self._item.product_id, self._item.site),
            engine_id=choices.engine_id,
            markup_percent=Decimal(choices.markup_percent),
            groups=_as_choices(choices.groups),
            categories=_as_choices(choices.categories),
            workflow_id=choices.workflow_id,
            upload_required=choices.upload_required,
            stock=product.stock,
            weight_kg=product.weight_kg,
            may_exist=self._item.tried_at > 0 or self._work.attempts > 0,
        )


def _as_choices(pairs: tuple[tuple[str, str], ...]) -> tuple[Choice, ...]:
    return tuple(Choice(id=key, name=name) for key, name in pairs)
