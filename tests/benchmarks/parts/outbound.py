"""What a call to a vendor costs: our client, and what could carry it, beside bare aiohttp; each in a process of its own."""

import importlib.util
import json
import subprocess
import sys

from benchmarks.calling import OPTIONAL, WAYS
from benchmarks.figures import Part
from benchmarks.sizes import Sizes
from benchmarks.whole import Whole

TASKS = (1, 16)
BARE = "aiohttp"
Costs = dict[str, float]
"""``per_s``, and ``cpu_ms`` of a call."""


async def measure(part: Part, sizes: Sizes) -> None:
    ways = [way for way in WAYS if way not in OPTIONAL or importlib.util.find_spec(OPTIONAL[way])]
    with Whole() as whole:
        url = f"{whole.yardstick().url}/"
        for tasks in TASKS:
            found: dict[str, list[Costs]] = {way: [] for way in ways}
            for _ in range(sizes.rounds):
                for way in ways:
                    found[way].append(_called(way, url, tasks, sizes.seconds / 2))
            at = f"{tasks} at a time"
            for way, rounds in found.items():
                _tell(part, f"{way}, {at}", rounds, found[BARE])


def _tell(part: Part, name: str, rounds: list[Costs], bare: list[Costs]) -> None:
    if rounds is not bare:
        part.ratio(name, [one["per_s"] for one in rounds], [one["per_s"] for one in bare], BARE)
        cpu = f"{name}, processor time of a call"
        part.ratio(cpu, [one["cpu_ms"] for one in rounds], [one["cpu_ms"] for one in bare], BARE)
    part.add(name, [one["per_s"] for one in rounds], "calls/s")
    part.add(f"{name}, processor time of a call", [one["cpu_ms"] for one in rounds], "ms")


def _called(way: str, url: str, tasks: int, seconds: float) -> Costs:
    command = [sys.executable, "-m", "benchmarks.calling", way, url, str(tasks), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
