"""What ``import`` and ``link`` share: a plan shown, carried out here, and watched."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import click
from makeready.access.audit import Act, audited, on_the_command_line
from makeready.installation import Installation
from makeready.products.model import ImportItem, ItemState
from makeready.subscribers.model import Subscriber
from makeready.terminal import print_json, print_table
from makeready.work import engine_for
from makeready_hooks.errors import ConfigError
from makeready_imports import jobs
from makeready_imports.importer import IMPORT
from makeready_imports.jobs import Progress, sentence
from makeready_imports.plan import Plan

job_option = click.option("--job", type=int, help="Run this plan, exactly; or try again what failed in it.")

SHOWN_ITEMS = 200
BAD = (ItemState.FAILED, ItemState.CANCELLED)


def show_plan(plan: Plan, *, as_json: bool) -> int:
    """The difference that running it makes, and the rows that are wrong; 1 if there are any."""
    if as_json:
        print_json(plan)
    else:
        _show_plan(plan)
    return bool(plan.errors)


def _show_plan(plan: Plan) -> None:
    lines = [(item.action, item.product_id, item.part_number, _why(item)) for item in plan.items]
    _show_some(("action", "product", "part number", "name, why"), lines, empty="Nothing to do.")
    show_errors(plan.errors)
    if plan.job.choices.warning:
        click.echo(f"Warning: {plan.job.choices.warning}")
    actions = [item.action for item in plan.items]
    counts = ", ".join(f"{actions.count(action)} {action}" for action in dict.fromkeys(actions))
    click.echo(f"Import {plan.job.id}: {counts}. Nothing was changed.")


def _show_some(headings: tuple[str, ...], lines: Sequence[tuple[str, ...]], *, empty: str) -> None:
    print_table(headings, lines[:SHOWN_ITEMS], empty=empty)
    if len(lines) > SHOWN_ITEMS:
        click.echo(f"and {len(lines) - SHOWN_ITEMS} more: --json shows all")


def _why(item: ImportItem) -> str:
    return " ".join((f"{item.name}: {item.reason}", *(f"{change}." for change in item.changes)))


def show_errors(errors: Sequence[object]) -> None:
    for error in errors:
        click.echo(f"Not planned: {error}", err=True)


async def plan_and_run(
    installation: Installation,
    subscriber: Subscriber,
    action: str,
    job: int | None,
    site: str,
    plan: Callable[[], Awaitable[Plan]],
    *,
    wait: bool = True,
    as_json: bool,
) -> int:
    """Run the plan ``job``, or make one for a site and run that. ``action``: as the audit log calls it."""
    act = Act(action=action, subscriber=subscriber.name, target=f"import {job}" if job else site)
    async with audited(installation, on_the_command_line(), act):
        return await run_plan(installation, subscriber, job or await plan(), wait=wait, as_json=as_json)


async def run_plan(
    installation: Installation, subscriber: Subscriber, plan: Plan | int, *, wait: bool = True, as_json: bool
) -> int:
    """Run a plan that was just made, or one by its number; 1 if anything that was asked for is not in the shop."""
    errors = plan.errors if isinstance(plan, Plan) else ()
    number = plan.job.id if isinstance(plan, Plan) else plan
    show_errors(errors)
    await jobs.start(installation, subscriber, number)
    if wait:
        await carry_out(installation, subscriber, number, quiet=as_json)
    items = await show_report(installation, subscriber, number, as_json=as_json)
    return bool(errors) or any(item.state in BAD for item in items)


async def carry_out(installation: Installation, subscriber: Subscriber, number: int, *, quiet: bool) -> None:
    """Do the work in this process, beside a server that may run as well, and show how far it is."""
    stop = asyncio.Event()
    working = asyncio.create_task(engine_for(installation, only=frozenset({IMPORT})).run(stop))
    try:
        watching = jobs.watch(installation, subscriber, number)
        await (_ignore(watching) if quiet else _show(watching))
    finally:
        stop.set()
        await working


async def _ignore(watching: AsyncIterator[Progress]) -> None:
    async for _ in watching:
        pass


async def _show(watching: AsyncIterator[Progress]) -> None:
    if not sys.stderr.isatty():
        async for now in watching:
            click.echo(sentence(now), err=True)
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for it
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        async for now in watching:
            bar.update(task, total=now.total, completed=now.settled, description=sentence(now))


async def show_report(
    installation: Installation, subscriber: Subscriber, number: int, *, as_json: bool
) -> list[ImportItem]:
    """Show what became of every product, and what is left for a person; return the products."""
    now = await jobs.progress(installation, subscriber, number)
    items = await installation.store.imports.items(number)
    if as_json:
        print_json({"progress": now, "items": items})
    else:
        _show_report(now, items)
    return items


def _show_report(now: Progress, items: list[ImportItem]) -> None:
    lines = [
        (item.state, item.product_id, item.part_number, f"{item.name} {item.reason}".rstrip())
        for item in items
    ]
    _show_some(("state", "product", "part number", "name, why"), lines, empty="Nothing to import.")
    todo: dict[str, None] = dict.fromkeys(sentence for item in items for sentence in item.by_hand)
    for one in todo:
        click.echo(f"Left to do by hand: {one}")
    if todo:
        click.echo(f"A file for the shop's own import: makeready import file SUBSCRIBER {now.job}")
    click.echo(f"Import {now.job} is {sentence(now)}")


def no_products() -> ConfigError:
    return ConfigError("No product was named.", field="products", fix="Name at least one, or give --job.")
