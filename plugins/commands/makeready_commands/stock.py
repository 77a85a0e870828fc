"""``makeready stock``: what the MIS has, what the shop shows, and changes as they happen."""

import asyncio
import contextlib
from typing import Any

import click
from makeready.installation import Installation
from makeready.stock.model import LevelRow
from makeready.subscribers.model import Subscriber
from makeready.terminal import as_json, print_json, print_table, with_subscriber
from makeready.times import format_utc
from makeready_inspect import stock_view as showing
from makeready_inspect.stock_view import StockView
from makeready_stock.sync import sync


@click.group()
def stock() -> None:
    """See the MIS's stock and what buyers are told; read it now; watch it."""


@stock.command()
@with_subscriber()
@click.argument("product", default="")
@click.option("--days", default=30.0, show_default=True, help="How far back the history of one PRODUCT goes.")
@as_json
async def show(
    installation: Installation, subscriber: Subscriber, product: str, days: float, as_json: bool
) -> None:
    """Show all products that are in a shop, or one PRODUCT (the MIS's id) with its history."""
    views = await showing.stock_views(installation, subscriber, product)
    history = await showing.stock_history(installation, subscriber, product, days=days) if product else []
    mirror = await showing.mirror_state(installation, subscriber)
    if as_json:
        print_json({"products": views, "mirror": mirror, "history": history})
        return
    headings = ("id", "on hand", "allocated", "ordered", "for buyers", "read (UTC)", "in the shop", "name")
    lines = [_line(view) for view in views]
    print_table(headings, lines, empty="No product is in a shop yet. Import some with: makeready import")
    for point in history:
        click.echo(f"{format_utc(point.at)}  {point.free} free")
    click.echo(mirror.text)


def _line(view: StockView) -> tuple[str, ...]:
    level, in_shop = view.level, ", ".join(_in_shop(shop) for shop in view.shops)
    if level is None:
        return (view.product_id, "-", "-", str(view.ordered), "unknown", "-", in_shop, view.name)
    numbers = (level.on_hand, level.allocated, view.ordered, view.available)
    return (view.product_id, *map(str, numbers), format_utc(level.read_at), in_shop, view.name)


def _in_shop(shop: showing.ShopLevel) -> str:
    if shop.mirror is None:
        return "-"
    return f"{shop.mirror.level}{' (' + shop.mirror.error + ')' if shop.mirror.error else ''}"


@stock.command("sync")
@with_subscriber()
@click.argument("products", nargs=-1)
@as_json
async def sync_now(
    installation: Installation, subscriber: Subscriber, products: tuple[str, ...], as_json: bool
) -> int:
    """Read the stock of all products, or of these PRODUCTS, now, and bring the shop's levels to it."""
    for product in products:
        await showing.stock_views(installation, subscriber, product)
    done = await sync(installation, subscriber, set(products) or None)
    if as_json:
        print_json(done)
    else:
        for row in done.changed:
            click.echo(_changed(row))
        click.echo(f"{done.known} of {done.products} products told their stock, {len(done.changed)} changed;")
        click.echo(f"{done.moved} levels of the shop were moved. {done.trouble}".rstrip())
    return bool(done.trouble)


def _changed(row: LevelRow) -> str:
    return f"{format_utc(row.changed_at)}  {row.product_id}: {row.free} free ({row.on_hand} on hand)"


@stock.command()
@with_subscriber()
@click.option(
    "--every",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="Seconds between two looks.",
)
@click.option("--for", "for_s", default=0.0, help="End after so many seconds; 0 for not before Ctrl-C.")
@as_json
async def watch(
    installation: Installation, subscriber: Subscriber, every: float, for_s: float, as_json: bool
) -> None:
    """Print changes of stock as the server takes them in, until Ctrl-C. It asks the MIS nothing itself."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(for_s or None):
            await _follow(installation, subscriber.name, every, as_json)


async def _follow(installation: Installation, subscriber: str, every: float, as_json: bool) -> None:
    seen: dict[str, Any] = {}
    while True:
        levels = await installation.store.stock.levels(subscriber)
        for row in sorted(levels.values(), key=lambda row: row.changed_at):
            if seen.get(row.product_id) != row.changed_at:
                seen[row.product_id] = row.changed_at
                print_json(row) if as_json else click.echo(_changed(row))
        await asyncio.sleep(every)
