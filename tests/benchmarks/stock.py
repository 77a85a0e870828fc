"""How many calls a reading of the MIS's stock takes, and how soon a buyer with an open page is warned.

``python tests/benchmarks/stock.py``: both emulators; the page is a real browser's, with the settings as they
come.
"""

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

sys.path.extend(str(Path(__file__).parents[1] / "support" / one) for one in ("memory", "whole"))

from makeready.stock.sync import sync
from makeready_hooks.model.product import ProductSearch
from playwright.async_api import Page, async_playwright
from shopfront import KIT, NUMBERS, SHOP, Shopfront, chromium, shopfront
from world import World, stocked

TEXT = "document.getElementById('makeready-stock').textContent"


@click.command()
@click.option("--products", default=5000, show_default=True, type=click.IntRange(10, 50_000))
@click.option("--changes", default=8, show_default=True, type=click.IntRange(1, 100))
def measure(products: int, changes: int) -> None:
    """Print the figures as JSON."""
    with TemporaryDirectory() as folder:
        figures = asyncio.run(readings(Path(folder), products))
    with shopfront({name: {} for name in NUMBERS}) as shop:
        figures |= asyncio.run(warnings(shop, changes))
    click.echo(json.dumps(figures, indent=2))


async def readings(folder: Path, products: int) -> dict[str, Any]:
    async with stocked(folder, mirror=False) as world:
        await world.pass_time(0)
        await world.mis.generate_catalogue(products)
        subscriber = await world.installation.subscriber("northfield")
        connectors = await world.installation.connectors(subscriber)
        page = await connectors.search_mis_products(connectors.mis(), ProductSearch(page_size=products + 100))
        ids = [product.id for product in page.products if product.id != KIT][:products]
        await world.link(*ids)
        first, _ = await one_reading(world, subscriber)
        calls, seconds = await one_reading(world, subscriber)
        return {"products": len(ids) + 1, "first_calls": first, "calls": calls, "seconds": round(seconds, 2)}


async def one_reading(world: World, subscriber: Any) -> tuple[int, float]:
    before, started = len(await world.mis.journal()), time.perf_counter()
    await sync(world.installation, subscriber)
    seconds = time.perf_counter() - started
    return len(await world.mis.journal()) - before, seconds


async def warnings(shop: Shopfront, changes: int) -> dict[str, Any]:
    shop.set_head(shop.snippets["northfield"])
    arguments = ["--host-resolver-rules=MAP *.example 127.0.0.1", "--no-sandbox"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=arguments)
        page = await browser.new_page()
        shop.set_stock(KIT, 0)
        started = time.perf_counter()
        await page.goto(shop.product(KIT, SHOP))
        await page.wait_for_function(f"{TEXT} !== ''")
        opened = time.perf_counter() - started
        open_page = [await changed(page, shop, number) for number in range(changes)]
        await browser.close()
    return {
        "page_opened_s": round(opened, 2),
        "page_open_s": {"median": round(statistics.median(open_page), 1), "most": round(max(open_page), 1)},
    }


async def changed(page: Page, shop: Shopfront, number: int) -> float:
    """Seconds until an open page shows a change, made at some moment between two of its questions."""
    await asyncio.sleep((number * 3.7) % 15)
    on_hand, sign = (1000, "===") if number % 2 == 0 else (0, "!==")
    shop.set_stock(KIT, on_hand)
    started = time.perf_counter()
    await page.wait_for_function(f"{TEXT} {sign} ''", timeout=60_000)
    return time.perf_counter() - started


if __name__ == "__main__":
    measure()
