"""What a price costs: kept, asked, asked by many at once, and while the MIS hangs.

``python tests/benchmarks/prices.py``: real processes on loopback, figures as JSON. What is compared is measured
in turns in the same run: trust the ratios.
"""

import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import httpx
import msgspec
import tomli_w
import uvloop

sys.path.extend(str(Path(__file__).parents[1] / "support" / one) for one in ("memory", "whole"))

from load import at_once, percentile, press
from makeready.logs import configure
from makeready.outbound.addresses import Reach
from makeready.outbound.client import Outbound
from makeready_hooks import decode_secret
from makeready_pressero_emulator import EMULATOR as PRESSERO
from makeready_tharstern.client import TharsternClient
from makeready_tharstern.settings import TharsternSettings
from makeready_tharstern_emulator import EMULATOR as THARSTERN
from processes import Running, run, running, started

HERE = Path(__file__).parent
SITE, NAME = "shop.northfield.example", "northfield"
UNBOUNDED = dict.fromkeys(
    ("product_questions_per_hour", "unlinked_questions_per_hour", "questions_per_hour"), 100_000
)
QUANTITIES = (1, 25, 100, 250, 1000)
BUYERS = 500
DEADLINE_S = 4.0
CEILING = 8


class Bench:
    """Both emulators and the server, each a process; one subscriber."""

    def __init__(self, stack: ExitStack) -> None:
        self._folder = Path(stack.enter_context(TemporaryDirectory()))
        self.db = self._folder / "makeready.db"
        self.shop: Running = stack.enter_context(running("emulate", "pressero"))
        self.mis: Running = stack.enter_context(running("emulate", "tharstern"))
        self.bare: Running = stack.enter_context(started([sys.executable, str(HERE / "bare.py")]))
        self.server: Running
        self.url = ""
        self.settings: dict[str, Any] = {}

    async def set_up(self, stack: ExitStack) -> None:
        shop, mis = PRESSERO.driver(self.shop.url), THARSTERN.driver(self.mis.url)
        self.settings = dict(await mis.connector_settings())
        self._connectors = {"pressero": dict(await shop.connector_settings()), "tharstern": self.settings}
        await shop.aclose()
        await mis.aclose()
        self.apply(price_max_age_s=3600.0)
        self.server = stack.enter_context(running("serve", "--port", "0", db=self.db))
        done = run("subscriber", "install", NAME, "--public-url", self.server.url, db=self.db)
        assert done.returncode == 0, done.stderr
        shown = json.loads(run("subscriber", "show", NAME, "--json", db=self.db).stdout)
        self.url = shown["addresses"]["pressero"]["pricing"]
        await asyncio.sleep(1)  # all of them listen by now

    def apply(self, **prices: float) -> None:
        """Other rules; they hold within a second."""
        subscriber = {
            "external_user_id": 117,
            "prices": {**UNBOUNDED, **prices},
            "connectors": self._connectors,
        }
        file = self._folder / "subscribers.toml"
        file.write_text(tomli_w.dumps({"subscribers": {NAME: subscriber}}))
        done = run("subscriber", "apply", str(file), "--yes", db=self.db)
        assert done.returncode == 0, done.stderr
        time.sleep(1.1)

    def switch(self, **switches: str) -> None:
        given = {name.replace("_", "-"): value for name, value in switches.items()}
        httpx.put(f"{self.mis.url}/_emulator/switches", json=given, trust_env=False).raise_for_status()

    def calls(self) -> Counter[str]:
        """How often each function of the MIS was called so far, logins left out."""
        journal = httpx.get(f"{self.mis.url}/_emulator/journal", trust_env=False).json()
        assert journal["dropped"] == 0
        names = (entry["function"] for entry in journal["entries"])
        return Counter(name for name in names if not name.startswith("authentication"))


def body(product: str, quantity: int) -> bytes:
    asked = {"operation": "price", "product": f"117-{product}-{SITE}", "options": [], "quantity": quantity}
    return json.dumps({**asked, "customer": None}).encode()


async def hits(bench: Bench) -> dict[str, Any]:
    """A fresh price against a constant answer, in turns, 16 connections each."""
    question, rounds = body("4107", 250), []
    for _ in range(5):
        bare = await press(f"{bench.bare.url}/", question, connections=16, seconds=1.5)
        same = await press(bench.url, question, connections=16, seconds=1.5)
        other = await press(bench.url, question, connections=16, seconds=1.5, vary=True)
        assert bare.statuses == same.statuses == other.statuses == (200,)
        rounds.append((same.per_s / bare.per_s, other.per_s / bare.per_s, same, other))
    return {
        "hit against a bare endpoint, ratio": round(statistics.median(one[0] for one in rounds), 2),
        "hit per second": round(statistics.median(one[2].per_s for one in rounds)),
        "hit p99 ms": round(statistics.median(one[2].p99_ms for one in rounds), 2),
        "hit whose headers differ, ratio": round(statistics.median(one[1] for one in rounds), 2),
        "hit whose headers differ, p99 ms": round(statistics.median(one[3].p99_ms for one in rounds), 2),
    }


