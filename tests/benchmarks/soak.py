"""Orders without a pause for as long as you like: what grows, and is a quiet server as quick as a busy one?

``make soak MINUTES=60``: real processes on loopback, emulators without limits of calls. Each
minute a line: orders, their delay, memory, open files, sizes of the state file and of its journal. Then silence, and
one order more. Exit code 1 if an order is lost or doubled.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import httpx
from benchmarks.load import percentile
from benchmarks.parts.orders import FILTER
from benchmarks.whole import NO_ARTWORK, NO_LIMIT, SHOP, SITE, STAGE, Whole
from makeready_lab.demo.orders import plain_order
from msgspec import Struct
from processes import Running
from pysqlite3 import dbapi2 as sqlite

LOOK_S = 0.25
AT_ONCE = 32
"""Buyers who wait for the shop's answer at the same time."""
DELAYS = """select h.at - (select max(d.received_at) from deliveries as d where d.subscriber = h.subscriber
        and d.order_number = h.order_number and d.received_at <= h.at)
    from history as h where h.to_state = 'accepted' and h.id > ?"""
"""From the webhook of the stage until the MIS has it. Webhooks of our own marks come later. By the number of the row: a
look that lasts would keep the journal from being begun anew.
"""
COLUMNS = ("minute", "placed", "in the MIS", "p50 s", "p99 s", "MB", "peak MB", "files", "state MB", "WAL MB")


class Sample(Struct, frozen=True, kw_only=True):
    minute: float
    placed: int
    arrived: int
    p50_s: float
    p99_s: float
    memory_mb: float
    peak_mb: float
    files: int
    state_mb: float
    wal_mb: float

    @property
    def row(self) -> str:
        values = (
            f"{self.minute:.0f}", self.placed, self.arrived, f"{self.p50_s:.2f}", f"{self.p99_s:.2f}",
            f"{self.memory_mb:.0f}", f"{self.peak_mb:.0f}", self.files, f"{self.state_mb:.1f}", f"{self.wal_mb:.1f}",
        )  # fmt: skip
        return told(values)


def told(values: tuple[object, ...]) -> str:
    return " ".join(f"{value:>11}" for value in values)


class Soak:
    """What is measured, while orders come."""

    def __init__(self, db: Path, server: Running, shop: Any, mis: Any) -> None:
        self._db = db
        self._pid = server.process.pid
        self._shop = shop
        self._mis = mis
        self._placed: list[int] = []
        self._started = time.monotonic()
        self._sampled = 0

    async def orders(self, per_s: float, seconds: float) -> None:
        """At an even pace, or as fast as the shop takes them."""
        turns, began, number = asyncio.Semaphore(AT_ONCE), time.monotonic(), 0
        async with asyncio.TaskGroup() as group:
            while (now := time.monotonic() - began) < seconds:
                await asyncio.sleep(max(0.0, number / per_s - now))
                await turns.acquire()
                group.create_task(self._order(number, turns))
                number += 1

    async def _order(self, number: int, turns: asyncio.Semaphore) -> None:
        try:
            wish = plain_order(SITE, "117-2284", number)
            placed = await again(lambda: self._shop.place_order(wish))
            await again(lambda: self._shop.move_to_stage(placed.order_number, 1, STAGE))
            self._placed.append(placed.order_number)
        finally:
            turns.release()

    async def sample_each(self, seconds: float) -> None:
        click.echo(told(COLUMNS))
        while True:
            await asyncio.sleep(seconds)
            click.echo((await asyncio.to_thread(self.sample)).row)

    def sample(self) -> Sample:
        with closing(sqlite.connect(self._db)) as db:
            delays = [row[0] for row in db.execute(DELAYS, [self._sampled]) if row[0] is not None]
            [[self._sampled]] = db.execute("select coalesce(max(id), 0) from history")
            [[arrived]] = db.execute("select count(*) from order_lines where state = 'accepted'")
        memory = dict(line.split(":") for line in Path(f"/proc/{self._pid}/status").read_text().splitlines())
        return Sample(
            minute=(time.monotonic() - self._started) / 60,
            placed=len(self._placed),
            arrived=arrived,
            p50_s=percentile(delays, 0.5) if delays else 0.0,
            p99_s=percentile(delays, 0.99) if delays else 0.0,
            memory_mb=_kb(memory["VmRSS"]) / 1000,
            peak_mb=_kb(memory["VmHWM"]) / 1000,
            files=len(list(Path(f"/proc/{self._pid}/fd").iterdir())),
            state_mb=_mb(self._db),
            wal_mb=_mb(Path(f"{self._db}-wal")),
        )

    async def all_arrive(self) -> None:
        while not await self._all_arrived():
            await asyncio.sleep(LOOK_S)

    async def _all_arrived(self) -> bool:
        with closing(sqlite.connect(self._db)) as db:
            [[arrived]] = db.execute("select count(*) from order_lines where state = 'accepted'")
        return bool(arrived >= len(self._placed))

    async def one(self) -> float:
        """Seconds from the stage of a single order until the MIS has it."""
        started = time.monotonic()
        await self._order(0, asyncio.Semaphore(0))
        while not await self._all_arrived():
            await asyncio.sleep(0.01)
        return time.monotonic() - started

    async def verdict(self) -> tuple[int, int]:
        """How many orders are lost, how many doubled: counted from what the MIS holds."""
        counted = Counter(str(order["reference"]) for order in await self._mis.orders())
        lost = sum(not counted[f"{number}-1"] for number in self._placed)
        return lost, counted.total() - len(counted)

    def sizes(self) -> None:
        """What the state file holds, by table."""
        with closing(sqlite.connect(self._db)) as db:
            names = [row[0] for row in db.execute("select name from sqlite_schema where type = 'table'")]
            rows = {name: db.execute(f"select count(*) from {name}").fetchone()[0] for name in names}
        fullest = sorted(rows, key=lambda name: -rows[name])[:12]
        click.echo("rows: " + ", ".join(f"{name} {rows[name]}" for name in fullest))


