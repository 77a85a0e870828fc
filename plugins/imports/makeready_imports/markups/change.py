"""Mark-ups of products in a shop, each set once, whatever is cut, killed or repeated on the way.

A mark-up is set, not added: an attempt whose answer was lost is looked at, and done again if it came to nothing.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from makeready.connectors import Connectors
from makeready.contexts import ProductContext
from makeready.engine.model import Flow, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.products.model import UNSETTLED, ItemState, JobState, Task
from makeready_hooks import Role
from makeready_hooks.errors import ConfigError, NotSupported, Refused, RetryLater
from makeready_hooks.model.product import ShopMarkup

from makeready_imports.markups.percents import shown_percent
from makeready_imports.markups.plan import BY_QUANTITY

MARKUP = "markup"
"""Set the mark-up of one product in a shop. Key: job/product."""
SHOP_AWAY_S = 5.0
"""Pause of all products of a batch when the shop cannot be reached and does not say for how long."""


async def change_markups(context: ProductContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """One after the other. When the shop is away, or a setting is wrong, the rest waits and counts no attempt."""
    connectors = await context.connectors(await context.subscriber(name))
    again: dict[int, Retry] = {}
    pause: float | None = None
    for work in works:
        number, _, product_id = work.key.partition("/")
        task = await context.store.imports.markup_task(name, int(number), product_id)
        if task is None or task.item.state not in UNSETTLED:
            continue
        if pause is not None:
            again[work.id] = Retry(after_s=pause)
            continue
        try:
            await _change(context, connectors, task)
        except (RetryLater, ConfigError) as exc:
            after_s = exc.after_s if isinstance(exc, RetryLater) else None
            pause = after_s or SHOP_AWAY_S
            again[work.id] = Retry(error=str(exc), after_s=after_s)
    return again


async def _change(context: ProductContext, connectors: Connectors, task: Task) -> None:
    if task.job.state in (JobState.PLANNED, JobState.PAUSED):
        return  # running it again asks for the work again
    imports, link = context.store.imports, task.link
    at, wanted = (link.site, task.item.shop_product_id), Decimal(task.job.choices.markup_percent)
    try:
        if not link.linked_at or link.shop_product_id != task.item.shop_product_id:
            raise Refused("It is not linked any more.", fix="Link it, and plan its mark-up again.")
        now = await _shown(connectors, *at)
        if now is not None and now.percent == wanted:  # it was done, by us or by a person
            await imports.move(task, ItemState.CHANGED, now=context.clock())
        elif task.job.state == JobState.CANCELLED:
            await _settle_cancelled(context, task, now)
        else:
            _check_as_planned(task, now)
            if await imports.begin(task, now=context.clock()):
                by_hand = await connectors.write_shop_markup(*at, wanted)
                await imports.move(task, ItemState.CHANGED, now=context.clock(), by_hand=by_hand)
    except (Refused, NotSupported) as exc:
        await imports.move(task, ItemState.FAILED, now=context.clock(), reason=str(exc))


async def _shown(connectors: Connectors, site: str, shop_product_id: str) -> ShopMarkup | None:
    """None: the account does not show it."""
    try:
        return await connectors.read_shop_markup(site, shop_product_id)
    except NotSupported:
        return None


def _check_as_planned(task: Task, now: ShopMarkup | None) -> None:
    """Raises Refused if somebody has changed it since it was shown to whoever planned this."""
    if now is None:
        return
    planned = task.item.figures.markup_percent
    if now.percent is None:
        raise Refused(BY_QUANTITY)
    if not planned or now.percent != Decimal(planned):
        shown = shown_percent(str(now.percent))
        was = f"{shown_percent(planned)} %" if planned else "unknown"
        raise Refused(
            f"In the shop its mark-up is {shown} % now, and was {was} when this was planned.",
            fix="Plan it again.",
        )


async def _settle_cancelled(context: ProductContext, task: Task, now: ShopMarkup | None) -> None:
    """A call may have left before. Where the account does not show what came of it, a person has to look."""
    if now is not None:
        await context.store.imports.move(task, ItemState.CANCELLED, now=context.clock())
        return
    look = ("Look which mark-up it has in the shop: a change was on its way when this was cancelled.",)
    await context.store.imports.move(task, ItemState.CHANGED, now=context.clock(), by_hand=look)


MARKUP_WORK = WorkType(
    kind=MARKUP,
    run=change_markups,
    flow=Flow.PRODUCTS,
    title="Set the mark-up of the product in the shop",
    side=Role.STOREFRONT,
    batch=25,
    urgency=Urgency.IMPORT,
)
