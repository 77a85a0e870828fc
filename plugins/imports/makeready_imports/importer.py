"""An import's products, each made or linked once, whatever is cut, killed or repeated on the way."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec
from makeready.connectors import Connectors
from makeready.contexts import ProductContext
from makeready.engine.model import Flow, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.products.model import UNSETTLED, ImportJob, ItemAction, ItemState, JobState, Task
from makeready.products.part_numbers import engine_product_id, part_number
from makeready.subscribers.model import Subscriber
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError, NotSupported, OutcomeUnknown, Refused, RetryLater
from makeready_hooks.model.product import (
    Choice,
    MisProduct,
    Pairing,
    ProductBinding,
    ProductDraft,
    ShopProduct,
)

from makeready_imports.catalogue import why_not_sold
from makeready_imports.numbering import numbering

IMPORT = "import"
"""Make one product in a shop. Key: site/product."""
QUIET_S = 45.0
"""How long a create without an answer may still take effect in the shop."""
SHOP_AWAY_S = 5.0
"""Pause of all products of a batch when the shop cannot be reached and does not say for how long."""


async def import_batch(context: ProductContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Make some products in the shop, one after the other. The MIS is asked for all of them at once."""
    subscriber = await context.subscriber(name)
    tasks = [(work, await _task(context, name, work)) for work in works]
    making = [(work, task) for work, task in tasks if task is not None and task.item.state in UNSETTLED]
    if not making:
        return {}
    connectors = await context.connectors(subscriber)
    wanted: dict[str, tuple[str, ...]] = {}
    for _, task in making:
        if task.item.action == ItemAction.CREATE and task.job.state == JobState.RUNNING:
            mis = task.job.choices.mis
            wanted[mis] = (*wanted.get(mis, ()), task.item.product_id)
    products = {
        (mis, one.id): one
        for mis, ids in wanted.items()
        for one in await connectors.read_mis_products(mis, ids)
    }
    maker = _Maker(context, subscriber, connectors, products)
    return await maker.make_all(making)


async def _task(context: ProductContext, name: str, work: Work) -> Task | None:
    site, _, product_id = work.key.partition("/")
    return await context.store.imports.task(name, site, product_id)


