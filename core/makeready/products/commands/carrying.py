"""What ``import`` and ``adopt`` share: a plan shown, carried out here, and watched."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import click
from makeready_hooks.errors import ConfigError

from makeready.installation import Installation
from makeready.products import jobs
from makeready.products.jobs import Progress, sentence
from makeready.products.model import IMPORT, ImportItem, ItemState
from makeready.products.plan import Plan
from makeready.subscribers.model import Subscriber
from makeready.terminal import print_json, print_table
from makeready.work import engine_for

SHOWN_ITEMS = 200
BAD = (ItemState.FAILED, ItemState.CANCELLED)


def show_plan(plan: Plan, *, as_json: bool) -> None:
    """The difference that running it makes, and the rows that are wrong."""
    if as_json:
        print_json(plan)
        return
    lines = [(item.action, item.product_id, item.part_number, _why(item)) for item in plan.items]
    print_table(
        ("action", "product", "part number", "name, why"), lines[:SHOWN_ITEMS], empty="Nothing to do."
    )
    if len(lines) > SHOWN_ITEMS:
        click.echo(f"and {len(lines) - SHOWN_ITEMS} more: --json shows all")
    show_errors(plan)
    actions = [item.action for item in plan.items]
    counts = ", ".join(f"{actions.count(action)} {action}" for action in dict.fromkeys(actions))
    click.echo(f"Import {plan.job.id}: {counts}. Nothing was changed.")


def _why(item: ImportItem) -> str:
    return " ".join((f"{item.name}: {item.reason}", *(f"{change}." for change in item.changes)))


def show_errors(plan: Plan) -> None:
    for error in plan.errors:
        click.echo(f"Not planned: {error}", err=True)


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


async def report(
    installation: Installation, subscriber: Subscriber, number: int
) -> tuple[Progress, list[ImportItem]]:
    now = await jobs.progress(installation, subscriber, number)
    return now, await installation.store.imports.items(number)


def show_report(now: Progress, items: list[ImportItem], *, as_json: bool) -> None:
    """What became of every product; then what is left for a person."""
    if as_json:
        print_json({"progress": now, "items": items})
        return
    lines: list[tuple[str, ...]] = [
        (item.state, item.product_id, item.part_number, f"{item.name} {item.reason}".rstrip())
        for item in items
    ]
    headings = ("state", "product", "part number", "name, why")
    print_table(headings, lines[:SHOWN_ITEMS], empty="Nothing to import.")
    if len(lines) > SHOWN_ITEMS:
        click.echo(f"and {len(lines) - SHOWN_ITEMS} more: --json shows all")
    todo: dict[str, None] = dict.fromkeys(sentence for item in items for sentence in item.by_hand)
    for one in todo:
        click.echo(f"Left to do by hand: {one}")
    if todo:
        click.echo(f"A file for the shop's own import: makeready import file SUBSCRIBER {now.job}")
    click.echo(f"Import {now.job} is {sentence(now)}")


def exit_code(items: list[ImportItem], errors: Any = ()) -> int:
    """1 if anything that was asked for is not in the shop."""
    return 1 if errors or any(item.state in BAD for item in items) else 0


def no_products() -> ConfigError:
    return ConfigError("No product was named.", field="products", fix="Name at least one, or give --job.")
