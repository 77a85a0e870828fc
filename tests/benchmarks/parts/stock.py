"""How many calls a reading of the MIS's stock takes, and how soon a buyer with an open page is warned.

The page is a real browser's, with the settings as they come; so this part runs only when it is named.
"""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figures import Part
from benchmarks.sizes import Sizes
from makeready_hooks.model.product import ProductSearch
from makeready_stock.sync import sync
from playwright.async_api import Page, async_playwright
from shopfront import KIT, NUMBERS, SHOP, Shopfront, chromium, shopfront
from world import World, stocked

TEXT = "document.getElementById('makeready-stock').textContent"
PRODUCTS = 5000
CHANGES = 8


async def measure(part: Part, sizes: Sizes) -> None:
    with TemporaryDirectory() as folder:
        await _readings(part, Path(folder), sizes.rounds)
    with shopfront({name: {} for name in NUMBERS}) as shop:
        await _warnings(part, shop)


async def _readings(part: Part, folder: Path, rounds: int) -> None:
    async with stocked(folder, mirror=False) as world:
        await world.pass_time(0)
        await world.mis.generate_catalogue(PRODUCTS)
        subscriber = await world.installation.subscriber("northfield")
        connectors = await world.installation.connectors(subscriber)
        page = await connectors.search_mis_products(connectors.mis(), ProductSearch(page_size=PRODUCTS + 100))
        ids = [product.id for product in page.products if product.id != KIT][:PRODUCTS]
        await world.link(*ids)
        await _one_reading(world, subscriber)
        found = [await _one_reading(world, subscriber) for _ in range(rounds)]
    part.add(f"calls of a reading of {len(ids) + 1:,} products", [calls for calls, _ in found], "")
    part.add(f"a reading of {len(ids) + 1:,} products", [seconds for _, seconds in found], "s")


async def _one_reading(world: World, subscriber: Any) -> tuple[int, float]:
    before, started = len(await world.mis.journal()), time.perf_counter()
    await sync(world.installation, subscriber)
    seconds = time.perf_counter() - started
    return len(await world.mis.journal()) - before, seconds


async def _warnings(part: Part, shop: Shopfront) -> None:
    shop.set_head(shop.snippets["northfield"])
    arguments = ["--host-resolver-rules=MAP *.example 127.0.0.1", "--no-sandbox"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=arguments)
        page = await browser.new_page()
        shop.set_stock(KIT, 0)
        started = time.perf_counter()
        await page.goto(shop.product(KIT, SHOP))
        await page.wait_for_function(f"{TEXT} !== ''")
        part.add("until the warning, on a page that is opened", [time.perf_counter() - started], "s")
        warned = [await _changed(page, shop, number) for number in range(CHANGES)]
        part.add("until the warning, on a page that is open", warned, "s")
        await browser.close()


async def _changed(page: Page, shop: Shopfront, number: int) -> float:
    """Seconds until an open page shows a change, made at some moment between two of its questions."""
    await asyncio.sleep((number * 3.7) % 15)
    on_hand, sign = (1000, "===") if number % 2 == 0 else (0, "!==")
    shop.set_stock(KIT, on_hand)
    started = time.perf_counter()
    await page.wait_for_function(f"{TEXT} {sign} ''", timeout=60_000)
    return time.perf_counter() - started
