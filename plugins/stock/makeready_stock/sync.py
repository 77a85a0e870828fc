"""Stock of the MIS: read on a schedule and when something hints at a change, kept, and mirrored into the shop."""

from collections.abc import Mapping, Sequence

import structlog
from makeready.connectors import Connectors
from makeready.contexts import StockContext
from makeready.engine.model import Flow, Schedule, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry, backoff_s
from makeready.products.links import routes_of
from makeready.stock.model import STOCK, LevelRow
from makeready.subscribers.model import Subscriber
from makeready_hooks import Capability, Role
from makeready_hooks.errors import MakereadyError, RetryLater
from msgspec import Struct

from makeready_stock.mirror import StockMirror

THINNED = "stock-thinned"
"""Name of a moment: when the old part of the history was made coarser."""
DAY_S = 86_400.0

log = structlog.get_logger("makeready.stock")


class Synced(Struct, frozen=True, kw_only=True):
    """What one reading did."""

    products: int
    """Asked for."""
    known: int
    """The MIS told the stock of so many."""
    changed: tuple[LevelRow, ...] = ()
    moved: int = 0
    """Levels of the shop that were changed."""
    again_s: float | None = None
    """Something is to be looked at again before its turn."""
    trouble: str = ""
    """What went wrong with the shop."""


async def sync_stock(context: StockContext, name: str, works: Sequence[Work]) -> Mapping[int, Retry]:
    """Read all, or the products that the works name; the row of the schedule comes again."""
    subscriber = await context.subscriber(name)
    if not subscriber.stock.enabled:
        return {}
    every = any(not work.key for work in works)
    said = {work.key: int(work.hint) for work in works if work.hint}
    try:
        done = await sync(context, subscriber, None if every else {work.key for work in works}, said)
        error, after_s = done.trouble, done.again_s
    except MakereadyError as exc:
        error, after_s = str(exc), exc.after_s if isinstance(exc, RetryLater) else None
        after_s = after_s or backoff_s(max(work.attempts for work in works))
    return {work.id: again for work in works if (again := _again(subscriber, work, error, after_s))}


def _again(subscriber: Subscriber, work: Work, error: str, after_s: float | None) -> Retry | None:
    if work.key and after_s is None:
        return None
    return Retry(
        error=error, after_s=min(subscriber.stock.poll_every_s, after_s or subscriber.stock.poll_every_s)
    )


async def sync(
    context: StockContext,
    subscriber: Subscriber,
    product_ids: set[str] | None = None,
    said: Mapping[str, int] | None = None,
) -> Synced:
    """Read the stock of these products, or of all that are in a shop, and bring the shop's levels to it.

    ``said``: levels that events of the shop told, by product. Raises RetryLater, Refused, ConfigError.
    """
    links = await context.store.stock.links(subscriber.name)
    links = [link for link in links if product_ids is None or link.product_id in product_ids]
    connectors = await context.connectors(subscriber)
    if not links or not can_read(connectors):
        return Synced(products=0, known=0)
    # What is ordered is asked for before what is free: an order that the MIS takes in between counts twice,
    # and the level is too low for a moment; the other way round it would be too high.
    ordered = await context.store.stock.ordered(subscriber.name)
    ids = tuple(dict.fromkeys(link.product_id for link in links))
    done = await read_levels(context, subscriber, connectors, ids)
    levels = await context.store.stock.levels(subscriber.name, ids)
    await _compare(context, subscriber, levels, said or {})
    await _thin(context, subscriber.name)
    free = {key: row.free - ordered.get(key, 0) for key, row in levels.items() if row.read_at >= done.read_at}
    mirrored = StockMirror(context, subscriber, connectors)
    await mirrored.run(links, free)
    return Synced(
        products=len(ids),
        known=done.known,
        changed=done.changed,
        moved=mirrored.moved,
        again_s=mirrored.again_s,
        trouble=mirrored.trouble,
    )


def can_read(connectors: Connectors) -> bool:
    return connectors.any_can(Role.MIS, Capability.STOCK)


class Reading(Struct, frozen=True, kw_only=True):
    read_at: float
    known: int
    changed: tuple[LevelRow, ...]


async def read_levels(
    context: StockContext, subscriber: Subscriber, connectors: Connectors, product_ids: tuple[str, ...]
) -> Reading:
    """Ask the MIS and keep what it says. Raises RetryLater, Refused, ConfigError."""
    now = context.clock()
    routes = await routes_of(context, subscriber, connectors, product_ids)
    levels = [
        level
        for mis, ids in routes.shares(product_ids).items()
        if Capability.STOCK in connectors.capabilities(mis)
        for level in await connectors.read_stock(mis, tuple(ids))
    ]
    changed = await context.store.stock.save_levels(subscriber.name, levels, read_at=now)
    if changed:
        log.info("stock has changed", subscriber=subscriber.name, products=len(changed))
    return Reading(read_at=now, known=len(levels), changed=tuple(changed))


async def _compare(
    context: StockContext, subscriber: Subscriber, levels: Mapping[str, LevelRow], said: Mapping[str, int]
) -> None:
    """An event of the shop says that little is left: what does the MIS say?"""
    for key, level in said.items():
        await context.store.mirrors.said(subscriber.name, key, level, now=context.clock())
        free = str(levels[key].free) if key in levels else "unknown"
        log.info(
            "the shop says that stock is low", subscriber=subscriber.name, product=key, shop=level, mis=free
        )


async def _thin(context: StockContext, name: str) -> None:
    """Once a day."""
    now, checkpoints = context.clock(), context.store.checkpoints
    if now - (await checkpoints.of(name)).get(THINNED, 0.0) >= DAY_S:
        await context.store.stock.thin(name, now=now)
        await checkpoints.save(name, {THINNED: now})


STOCK_WORK = WorkType(
    kind=STOCK,
    run=sync_stock,
    flow=Flow.STOCK,
    title="Read its stock in the MIS",
    batch=100,  # products that events tell of, asked for together
    urgency=Urgency.POLL,
    max_per_subscriber=1,
    schedules=(
        Schedule(
            title="Read stock in the MIS",
            every_s=lambda one: one.stock.poll_every_s if one.stock.enabled else 0.0,
        ),
    ),
)