async def misses(bench: Bench) -> dict[str, Any]:
    """One question at a time, the MIS asked each time, against the same client asking the MIS directly."""
    bench.apply(price_max_age_s=0.0)
    outbound = Outbound(reach=Reach.read("127.0.0.1"))
    settings = msgspec.convert(bench.settings, TharsternSettings, dec_hook=decode_secret)
    client = TharsternClient(settings, outbound.for_connector(NAME, "tharstern", None))
    added, direct_p50 = [], []
    for _ in range(5):
        direct = []
        for _ in range(200):
            started_at = time.perf_counter()
            assert await client.product_for("4107", settings.customer_code)
            direct.append((time.perf_counter() - started_at) * 1000)
        asked = await press(bench.url, body("4107", 250), connections=1, seconds=1.0)
        direct_p50.append(percentile(direct, 0.5))
        added.append(asked.p50_ms - direct_p50[-1])
    await outbound.aclose()
    bench.apply(price_max_age_s=3600.0)
    return {
        "miss: MIS asked directly, p50 ms": round(statistics.median(direct_p50), 2),
        "miss: added to that, p50 ms": round(statistics.median(added), 2),
    }


async def crowd(bench: Bench, questions: list[bytes]) -> list[tuple[float, dict[str, Any]]]:
    """All at once: seconds and what was answered, of each."""
    return [(seconds, json.loads(answer)) for seconds, answer in await at_once(bench.url, questions)]


async def together(bench: Bench) -> dict[str, Any]:
    """500 buyers ask the same; then a day's mix of other questions."""
    before = bench.calls()
    answers = await crowd(bench, [body("4131", 777)] * BUYERS)
    identical = (bench.calls() - before).total()
    assert len({shown["Price"] for _, shown in answers}) == 1
    httpx.post(f"{bench.mis.url}/_emulator/catalogue", json={"count": 500}, trust_env=False)
    listed = run("products", NAME, "--page-size", "500", "--json", db=bench.db).stdout
    products = [one["product"]["id"] for one in json.loads(listed)["products"]]
    chance = random.Random(1)  # noqa: S311 - a reproducible mix
    weights = [1 / rank for rank in range(1, len(products) + 1)]
    mix = [(product, chance.choice(QUANTITIES)) for product in chance.choices(products, weights, k=10_000)]
    before, started_at = bench.calls(), time.perf_counter()
    for batch in _batches(mix, 100):
        await crowd(bench, [body(*one) for one in batch])
    seconds, calls = round(time.perf_counter() - started_at, 1), bench.calls() - before
    return {
        "500 identical questions at once, MIS calls": identical,
        "10,000 questions of a mix: distinct": len(set(mix)),
        "10,000 questions of a mix: MIS calls": dict(calls),
        "10,000 questions of a mix: MIS calls, all": calls.total(),
        "10,000 questions of a mix: seconds": seconds,
    }


def _batches(values: list[Any], size: int) -> list[list[Any]]:
    return [values[start : start + size] for start in range(0, len(values), size)]


async def hanging(bench: Bench) -> dict[str, Any]:
    """The MIS takes questions and never answers, while 500 buyers ask 500 different things, three times."""
    bench.apply(price_max_age_s=60.0, deadline_s=DEADLINE_S, max_calls=CEILING)
    bench.switch(hang="1")
    memory, took, most = [resident_mb(bench.server)], [], 0
    for turn in range(3):
        questions = [body("4107", 10_000 + turn * BUYERS + buyer) for buyer in range(BUYERS)]
        asking = asyncio.create_task(crowd(bench, questions))
        while not asking.done():
            most = max(most, connections_to(bench.mis.url))
            await asyncio.sleep(0.1)
        answers = asking.result()
        assert all(shown["Price"] == 0 and shown["Error"] for _, shown in answers)
        took.append(percentile([seconds for seconds, _ in answers], 0.99))
        memory.append(resident_mb(bench.server))
    bench.switch(hang="0")
    return {
        "MIS hangs, 500 buyers: deadline s": DEADLINE_S,
        "MIS hangs, 500 buyers: p99 s, three times": [round(one, 3) for one in took],
        "MIS hangs, 500 buyers: connections to the MIS at most": most,
        "MIS hangs, 500 buyers: server MB before and after each": memory,
    }


def connections_to(url: str) -> int:
    """Established TCP connections whose other end is this address, of all processes here."""
    port = f":{int(url.rpartition(':')[2]):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return sum(row[2].endswith(port) and row[3] == "01" for row in rows)


def resident_mb(process: Running) -> int:
    status = Path(f"/proc/{process.process.pid}/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


async def measure() -> dict[str, Any]:
    with ExitStack() as stack:
        bench = Bench(stack)
        await bench.set_up(stack)
        return {
            **await hits(bench),
            **await misses(bench),
            **await together(bench),
            **await hanging(bench),
        }


@click.command()
def prices() -> None:
    """Print the figures as JSON."""
    configure()
    click.echo(json.dumps(uvloop.run(measure()), indent=2))


if __name__ == "__main__":
    prices()
