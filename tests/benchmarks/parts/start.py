"""How quick are commands and a server's start, and what does it hold: beside an interpreter, and a bare server."""

import asyncio
import subprocess
import sys
import time

from benchmarks.figures import Part
from benchmarks.load import Made, at_pace, same
from benchmarks.sizes import Sizes
from benchmarks.webhooks import Webhooks
from benchmarks.whole import Whole, memory_mb
from processes import MAKEREADY

TURNS = 3
"""In each round."""
INTERPRETER = "an interpreter that does nothing"
BARE = "bare Starlette"
IDLE_S = 2.0


async def measure(part: Part, sizes: Sizes) -> None:
    with Whole() as whole:
        whole.apply(own_key=True)
        _commands(part, sizes, whole)
    await _servers(part, sizes)


def _commands(part: Part, sizes: Sizes, whole: Whole) -> None:
    asked = {
        "makeready --help": [*MAKEREADY, "--help"],
        "makeready orders list": [*MAKEREADY, "--db", str(whole.db), "orders", "list", "northfield"],
    }
    commands = {"": [sys.executable, "-c", ""], **asked}
    took: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(sizes.rounds * TURNS):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
            took[name].append(time.perf_counter() - started)
    alone = took.pop("")
    for name, found in took.items():
        part.ratio(name, found, alone, INTERPRETER)
        part.add(name, found, "s", aim="≤ 0.1" if name.endswith("--help") else "")


async def _servers(part: Part, sizes: Sizes) -> None:
    """Each begins anew, on a state file that is there already."""
    ours_s, bare_s, ours_mb, bare_mb = [], [], [], []
    for _ in range(sizes.rounds):
        with Whole() as whole:
            whole.apply(own_key=True)
            whole.serve()
            path = whole.address("webhook").removeprefix(whole.server.url)
            whole.server.stop()
            took, memory = await begun(whole, path)
            ours_s.append(took)
            ours_mb.append(memory)
            started = time.perf_counter()
            bare = whole.yardstick()
            await _answered(f"{bare.url}/", same(f"{bare.url}/", b"{}"))
            bare_s.append(time.perf_counter() - started)
            bare_mb.append(memory_mb(bare))
    part.ratio("until the first webhook is answered", ours_s, bare_s, BARE)
    part.add("until the first webhook is answered", ours_s, "s", aim="≤ 1.0")
    part.ratio("memory of the idle server", ours_mb, bare_mb, BARE)
    part.add("memory of the idle server", ours_mb, "MB", aim="≤ 80")
    part.add("memory of bare Starlette", bare_mb, "MB")


async def begun(whole: Whole, path: str) -> tuple[float, float]:
    """Seconds from the command to the first answer, and the memory a while later."""
    started = time.perf_counter()
    whole.serve()
    await _answered(whole.server.url, Webhooks(whole.server.url + path).next)
    took = time.perf_counter() - started
    await asyncio.sleep(IDLE_S)
    return took, memory_mb(whole.server)


async def _answered(url: str, made: Made) -> None:
    load = await at_pace(url, made, per_s=1, count=1)
    assert load.statuses == (200,), load.statuses
