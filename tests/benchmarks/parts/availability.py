"""How many questions of shop pages does the server answer in a second, beside a bare endpoint? 5,000 products in shops."""

import itertools
import time
from decimal import Decimal
from pathlib import Path

from benchmarks.figures import Part
from benchmarks.load import Made, press
from benchmarks.sizes import Sizes
from benchmarks.whole import NAME, NUMBER, SITE, Whole
from makeready.installation import Installation
from makeready.subscribers import changes
from makeready_hooks.model.product import StockLevel
from world import link

PRODUCTS = 5000
CONNECTIONS = 16
SHARED, ALL_DIFFERENT = 200, 10**9
BARE = "a bare endpoint"
PATH = "/integrations/availability"
RULES = {"external_user_id": NUMBER, "stock": {"calls_per_minute": 100_000_000, "fresh_s": 0.0}}


async def measure(part: Part, sizes: Sizes) -> None:
    """Questions that many pages ask (200 different ones), and questions of which each is asked once."""
    with Whole() as whole:
        await fill(whole.db)
        whole.serve("--no-work")
        bare, ours = whole.yardstick().url, whole.server.url
        kinds = {
            "bare": (bare, questions("/", SHARED)),
            "that pages share": (ours, questions(PATH, SHARED)),
            "all different": (ours, questions(PATH, ALL_DIFFERENT)),
        }
        rates: dict[str, list[float]] = {name: [] for name in kinds}
        for url, made in kinds.values():
            await press(url, made, connections=CONNECTIONS, seconds=0.5)
        for _ in range(sizes.rounds):
            for name, (url, made) in kinds.items():
                load = await press(url, made, connections=CONNECTIONS, seconds=sizes.seconds)
                assert load.statuses == (200,), load.statuses
                rates[name].append(load.per_s)
    bare_rates = rates.pop("bare")
    for name, measured in rates.items():
        part.ratio(f"questions {name}", measured, bare_rates, BARE)
        part.add(f"questions {name}", measured, "/s")
    part.add("bare", bare_rates, "/s")


async def fill(db: Path) -> None:
    async with Installation.opened(db) as installation:
        await changes.save(installation, [await changes.propose(installation, NAME, RULES)])
        ids = [str(number) for number in range(PRODUCTS)]
        await link(installation, NAME, *ids, site=SITE)
        levels = [StockLevel(product_id=one, on_hand=Decimal(50)) for one in ids]
        await installation.store.stock.save_levels(NAME, levels, read_at=time.time())


def questions(path: str, different: int) -> Made:
    """In no order, so that each connection asks something else."""
    counted = itertools.count()

    def made() -> bytes:
        asked = next(counted) * 100_003 % different
        query = f"site={SITE}&product=product-m{asked % PRODUCTS}:{asked // PRODUCTS + 1}"
        return (
            f"GET {path}?{query} HTTP/1.1\r\nHost: bridge.example\r\nOrigin: https://{SITE}\r\n\r\n".encode()
        )

    return made
