"""An import on its way: run, watched, paused, cancelled. A page or a command is a thin layer over this."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from makeready.contexts import ProductContext
from makeready.products.model import UNSETTLED, ImportJob, JobState
from makeready.products.part_numbers import engine_product_id
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import ConfigError, Refused
from makeready_hooks.model.product import Choice, ImportFile, Unfinished
from msgspec import Meta, Struct

from makeready_imports.choices import ImportRequest
from makeready_imports.importer import IMPORT
from makeready_imports.markups.change import MARKUP
from makeready_imports.plan import plan_import

RATE_WINDOW_S = 60.0
LOOK_EVERY_S = 0.25


class Progress(Struct, frozen=True, kw_only=True):
    """How far an import is."""

    job: int
    state: str
    counts: Annotated[dict[str, int], Meta(description="Products by their state.")]
    total: int
    settled: Annotated[int, Meta(description="Made, linked, skipped, failed or cancelled.")]
    per_minute: Annotated[
        float, Meta(description="Products that reached the shop in the last minute, while it runs.")
    ] = 0.0
    left_s: Annotated[
        float | None, Meta(description="Seconds to the end at this rate; None if nobody can tell.")
    ] = None

    @property
    def ended(self) -> bool:
        """Nothing more happens unless a person says so."""
        return self.state in (JobState.PLANNED, JobState.PAUSED) or self.settled == self.total


async def find(context: ProductContext, subscriber: Subscriber, number: int) -> ImportJob:
    """Raises ConfigError if the subscriber has no such import."""
    if (job := await context.store.imports.job(subscriber.name, number)) is None:
        raise ConfigError(
            f"{subscriber.name} has no import {number}.",
            field="job",
            fix=f"See: makeready import status {subscriber.name}.",
        )
    return job


def _kind(job: ImportJob) -> str:
    """Of the work on each of its products."""
    return MARKUP if job.choices.changes_markup else IMPORT


async def start(context: ProductContext, subscriber: Subscriber, number: int) -> None:
    """Run a plan, go on after a pause, or try again what failed in one that is done.

    Raises Refused if it was cancelled, or is done without a failure.
    """
    job = await find(context, subscriber, number)
    rules = context.store.subscribers.price_rules_in(job.subscriber)
    if not await context.store.imports.start(job, kind=_kind(job), now=context.clock(), rules=rules):
        raise Refused(f"Import {number} is {job.state}: there is nothing to run.", fix="Plan a new one.")


async def pause(context: ProductContext, subscriber: Subscriber, number: int) -> None:
    """Stop after the products that are under way. Raises Refused if it does not run."""
    job = await find(context, subscriber, number)
    if not await context.store.imports.pause(job, kind=_kind(job)):
        raise Refused(f"Import {number} does not run: it is {job.state}.")


async def cancel(context: ProductContext, subscriber: Subscriber, number: int) -> None:
    """End it for good; what is in the shop stays there. Raises Refused if it has ended."""
    job = await find(context, subscriber, number)
    if not await context.store.imports.cancel(job, kind=_kind(job), now=context.clock()):
        raise Refused(f"Import {number} has ended: it is {job.state}.")


async def import_now(context: ProductContext, subscriber: Subscriber, wish: ImportRequest) -> int:
    """Plan an import and start it; return its number. Raises as `plan_import`."""
    plan = await plan_import(context, subscriber, wish)
    await start(context, subscriber, plan.job.id)
    return plan.job.id


async def progress(context: ProductContext, subscriber: Subscriber, number: int) -> Progress:
    """How far it is now. Raises ConfigError if there is no such import."""
    job = await find(context, subscriber, number)
    now = context.clock()
    since = max(now - RATE_WINDOW_S, job.started_at)
    counts, recent = await context.store.imports.counts(job.id, since)
    total = sum(counts.values())
    left = sum(counts.get(state, 0) for state in UNSETTLED)
    running = job.state == JobState.RUNNING and now > since
    per_s = recent / (now - since) if running else 0.0
    return Progress(
        job=job.id,
        state=job.state,
        counts=counts,
        total=total,
        settled=total - left,
        per_minute=round(per_s * 60, 1),
        left_s=round(left / per_s, 1) if per_s else None,
    )


def sentence(now: Progress) -> str:
    """``running: 12 of 50, created 11, failed 1; 29.8 a minute, 77 s left``."""
    counts = ", ".join(f"{state} {count}" for state, count in sorted(now.counts.items()))
    rate = f"; {now.per_minute} a minute" if now.per_minute else ""
    left = f", {now.left_s:.0f} s left" if now.left_s else ""
    return f"{now.state}: {now.settled} of {now.total}, {counts}{rate}{left}"


async def watch(context: ProductContext, subscriber: Subscriber, number: int) -> AsyncIterator[Progress]:
    """Every change of an import's progress, until nothing more happens. Who does the work does not matter."""
    shown: dict[str, int] | None = None
    while True:
        now = await progress(context, subscriber, number)
        if now.counts != shown or now.ended:
            shown = now.counts
            yield now
        if now.ended:
            return
        await asyncio.sleep(LOOK_EVERY_S)


async def left_to_do(context: ProductContext, subscriber: Subscriber, number: int) -> ImportFile | None:
    """The shop's own import file for what its API did not set; None if nothing is left, or there is no file."""
    job = await find(context, subscriber, number)
    groups = tuple(Choice(id=key, name=name) for key, name in job.choices.groups)
    products = tuple(
        Unfinished(
            shop_product_id=item.shop_product_id,
            engine_product_id=engine_product_id(subscriber, item.product_id, job.site),
            part_number=item.part_number,
            groups=groups,
        )
        for item in await context.store.imports.items(job.id)
        if item.by_hand and item.shop_product_id
    )
    connectors = await context.connectors(subscriber)
    return connectors.encode_import_file(products) if products else None
