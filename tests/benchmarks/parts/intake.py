"""How many webhooks does the server keep and acknowledge in a second, beside an endpoint that keeps nothing?"""

import os
import statistics
import time
from pathlib import Path

from benchmarks.figures import Part
from benchmarks.load import press
from benchmarks.sizes import Sizes
from benchmarks.webhooks import Webhooks, elsewhere
from benchmarks.whole import Whole, cpu_s, memory_mb

CONNECTIONS = (16, 64)
BARE = "bare Starlette's POSTs of 3 kB"
KINDS = ("bare", "ours")


async def measure(part: Part, sizes: Sizes) -> None:
    with Whole() as whole:
        whole.apply(own_key=True)
        whole.serve("--no-work")
        bare, ours = whole.yardstick(), Webhooks(whole.address("webhook"))
        targets = {
            "bare": (f"{bare.url}/", elsewhere(f"{bare.url}/", ours.next), bare),
            "ours": (whole.server.url, ours.next, whole.server),
        }
        for url, made, _ in targets.values():
            await press(url, made, connections=max(CONNECTIONS), seconds=1.0)
        for connections in CONNECTIONS:
            loads, cpu_ms = {name: [] for name in KINDS}, {name: [] for name in KINDS}
            for _ in range(sizes.rounds):
                for name, (url, made, process) in targets.items():
                    before = cpu_s(process)
                    load = await press(url, made, connections=connections, seconds=sizes.seconds)
                    assert load.statuses == (200,), load.statuses
                    loads[name].append(load)
                    cpu_ms[name].append(1000 * (cpu_s(process) - before) / load.count)
            _tell(part, connections, loads["bare"], loads["ours"], cpu_ms)
        part.add("most memory of the server", [memory_mb(whole.server, most=True)], "MB", aim="≤ 130")
        part.add("one write that the disk confirms", confirmed_ms(whole.folder), "ms")


def _tell(part: Part, connections: int, bare: list, ours: list, cpu_ms: dict[str, list[float]]) -> None:
    at = f"{connections} connections"
    part.ratio(
        f"acknowledged, {at}", [one.per_s for one in ours], [one.per_s for one in bare], BARE, aim="≥ 0.5"
    )
    part.add(f"acknowledged, {at}", [one.per_s for one in ours], "/s")
    part.add(f"bare, {at}", [one.per_s for one in bare], "/s")
    part.add(f"until acknowledged, p50, {at}", [one.p50_ms for one in ours], "ms")
    part.add(f"until acknowledged, p99, {at}", [one.p99_ms for one in ours], "ms", aim="≤ 25")
    part.ratio(f"processor time of one, {at}", cpu_ms["ours"], cpu_ms["bare"], "a bare one")
    part.add(f"processor time of one, {at}", cpu_ms["ours"], "ms")


def confirmed_ms(folder: Path, *, rounds: int = 5, writes: int = 40) -> list[float]:
    """What the disk takes to keep 16 kB, the bound of whoever acknowledges one at a time."""
    found = []
    with (folder / "confirmed").open("wb", buffering=0) as file:
        for _ in range(rounds):
            took = []
            for _ in range(writes):
                file.write(bytes(16_384))
                started = time.perf_counter()
                os.fdatasync(file)
                took.append((time.perf_counter() - started) * 1000)
            found.append(statistics.median(took))
    return found
