"""What a price costs: kept, asked, asked by many at once, and while the MIS hangs."""

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import msgspec
from benchmarks.figures import Part
from benchmarks.load import Made, at_once, percentile, post, press, same
from benchmarks.sizes import Sizes
from benchmarks.whole import NAME, NO_LIMIT, SITE, Whole, memory_mb
from makeready.outbound.addresses import Reach
from makeready.outbound.client import Outbound
from makeready_hooks import decode_secret
from makeready_tharstern.client import TharsternClient
from makeready_tharstern.settings import TharsternSettings

UNBOUNDED = dict.fromkeys(
    ("product_questions_per_hour", "unlinked_questions_per_hour", "questions_per_hour"), 100_000
)
QUANTITIES = (1, 25, 100, 250, 1000)
BUYERS = 500
MIX = 10_000
DEADLINE_S = 4.0
CEILING = 8
BARE = "bare Starlette"
APPLIED_S = 1.1
"""Other rules hold within a second."""


class Asked:
    """The company's prices, and the MIS behind them."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self.url = whole.address("pricing")

    async def apply(self, **rules: float) -> None:
        self.whole.apply(prices={**UNBOUNDED, **rules})
        await asyncio.sleep(APPLIED_S)

    def switch(self, **switches: str) -> None:
        url = f"{self.whole.mis.url}/_emulator/switches"
        httpx.put(url, json=switches, trust_env=False).raise_for_status()

    def calls(self) -> Counter[str]:
        """How often each function of the MIS was called so far, logins left out."""
        journal = httpx.get(f"{self.whole.mis.url}/_emulator/journal", trust_env=False).json()
        assert journal["dropped"] == 0
        names = (entry["function"] for entry in journal["entries"])
        return Counter(name for name in names if not name.startswith("authentication"))

    async def crowd(self, questions: list[bytes]) -> list[tuple[float, dict[str, Any]]]:
        """All at once: seconds and what was answered, of each."""
        return [(seconds, json.loads(answer)) for seconds, answer in await at_once(self.url, questions)]


async def measure(part: Part, sizes: Sizes) -> None:
    with Whole() as whole:
        await whole.emulate(*NO_LIMIT, mis=())
        await whole.aclose()
        whole.apply(prices={**UNBOUNDED, "price_max_age_s": 3600.0})
        whole.serve()
        whole.install()
        asked = Asked(whole)
        await _kept(part, sizes, asked, whole.yardstick().url)
        await _missed(part, sizes, asked)
        await _together(part, asked)
        await _hanging(part, asked)


def question(product: str, quantity: int) -> bytes:
    asked = {"operation": "price", "product": f"117-{product}-{SITE}", "options": [], "quantity": quantity}
    return json.dumps({**asked, "customer": None}).encode()


def otherwise(url: str, body: bytes) -> Made:
    """The same question, each time with another header."""
    request, counted = post(url, body), itertools.count()
    return lambda: request.replace(b"\r\n\r\n", b"\r\nX-Odd: %d\r\n\r\n" % next(counted), 1)


async def _kept(part: Part, sizes: Sizes, asked: Asked, bare: str) -> None:
    body = question("4107", 250)
    kinds = {
        "bare": (bare, same(f"{bare}/", body)),
        "a kept price": (asked.url, same(asked.url, body)),
        "a kept price whose headers differ": (asked.url, otherwise(asked.url, body)),
    }
    loads: dict[str, list[Any]] = {name: [] for name in kinds}
    for _ in range(sizes.rounds):
        for name, (url, made) in kinds.items():
            load = await press(url, made, connections=16, seconds=sizes.seconds)
            assert load.statuses == (200,), load.statuses
            loads[name].append(load)
    rates = {name: [one.per_s for one in found] for name, found in loads.items()}
    bare_rates = rates.pop("bare")
    for name, found in rates.items():
        part.ratio(name, found, bare_rates, BARE)
        part.add(name, found, "/s")
        part.add(f"{name}, p99", [one.p99_ms for one in loads[name]], "ms")
    part.add("bare", bare_rates, "/s")


async def _missed(part: Part, sizes: Sizes, asked: Asked) -> None:
    """One question at a time, the MIS asked each time, beside the same client that asks the MIS directly."""
    await asked.apply(price_max_age_s=0.0)
    outbound = Outbound(reach=Reach.read("127.0.0.1"))
    given = asked.whole.connectors["tharstern"]
    settings = msgspec.convert(given, TharsternSettings, dec_hook=decode_secret)
    client = TharsternClient(settings, outbound.for_connector(NAME, "tharstern", None))
    direct, through = [], []
    made = same(asked.url, question("4107", 250))
    for _ in range(sizes.rounds):
        took = []
        for _ in range(200):
            started = time.perf_counter()
            assert await client.product_for("4107", settings.customer_code)
            took.append((time.perf_counter() - started) * 1000)
        direct.append(percentile(took, 0.5))
        through.append((await press(asked.url, made, connections=1, seconds=1.0)).p50_ms)
    await outbound.aclose()
    await asked.apply(price_max_age_s=3600.0)
    part.ratio("a price that is asked, p50", through, direct, "the client that asks the MIS itself")
    part.add("a price that is asked, p50", through, "ms")


async def _together(part: Part, asked: Asked) -> None:
    """Many buyers ask the same; then a day's mix of other questions."""
    before = asked.calls()
    answers = await asked.crowd([question("4131", 777)] * BUYERS)
    part.add(
        f"calls to the MIS, {BUYERS} buyers ask the same", [(asked.calls() - before).total()], "", aim="≤ 1"
    )
    assert len({shown["Price"] for _, shown in answers}) == 1
    mix = _mix(asked)
    before, started = asked.calls(), time.perf_counter()
    for start in range(0, len(mix), 100):
        await asked.crowd([question(*one) for one in mix[start : start + 100]])
    took, calls = time.perf_counter() - started, (asked.calls() - before).total()
    part.add(f"calls to the MIS for a question, {MIX:,} of {len(set(mix)):,} kinds", [calls / len(mix)], "")
    part.add(f"{MIX:,} questions of {len(set(mix)):,} kinds", [len(mix) / took], "/s")


