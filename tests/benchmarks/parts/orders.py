"""Complete orders: webhook, look, submission, mark. The emulators answer at once, and no vendor limits the calls.

The orders are there before; what is timed begins with their webhooks and ends when the last one is marked in the shop.
"""

import asyncio
import time
from collections import Counter
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
from benchmarks.figures import Part
from benchmarks.load import Load, at_pace, percentile, press
from benchmarks.sizes import Sizes
from benchmarks.webhooks import Webhooks, elsewhere
from benchmarks.whole import (
    NO_ARTWORK,
    NO_LIMIT,
    SHOP,
    SITE,
    STAGE,
    Whole,
    cpu_s,
    looking,
    memory_mb,
    quiet,
)
from makeready_lab.demo.orders import plain_order
from processes import Running

PRODUCT = "117-2284"
BARE = "bare Starlette's POSTs of 3 kB"
FILTER = "uniqueSubmitOrderID"
WARM = 20
BUYERS = 32
LOOK_S = 0.05
STUCK_S = 240.0
"""A doubt takes two minutes to heal."""
DELAYS = """select s.{column} - max(d.received_at) from submissions as s
    join deliveries as d on d.subscriber = s.subscriber and d.order_number = s.order_number
    where s.marked = 1 and d.received_at <= s.{column} and cast(s.order_number as integer) in ({numbers})
    group by s.subscriber, s.key"""
WAYS = {"sent_at": "from webhook to submission", "marked_at": "from webhook to mark"}


async def measure(part: Part, sizes: Sizes) -> None:
    with ExitStack() as stack:
        sides = [await _Side.made(stack.enter_context(Whole()), workers) for workers in sizes.workers]
        bare = sides[0].whole.yardstick()
        for _ in range(sizes.rounds):
            for side in sides:
                await side.measure(bare, sizes.orders)
        for side in sides:
            side.tell(part, sizes.orders)
            await _trickle(part, sizes, side.whole, side.orders, side.who)
            await side.close(part)
        _compare(part, sizes.orders, sides)


def _compare(part: Part, count: int, sides: "list[_Side]") -> None:
    """More workers beside fewer, round by round."""
    for fewer, more in pairwise(sides):
        aim = "≥ 1.5" if (fewer.workers, more.workers) == (1, 2) else "≥ 1"
        against = f"those of {fewer.workers}" if fewer.who else "those of one process"
        part.ratio(f"orders of {count} at once{more.who}", more.per_s, fewer.per_s, against, aim=aim)


async def set_up(whole: Whole, workers: int, scenario: Path = SHOP) -> None:
    await whole.emulate(
        "--scenario", str(scenario), *NO_LIMIT, mis=(*NO_ARTWORK, "--switch", f"order-filter={FILTER}")
    )
    # A connection that is cut leaves a doubt, which heals by asking.
    whole.connectors["tharstern"]["assumptions"] = {"order_reference_filter": FILTER}
    await whole.mis_driver.set_stock("2284", 100_000_000)
    whole.apply(own_key=True, orders={"trigger_stage": STAGE})
    whole.serve(workers=0 if workers == 1 else workers)


class _Side:
    """Server and workers with vendors of their own, and what was measured of them in each round."""

    def __init__(self, whole: Whole, workers: int) -> None:
        self.whole, self.workers = whole, workers
        self.who = "" if workers == 1 else f", {workers} workers"
        self.orders = Orders(whole, Webhooks(whole.address("webhook")))
        self.per_s: list[float] = []
        self._posts: list[float] = []
        self._idle_mb = 0.0
        self._ms: dict[str, list[float]] = {"bare": [], "ours": [], "vendors": []}

    @classmethod
    async def made(cls, whole: Whole, workers: int) -> "_Side":
        await set_up(whole, workers)
        side = cls(whole, workers)
        await side.orders.until_marked(await side.orders.posted(await side.orders.placed(WARM)))
        side._idle_mb = memory_mb(whole.server)
        return side

    async def measure(self, bare: Running, count: int) -> None:
        whole, numbers = self.whole, await self.orders.placed(count)
        same = elsewhere(f"{bare.url}/", Webhooks(whole.address("webhook")).next)
        before = cpu_s(bare)
        load = await press(bare.url, same, connections=16, seconds=1.5)
        self._posts.append(load.per_s)
        self._ms["bare"].append(1000 * (cpu_s(bare) - before) / load.count)
        before, vendors, started = cpu_s(*whole.ours), cpu_s(whole.shop, whole.mis), time.perf_counter()
        await self.orders.until_marked(await self.orders.posted(numbers))
        self.per_s.append(count / (time.perf_counter() - started))
        self._ms["ours"].append(1000 * (cpu_s(*whole.ours) - before) / count)
        self._ms["vendors"].append(1000 * (cpu_s(whole.shop, whole.mis) - vendors) / count)

    def tell(self, part: Part, count: int) -> None:
        who, ms = self.who, self._ms
        part.ratio(f"one order of {count} at once{who}", self._posts, self.per_s, BARE, aim="≤ 75")
        part.add(f"orders of {count} at once{who}", self.per_s, "/s")
        part.add(f"bare{who}", self._posts, "/s")
        part.ratio(f"processor time of an order, {count} at once{who}", ms["ours"], ms["bare"], "a bare POST")
        part.add(f"processor time of an order, {count} at once{who}", ms["ours"], "ms")
        part.add(f"processor time of the emulators for an order, {count} at once{who}", ms["vendors"], "ms")

    async def close(self, part: Part) -> None:
        part.add(f"memory of the server before{self.who}", [self._idle_mb], "MB")
        part.add(
            f"most memory of the server{self.who}",
            [memory_mb(self.whole.server, most=True)],
            "MB",
            aim="≤ 130",
        )
        await self.orders.check()
        await self.whole.aclose()