class _Maker:
    """One attempt at each product of a batch."""

    def __init__(
        self,
        context: ProductContext,
        subscriber: Subscriber,
        connectors: Connectors,
        products: Mapping[tuple[str, str], MisProduct],
    ) -> None:
        self._context = context
        self._clock = context.clock
        self._store = context.store
        self._subscriber = subscriber
        self._connectors = connectors
        self._products = products
        self._shown: dict[str, tuple[ShopProduct, ...]] = {}
        """What each site has, as of this batch."""

    async def make_all(self, making: Sequence[tuple[Work, Task]]) -> Mapping[int, Retry]:
        """When a side is away, or a setting is wrong, the rest of the batch waits and counts no attempt."""
        again: dict[int, Retry] = {}
        pause: float | None = None
        for work, task in making:
            if pause is not None:
                again[work.id] = Retry(after_s=pause)
                continue
            try:
                if waiting := await self._make(task):
                    again[work.id] = waiting
            except (RetryLater, ConfigError) as exc:  # it had no effect, and heals with time or a person
                after_s = exc.after_s if isinstance(exc, RetryLater) else None
                pause = after_s or SHOP_AWAY_S
                await self._move(task, ItemState.PLANNED, str(exc))
                again[work.id] = Retry(error=str(exc), after_s=after_s)
        return again

    async def _make(self, task: Task) -> Retry | None:
        if task.job.state in (JobState.PLANNED, JobState.PAUSED):
            return None  # running it again asks for the work again
        quiet_until = task.link.tried_at + QUIET_S
        if task.item.state in (ItemState.CREATING, ItemState.IN_DOUBT) and self._clock() < quiet_until:
            return Retry(error="The shop may still be making it.", after_s=quiet_until - self._clock())
        try:
            if task.item.action == ItemAction.LINK:
                await self._link(task)
            elif not (task.link.tried_at and await self._found(task)):
                await self._create(task)
        except (Refused, NotSupported) as exc:
            await self._move(task, ItemState.FAILED, str(exc))
        except OutcomeUnknown as exc:
            await self._move(task, ItemState.IN_DOUBT, str(exc))
            return Retry(error=str(exc), after_s=QUIET_S)
        return None

    async def _move(self, task: Task, state: ItemState, reason: str = "") -> None:
        await self._store.imports.move(task, state, now=self._clock(), reason=reason)

    # Creating

    async def _found(self, task: Task) -> bool:
        """Did an attempt without an answer make it? The URL name holds the MIS's id and tells."""
        product = await self._connectors.find_shop_product(task.job.site, task.link.url_name)
        if product is None:
            product = await self._listed(task)
        if product is None:
            return False
        if product.part_number != task.item.part_number:
            raise Refused(
                f"The site has another product with the URL name {task.link.url_name}.",
                fix=f"Its part number is {product.part_number or '(none)'}: rename it in the shop, then import again.",
            )
        by_hand = await self._connectors.list_missing_fields(self._draft(task, None), product.id)
        await self._linked(task, ItemState.CREATED, product.id, by_hand)
        return True

    async def _listed(self, task: Task) -> ShopProduct | None:
        """That it is not there is believed only if the same question finds a product that is, and the list agrees.

        Raises Refused if the question finds nothing.
        """
        site = task.job.site
        listed = [one for one in await self._connectors.list_shop_products(site) if one.url_name]
        wanted = task.link.url_name.casefold()
        if there := next((one for one in listed if one.url_name.casefold() == wanted), None):
            return there
        if listed and await self._connectors.find_shop_product(site, listed[0].url_name) is None:
            raise Refused(
                f"Nobody can tell whether the site has {task.item.name}: it does not find products by their URL names.",
                fix="Look there. If it has it, link it; else import it again.",
            )
        return None

    async def _create(self, task: Task) -> None:
        if task.job.state == JobState.CANCELLED:
            await self._move(task, ItemState.CANCELLED, "It was not made before the import was cancelled.")
            return
        draft = self._draft(task, self._product(task))
        await self._check_number(task)
        if not task.link.tried_at:
            await self._check_shop(task)
        if await self._store.imports.begin(task, now=self._clock()):
            made = await self._connectors.create_shop_product(draft)
            await self._linked(task, ItemState.CREATED, made.id, made.by_hand)

    async def _check_shop(self, task: Task) -> None:
        """Another import or a person may have made it since the plan was. Raises Refused: it is not made twice."""
        site, wanted = task.job.site, task.link.url_name.casefold()
        if site not in self._shown:
            self._shown[site] = await self._connectors.list_shop_products(site)
        for one in self._shown[site]:
            if one.url_name.casefold() == wanted:
                raise Refused(
                    f"Since the plan was made, {site} has a product {one.name} with the URL name {one.url_name} "
                    f"(part number {one.part_number or 'none'}).",
                    fix="Link it; or delete or rename it in the shop, and import again.",
                )

    async def _check_number(self, task: Task) -> None:
        """Sites may have come since the plan was made. Raises Refused for a number that would mean another product."""
        numbers = await numbering(self._context, self._subscriber, task.job.site)
        if problem := numbers.why_not(task.item.product_id):
            raise Refused(problem)

    def _product(self, task: Task) -> MisProduct:
        product = self._products.get((task.job.choices.mis, task.item.product_id))
        if product is None or why_not_sold(product):
            raise Refused(f"The MIS no longer has product {task.item.product_id} for sale.")
        return product

    async def _linked(self, task: Task, state: ItemState, product_id: str, by_hand: tuple[str, ...]) -> None:
        await self._store.imports.linked(task, state, product_id, by_hand, now=self._clock())

    def _draft(self, task: Task, product: MisProduct | None) -> ProductDraft:
        """What is to be made. Stock and weight are those of now; to compare with, they are not needed."""
        choices, item = task.job.choices, task.item
        return ProductDraft(
            site=task.job.site,
            name=item.name,
            part_number=item.part_number,
            public_part_number=item.public_part_number,
            url_name=task.link.url_name,
            engine_product_id=engine_product_id(self._subscriber, item.product_id, task.job.site),
            engine_id=choices.engine_id,
            markup_percent=Decimal(choices.markup_percent),
            groups=_as_choices(choices.groups),
            categories=_as_choices(choices.categories),
            workflow_id=choices.workflow_id,
            upload_required=choices.upload_required,
            stock=product.stock if product else None,
            weight_kg=product.weight_kg if product else None,
            may_exist=task.link.tried_at > 0,
        )

    # Linking

    async def _link(self, task: Task) -> None:
        """What it is bound to now is kept before it is changed: it can be undone."""
        site, product_id = task.job.site, task.item.shop_product_id
        now_bound = await self._connectors.read_shop_binding(site, product_id)
        wanted = bound_to_us(self._subscriber, task.job, task.item.product_id, now_bound)
        if task.job.state == JobState.CANCELLED:
            if now_bound == wanted:
                await self._linked(task, ItemState.LINKED, product_id, ())
            else:
                await self._move(task, ItemState.CANCELLED)
            return
        await self._check_number(task)
        await self._store.links.remember(task.link, msgspec.json.encode(now_bound).decode())
        if await self._store.imports.begin(task, now=self._clock()):
            by_hand = await self._connectors.write_shop_binding(site, product_id, wanted)
            await self._linked(task, ItemState.LINKED, product_id, by_hand)


def bound_to_us(
    subscriber: Subscriber, job: ImportJob, product_id: str, before: ProductBinding
) -> ProductBinding:
    """Our numbers, and our engine for each group that the product is sold to already."""
    engine_product = engine_product_id(subscriber, product_id, job.site)
    groups = [pairing.group_id for pairing in before.pairings] or [key for key, _ in job.choices.groups]
    return ProductBinding(
        part_number=part_number(subscriber, product_id),
        mis_product_id=engine_product,
        pairings=tuple(
            Pairing(group_id=group, engine_id=job.choices.engine_id, configuration=engine_product)
            for group in groups
        ),
    )


def _as_choices(pairs: tuple[tuple[str, str], ...]) -> tuple[Choice, ...]:
    return tuple(Choice(id=key, name=name) for key, name in pairs)


IMPORT_WORK = WorkType(
    kind=IMPORT,
    run=import_batch,
    flow=Flow.PRODUCTS,
    title="Make the product in the shop",
    side=Role.STOREFRONT,
    batch=25,  # read from the MIS together, made one after the other
    urgency=Urgency.IMPORT,
)