def _mix(asked: Asked) -> list[tuple[str, int]]:
    httpx.post(f"{asked.whole.mis.url}/_emulator/catalogue", json={"count": 500}, trust_env=False)
    listed = asked.whole.made("products", NAME, "--page-size", "500", "--json")
    products = [one["product"]["id"] for one in json.loads(listed)["products"]]
    chance = random.Random(1)  # noqa: S311 - a reproducible mix
    weights = [1 / rank for rank in range(1, len(products) + 1)]
    return [(product, chance.choice(QUANTITIES)) for product in chance.choices(products, weights, k=MIX)]


async def _hanging(part: Part, asked: Asked) -> None:
    """The MIS takes questions and never answers, while 500 buyers ask 500 different things, three times."""
    await asked.apply(price_max_age_s=60.0, deadline_s=DEADLINE_S, max_calls=CEILING)
    asked.switch(hang="1")
    memory, took, most = [memory_mb(asked.whole.server)], [], 0
    for turn in range(3):
        questions = [question("4107", 10_000 + turn * BUYERS + buyer) for buyer in range(BUYERS)]
        asking = asyncio.create_task(asked.crowd(questions))
        while not asking.done():
            most = max(most, _connections_to(asked.whole.mis.url))
            await asyncio.sleep(0.1)
        answers = asking.result()
        assert all(shown["Price"] == 0 and shown["Error"] for _, shown in answers)
        took.append(percentile([seconds for seconds, _ in answers], 0.99))
        memory.append(memory_mb(asked.whole.server))
    asked.switch(hang="0")
    part.ratio(
        f"the MIS hangs, {BUYERS} buyers, p99", took, [DEADLINE_S] * len(took), "the deadline", aim="≤ 1.05"
    )
    part.add("the MIS hangs: connections to it at most", [most], "", aim=f"≤ {CEILING}")
    part.add("the MIS hangs: memory of the server", memory, "MB")


def _connections_to(url: str) -> int:
    """Established TCP connections whose other end is this address, of all processes here."""
    port = f":{int(url.rpartition(':')[2]):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return sum(row[2].endswith(port) and row[3] == "01" for row in rows)
