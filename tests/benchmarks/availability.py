"""How many questions of shop pages does the server answer in a second, beside a bare endpoint of the framework?

``python tests/benchmarks/availability.py``: both are served by uvicorn in a process of their own, on loopback,
and asked in turns by the same client; the memory holds 5,000 products.
"""

import asyncio
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import uvicorn

sys.path.extend(str(Path(__file__).parents[1] / "support" / one) for one in ("memory", "whole"))

from makeready.installation import Installation
from makeready.subscribers import changes
from makeready.web.app import create_app
from makeready.web.server import bind, configuration, url_of
from makeready_hooks.model.product import StockLevel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from world import link

SITE = "shop.northfield.example"
PRODUCTS = 5000
CONNECTIONS = 16
SHARED, ALL_DIFFERENT = 200, 10**9
ORIGIN = f"https://{SITE}"


@click.command()
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 50))
@click.option("--seconds", default=2.0, show_default=True, type=click.FloatRange(0.2, 60))
def measure(rounds: int, seconds: float) -> None:
    """Print the figures as JSON."""
    with TemporaryDirectory() as folder:
        db = Path(folder) / "makeready.db"
        asyncio.run(fill(db))
        with serving(bare_app) as bare, serving(our_app, db) as ours:
            click.echo(json.dumps(asyncio.run(compare(bare, ours, rounds, seconds)), indent=2))


async def fill(db: Path) -> None:
    async with Installation.opened(db) as installation:
        settings = {"external_user_id": 117, "stock": {"calls_per_minute": 100_000_000, "fresh_s": 0.0}}
        proposal = await changes.propose(installation, "northfield", settings)
        await changes.save(installation, [proposal])
        ids = [str(number) for number in range(PRODUCTS)]
        await link(installation, "northfield", *ids, site=SITE)
        levels = [StockLevel(product_id=one, on_hand=Decimal(50)) for one in ids]
        await installation.store.stock.save_levels("northfield", levels, read_at=time.time())


def bare_app() -> Any:
    async def answer(request: Request) -> JSONResponse:
        return JSONResponse({"products": {"product-m7": {"state": "in"}}, "again": 15.0})

    return Starlette(routes=[Route("/integrations/availability", answer)])


def our_app(db: Path) -> Any:
    return create_app(Installation.open(db), work=False)


def serve(make: Any, arguments: tuple[Any, ...], socket: Any) -> None:
    uvicorn.Server(configuration(make(*arguments))).run(sockets=[socket])


@contextmanager
def serving(make: Any, *arguments: Any) -> Iterator[str]:
    socket = bind("127.0.0.1", 0)
    context = multiprocessing.get_context("fork")
    process = context.Process(target=serve, args=(make, arguments, socket), daemon=True)
    process.start()
    url = url_of(socket)
    socket.close()
    try:
        yield url
    finally:
        process.terminate()
        process.join(15)


async def compare(bare: str, ours: str, rounds: int, seconds: float) -> dict[str, Any]:
    """Questions that many pages ask (200 different ones), and questions of which each is asked once."""
    kinds = {"bare": (bare, SHARED), "ours": (ours, SHARED), "ours_all_different": (ours, ALL_DIFFERENT)}
    rates: dict[str, list[float]] = {name: [] for name in kinds}
    for url, different in kinds.values():
        await load(url, 0.5, different)  # warm
    for _ in range(rounds):
        for name, (url, different) in kinds.items():
            rates[name].append(await load(url, seconds, different))
    return (
        {"products": PRODUCTS}
        | {f"{name}_per_s": round(statistics.median(measured)) for name, measured in rates.items()}
        | {f"{name}_ratios": _ratios(rates[name], rates["bare"]) for name in ("ours", "ours_all_different")}
    )


def _ratios(one: list[float], other: list[float]) -> dict[str, float]:
    found = [round(mine / bare, 2) for mine, bare in zip(one, other, strict=True)]
    return {"least": min(found), "median": statistics.median(found), "most": max(found)}


async def load(url: str, seconds: float, different: int) -> float:
    """Answers a second, over some connections that stay open."""
    port, until = int(url.rpartition(":")[2]), time.perf_counter() + seconds
    started = time.perf_counter()
    counts = await asyncio.gather(*(connection(port, n, until, different) for n in range(CONNECTIONS)))
    return sum(counts) / (time.perf_counter() - started)


async def connection(port: int, number: int, until: float, different: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = number * 100_003
    done = 0
    while time.perf_counter() < until:
        asked = count % different
        path = f"/integrations/availability?site={SITE}&product=product-m{asked % PRODUCTS}:{asked // PRODUCTS + 1}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: bridge.example\r\nOrigin: {ORIGIN}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode("latin-1"))
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0])
        await reader.readexactly(length)
        count += 1
        done += 1
    writer.close()
    return done


if __name__ == "__main__":
    measure()