async def _trickle(part: Part, sizes: Sizes, whole: Whole, orders: "Orders", who: str) -> None:
    """Orders that come one by one, so that nothing gathers: share of a core, and how long each waits."""
    count = int(sizes.per_s * sizes.trickle_s)
    cores, lags, acknowledged = [], {column: [] for column in WAYS}, []
    for _ in range(max(1, sizes.rounds // 2)):
        numbers = await orders.placed(count)
        await quiet(*whole.ours)
        before, started = cpu_s(*whole.ours), time.perf_counter()
        load = await orders.trickled(numbers, sizes.per_s)
        marked = await orders.until_marked(numbers)
        cores.append((cpu_s(*whole.ours) - before) / (marked - started))
        acknowledged.append(load.p99_ms)
        for column, kept in lags.items():
            kept.append(orders.delays(numbers, column))
    at = f"{sizes.per_s:g} orders/s one by one{who}"
    part.add(f"server and workers, {at}", cores, "cores", aim="≤ 0.25" if sizes.per_s == 20 else "")
    part.add(f"processor time of an order, {at}", [1000 * one / sizes.per_s for one in cores], "ms")
    part.add(f"until acknowledged, p99, {at}", acknowledged, "ms")
    for column, way in WAYS.items():
        for share, name in ((0.5, "p50"), (0.99, "p99")):
            part.add(f"{way}, {name}, {at}", [percentile(one, share) for one in lags[column]], "s")


class Orders:
    """Buyers of the emulated shop, whose webhooks are sent from here."""

    def __init__(self, whole: Whole, webhooks: Webhooks, *, before: int = 0) -> None:
        """``before``: so many orders of others are marked already."""
        self._before = before
        self._whole = whole
        self._webhooks = webhooks
        self._placed: list[int] = []

    async def placed(self, count: int) -> list[int]:
        """So many orders that stand at the stage; nobody has been told of them."""
        turns = asyncio.Semaphore(BUYERS)

        async def one(number: int) -> int:
            async with turns:
                order = await again(
                    lambda: self._whole.shop_driver.place_order(plain_order(SITE, PRODUCT, number))
                )
                await again(lambda: self._whole.shop_driver.move_to_stage(order.order_number, 1, STAGE))
                return int(order.order_number)

        numbers = sorted(await asyncio.gather(*(one(number) for number in range(count))))
        self._placed += numbers
        return numbers

    async def posted(self, numbers: list[int]) -> list[int]:
        """Their webhooks, as quickly as they are taken, over 16 connections."""
        requests = map(self._webhooks.of, numbers)
        load = await press(self._whole.server.url, lambda: next(requests, None), connections=16, seconds=3600)
        assert load.count == len(numbers) and load.statuses == (200,), load
        return numbers

    async def trickled(self, numbers: list[int], per_s: float) -> Load:
        requests = map(self._webhooks.of, numbers)
        return await at_pace(
            self._whole.server.url, lambda: next(requests, None), per_s=per_s, count=len(numbers)
        )

    async def until_marked(self, numbers: list[int]) -> float:
        """When the shop shows the MIS's number on all of them. Raises if nothing moves any more."""
        wanted, last, moved_at = self._before + len(self._placed), 0, time.perf_counter()
        while (marked := marked_in(self._whole.db)) < wanted:
            await asyncio.sleep(LOOK_S)
            now = time.perf_counter()
            moved_at, last = (now, marked) if marked > last else (moved_at, last)
            if now - moved_at > STUCK_S:
                raise RuntimeError(f"{marked} of {wanted} orders are marked: {_states(self._whole.db)}")
        return time.perf_counter()

    def delays(self, numbers: list[int], column: str) -> list[float]:
        with looking(self._whole.db) as db:
            sql = DELAYS.format(column=column, numbers=",".join(map(str, numbers)))
            return [row[0] for row in db.execute(sql)]

    async def check(self) -> None:
        """Each order once in the MIS, each with its mark: figures of wrong work would say nothing."""
        counted = Counter(str(order["reference"]) for order in await self._whole.mis_driver.orders())
        assert counted == Counter(f"{number}-1" for number in self._placed), "an order is lost or doubled"
        marks = [await self._whole.shop_driver.mis_number(number, 1) for number in self._placed[-WARM:]]
        assert all(marks), "an order has no mark"


def marked_in(db: Path) -> int:
    with looking(db) as connection:
        [[count]] = connection.execute("select count(*) from submissions where marked = 1")
        return int(count)


def _states(db: Path) -> str:
    with looking(db) as connection:
        return str(
            connection.execute("select state, reason, count(*) from order_lines group by 1, 2").fetchall()
        )


async def again(do: Any) -> Any:
    """A person whose connection the shop closed just then tries once more."""
    try:
        return await do()
    except httpx.TransportError:
        return await do()
