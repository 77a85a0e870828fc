"""What becomes slower or larger as the ledger grows, or as more waits: the same asked of a small and of a large one."""

import statistics
import time
from pathlib import Path

from benchmarks.figures import Part
from benchmarks.ledger import DAYS, fill
from benchmarks.parts.orders import Orders, marked_in, set_up
from benchmarks.parts.start import begun
from benchmarks.sizes import Sizes
from benchmarks.webhooks import Webhooks
from benchmarks.whole import SHOP, Whole, cpu_s, looking, memory_mb, quiet

FEW = 1000
ORDERS = 50
FIRST_NUMBER = 5_000_000
"""Above all of the ledger that is written at once."""
FLAT = "≤ 1.2"


class Grown:
    """What one ledger was found to take, of each round."""

    def __init__(self) -> None:
        self.start_s: list[float] = []
        self.memory_mb: list[float] = []
        self.cpu_ms: list[float] = []
        self.bytes: list[float] = []


async def measure(part: Part, sizes: Sizes) -> None:
    few, many = Grown(), Grown()
    with Whole() as one, Whole() as other:
        orders = [await _filled(one, FEW), await _filled(other, sizes.ledger)]
        for _ in range(sizes.rounds):
            for whole, placing, grown in zip((one, other), orders, (few, many), strict=True):
                await _asked(whole, placing, grown)
        waiting = [
            await _worked_off(other, orders[1], ORDERS),
            await _worked_off(other, orders[1], sizes.waiting),
        ]
        most = memory_mb(other.server, most=True)
        for whole in (one, other):
            await whole.aclose()
    against, of = f"{FEW:,}", f"{sizes.ledger:,} orders in the ledger"
    part.ratio(f"until the first webhook is answered, {of}", many.start_s, few.start_s, against, aim=FLAT)
    part.ratio(f"memory of the idle server, {of}", many.memory_mb, few.memory_mb, against, aim=FLAT)
    part.ratio(f"processor time of an order, {of}", many.cpu_ms, few.cpu_ms, against, aim=FLAT)
    part.add(f"processor time of an order, {of}", many.cpu_ms, "ms")
    part.add("state file of an order", [statistics.median([*few.bytes, *many.bytes]) / 1000], "kB")
    part.ratio(
        f"processor time of an order, {sizes.waiting:,} waiting",
        waiting[1:],
        waiting[:1],
        f"{ORDERS} waiting",
        aim=FLAT,
    )
    part.add(f"most memory of the server, {sizes.waiting:,} waiting", [most], "MB", aim="≤ 130")


async def _filled(whole: Whole, orders: int) -> Orders:
    scenario = whole.folder / "shop.toml"
    text = SHOP.read_text("utf-8")
    scenario.write_text(text.replace("next_order_number = 7000", f"next_order_number = {FIRST_NUMBER}"))
    assert str(FIRST_NUMBER) in scenario.read_text("utf-8")
    await set_up(whole, 1, scenario)
    path = whole.address("webhook").removeprefix(whole.server.url)
    whole.server.stop()
    fill(whole.db, orders, since=time.time() - DAYS * 86_400)
    await begun(whole, path)
    placing = Orders(whole, Webhooks(whole.server.url + path), before=marked_in(whole.db))
    await placing.until_marked(await placing.posted(await placing.placed(ORDERS)))
    return placing


async def _asked(whole: Whole, placing: Orders, grown: Grown) -> None:
    """Begun anew, and some orders worked off."""
    path = whole.address("webhook").removeprefix(whole.server.url)
    whole.server.stop()
    start_s, idle_mb = await begun(whole, path)
    before = _bytes(whole.db)
    grown.start_s.append(start_s)
    grown.memory_mb.append(idle_mb)
    grown.cpu_ms.append(await _worked_off(whole, placing, ORDERS))
    grown.bytes.append((_bytes(whole.db) - before) / ORDERS)


async def _worked_off(whole: Whole, placing: Orders, count: int) -> float:
    """Milliseconds of processor time of each."""
    numbers = await placing.placed(count)
    await quiet(whole.server)
    before = cpu_s(whole.server)
    await placing.until_marked(await placing.posted(numbers))
    return 1000 * (cpu_s(whole.server) - before) / count


def _bytes(db: Path) -> int:
    with looking(db) as connection:
        [[pages]], [[size]] = connection.execute("pragma page_count"), connection.execute("pragma page_size")
        return int(pages * size)