async def again(do: Callable[[], Awaitable[Any]]) -> Any:
    """A person whose connection the shop closed just then tries once more; an order that was taken all the same stays."""
    try:
        return await do()
    except httpx.TransportError:
        return await do()


def _kb(text: str) -> int:
    return int(text.split()[0])


def _mb(path: Path) -> float:
    return path.stat().st_size / 1_000_000 if path.exists() else 0.0


@click.command()
@click.option("--minutes", default=10.0, show_default=True, help="Of orders.")
@click.option("--per-s", default=20.0, show_default=True, help="Orders a second, if the machine can.")
@click.option("--silence-s", default=300.0, show_default=True, help="Without any order, before the last one.")
@click.option("--sample-s", default=60.0, show_default=True)
def soak(minutes: float, per_s: float, silence_s: float, sample_s: float) -> None:
    """Print a line each minute, and what became of the orders."""
    raise SystemExit(0 if asyncio.run(measure(minutes, per_s, silence_s, sample_s)) else 1)


async def measure(minutes: float, per_s: float, silence_s: float, sample_s: float) -> bool:
    with Whole() as whole:
        await whole.emulate(
            "--scenario", str(SHOP), *NO_LIMIT, mis=(*NO_ARTWORK, "--switch", f"order-filter={FILTER}")
        )
        await whole.mis_driver.set_stock("2284", 100_000_000)
        # A connection that is cut leaves a doubt, which heals by asking.
        whole.connectors["tharstern"]["assumptions"] = {"order_reference_filter": FILTER}
        whole.apply(orders={"trigger_stage": STAGE})
        whole.serve()
        whole.install()
        soaking = Soak(whole.db, whole.server, whole.shop_driver, whole.mis_driver)
        first_s = await soaking.one()
        sampling = asyncio.create_task(soaking.sample_each(sample_s))
        await soaking.orders(per_s, minutes * 60)
        await soaking.all_arrive()
        click.echo("all are in the MIS; silence now")
        await asyncio.sleep(silence_s)
        again_s = await soaking.one()
        sampling.cancel()
        click.echo(soaking.sample().row)
        soaking.sizes()
        lost, doubled = await soaking.verdict()
        click.echo(f"the first order took {first_s:.2f} s, the one after the silence {again_s:.2f} s")
        click.echo(f"lost {lost}, doubled {doubled}")
        await whole.aclose()
        return not (lost or doubled)


if __name__ == "__main__":
    soak()
