"""How long an import takes under the shop's real call limit, how many calls it makes, and what the limit allows."""

import asyncio
import json
import time

import httpx
from benchmarks.figures import Part
from benchmarks.parts.drain import CALLS, WINDOW_S
from benchmarks.sizes import Sizes
from benchmarks.whole import NAME, NOWHERE, SITE, Whole


async def measure(part: Part, sizes: Sizes) -> None:
    count = sizes.imported
    with Whole() as whole:
        await whole.emulate(mis=())
        await whole.mis_driver.generate_catalogue(count * 2)
        await whole.aclose()
        whole.apply()
        whole.made("subscriber", "install", NAME, "--public-url", NOWHERE)
        rows = whole.folder / "products.txt"
        rows.write_text("\n".join(_stock_products(whole, count)))
        planned = json.loads(
            whole.made("import", "plan", NAME, "--from-file", str(rows), "--site", SITE, "--json")
        )
        await asyncio.sleep(WINDOW_S + 1)  # the window of the calls so far
        before, started = _calls(whole), time.monotonic()
        whole.made("import", "run", NAME, "--job", str(planned["job"]["id"]), "--json")
        took, calls = time.monotonic() - started, _calls(whole) - before
    bound = (calls - 1) // CALLS * WINDOW_S
    part.add(f"calls a product, {count} products with stock", [calls / count], "")
    part.ratio(f"an import of {count}", [took], [bound], "what the limit takes for these calls", aim="≤ 1.05")
    part.add(f"an import of {count}", [took], "s")


def _calls(whole: Whole) -> int:
    """To the vendor's own API so far."""
    url = f"{whole.shop.url}/_emulator/calls"
    return sum(httpx.get(url, trust_env=False, timeout=60).json().values())


def _stock_products(whole: Whole, count: int) -> list[str]:
    """With a stock item each, as most of a catalogue has: the dearest kind, two calls each."""
    found: list[str] = []
    cursor: tuple[str, ...] = ()
    while len(found) < count:
        listed = json.loads(whole.made("products", NAME, "GEN-", *cursor, "--page-size", "500", "--json"))
        found += [one["product"]["id"] for one in listed["products"] if one["product"]["kind"] == "stock"]
        assert listed["next"] or len(found) >= count, "the catalogue is too small"
        cursor = ("--cursor", listed["next"])
    return found[:count]
