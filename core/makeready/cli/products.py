"""``makeready products`` and ``makeready import``."""

import asyncio
from pathlib import Path
from typing import Any

import click
from makeready_hooks.model.product import MisProduct, ProductPage, ProductSearch

from makeready.cli.common import as_json, print_json, print_table, run, subscriber_argument
from makeready.flows.handlers import engine_for
from makeready.flows.importing import Wish, plan_import
from makeready.flows.kinds import IMPORT
from makeready.installation import Installation
from makeready.records import ImportItem
from makeready.store.states import ItemState

PAGE_SIZE = 50
SETTLED = (ItemState.CREATED, ItemState.FAILED)


@click.command()
@subscriber_argument
@click.argument("text", default="")
@click.option("--page", default=1, show_default=True, type=click.IntRange(min=1), help="Which page.")
@click.option(
    "--page-size", default=PAGE_SIZE, show_default=True, type=click.IntRange(1, 500), help="Products a page."
)
@as_json
@click.pass_obj
def products(db: Path, subscriber: str, text: str, page: int, page_size: int, as_json: bool) -> None:
    """Search the MIS's products that are for sale; TEXT is part of a number, code or name."""

    async def use(installation: Installation) -> ProductPage:
        connectors = await installation.connectors(await installation.subscriber(subscriber))
        return await connectors.search_mis_products(
            ProductSearch(text=text, page=page - 1, page_size=page_size)
        )

    found = run(db, use)
    if as_json:
        print_json(found)
        return
    headings = ("id", "code", "name", "price", "stock", "kg", "kind")
    print_table(headings, [_line(one) for one in found.products], empty="No product matches.")
    click.echo(f"{len(found.products)} of {found.total}")


def _line(product: MisProduct) -> tuple[str, ...]:
    numbers = (product.price, product.stock, product.weight_kg)
    shown = tuple("-" if number is None else str(number) for number in numbers)
    return (product.id, product.code, product.name, *shown, product.kind.value)


@click.command("import")
@subscriber_argument
@click.argument("product_ids", nargs=-1, required=True)
@click.option("--site", required=True, help="Domain of the shop to import into.")
@click.option("--markup", default="0", show_default=True, help="Per cent on the MIS's price.")
@click.option(
    "--group", "groups", multiple=True, help="A user group that may buy; repeatable. All, if none is named."
)
@click.option("--category", "categories", multiple=True, help="A category; repeatable.")
@click.option("--workflow", default="", help="The workflow that orders of these products follow.")
@click.option("--require-upload", is_flag=True, help="A buyer must upload a file.")
@as_json
@click.pass_obj
def import_products(
    db: Path,
    subscriber: str,
    product_ids: tuple[str, ...],
    site: str,
    markup: str,
    groups: tuple[str, ...],
    categories: tuple[str, ...],
    workflow: str,
    require_upload: bool,
    as_json: bool,
) -> None:
    """Make the MIS's products PRODUCT_IDS in a shop, each once.

    A product that is in the shop already stays as it is. If this command is interrupted, run it
    again, or let the server finish. Exit code 1 if a product could not be made.
    """
    wish = Wish(
        site=site,
        product_ids=product_ids,
        markup_percent=markup,
        groups=groups,
        categories=categories,
        workflow=workflow,
        upload_required=require_upload,
    )
    items = run(db, lambda installation: _import(installation, subscriber, wish, quiet=as_json))
    if as_json:
        print_json(items)
    else:
        _show(items)
    if any(item.state != ItemState.CREATED for item in items):
        raise SystemExit(1)


async def _import(installation: Installation, name: str, wish: Wish, *, quiet: bool) -> list[ImportItem]:
    await plan_import(installation, await installation.subscriber(name), wish)
    stop = asyncio.Event()
    working = asyncio.create_task(engine_for(installation, only=frozenset({IMPORT})).run(stop))
    try:
        return await _until_settled(installation, name, wish, quiet=quiet)
    finally:
        stop.set()
        await working


async def _until_settled(
    installation: Installation, name: str, wish: Wish, *, quiet: bool
) -> list[ImportItem]:
    shown: set[str] = set()
    while True:
        of_site = await installation.store.imports.of_site(name, wish.site)
        items = [item for item in of_site if item.product_id in wish.product_ids]
        for item in items:
            if item.state in SETTLED and item.product_id not in shown and not quiet:
                shown.add(item.product_id)
                click.echo(f"{len(shown)}/{len(items)} {item.product_id} {item.name}: {item.state}", err=True)
        if all(item.state in SETTLED for item in items):
            return items
        await asyncio.sleep(0.1)


def _show(items: list[ImportItem]) -> None:
    lines: list[tuple[str, ...]] = [
        (item.product_id, item.name, item.state, item.part_number, item.reason or item.shop_product_id)
        for item in items
    ]
    print_table(
        ("id", "name", "state", "part number", "shop's id, or why not"), lines, empty="Nothing to import."
    )
    todo: list[Any] = [sentence for item in items for sentence in item.by_hand]
    for sentence in todo:
        click.echo(f"Left to do by hand: {sentence}")
