"""How long the server takes for each page, with many orders and calls in the store, with the newest of them alone, and how
large pages are.

Asked in one process, without a network. What grows with the ledger shows in the ratio.
"""

import statistics
import tempfile
import time
from pathlib import Path

import httpx
import msgspec
from benchmarks.figures import Part
from benchmarks.ledger import DAYS, fill, fill_measures
from benchmarks.sizes import Sizes
from browser import Browser, users
from makeready.web.app import create_app
from pretend import Bench, Clock, new_bench

ASKED = 5
"""Each page, in each round."""
FEW = 1000
COMPANIES = 20
AT = "/admin/subscribers/northfield"
PATHS = (  # {newest}: the number of the newest order
    "/admin",
    AT,
    f"{AT}/inbox",
    f"{AT}/orders",
    f"{AT}/orders?state=accepted",
    f"{AT}/orders?state=refused",
    f"{AT}/orders?from=1970-12-31&to=1971-01-01",
    f"{AT}/orders?q={{newest}}",
    f"{AT}/orders?customer=aaron+zweig",
    f"{AT}/orders?customer=aaron",
    f"{AT}/orders?customer=a",
    f"{AT}/orders?product=cards",
    f"{AT}/orders?product=nothing+like+this",
    f"{AT}/orders?customer=aaron&product=cards&state=refused",
    f"{AT}/orders?product=cards&state=refused",
    f"{AT}/orders?customer=lodge&from=1970-12-31&to=1971-01-01",
    f"{AT}/orders?customer=lodge&product=foreign&state=accepted",
    f"{AT}/orders?product=foreign&state=accepted",
    f"{AT}/orders?product=foreign&state=accepted&customer=lodge+aaron",
    f"{AT}/orders?product=cards&state=ignored",
    f"{AT}/orders?product=foreign+cards",
    f"{AT}/orders/{{newest}}",
    f"{AT}/replay?state=refused",
    f"{AT}/activity",
    f"{AT}/activity/calls",
    f"{AT}/activity/calls?failed=1",
    f"{AT}/activity/calls?connector=mis&slower=30",
    f"{AT}/activity/calls?from=1970-06-01&to=1970-06-02",
    f"{AT}/charts/orders.svg",
    f"{AT}/charts/prices.svg",
    f"{AT}/charts/calls.svg",
    f"{AT}/settings",
    "/admin/audit",
)


async def measure(part: Part, sizes: Sizes) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        few = await _filled(Path(one), sizes.ledger, last=FEW)
        many = await _filled(Path(other), sizes.ledger)
        times: dict[str, list[tuple[float, float]]] = {path: [] for path in PATHS}
        largest = 0
        for _ in range(sizes.rounds):
            small, _ = await _asked(few, sizes.ledger)
            large, size = await _asked(many, sizes.ledger)
            largest = max(largest, size)
            for path, found in times.items():
                found.append((small[path], large[path]))
        for bench in (few, many):
            await bench.installation.aclose()
    _tell(part, sizes.ledger, times, largest)


def _tell(part: Part, orders: int, times: dict[str, list[tuple[float, float]]], largest: int) -> None:
    of = f"{orders:,} orders"
    medians = {path: statistics.median(large for _, large in found) for path, found in times.items()}
    grown = {
        path: statistics.median(large / small for small, large in found) for path, found in times.items()
    }
    slowest, most = max(medians, key=medians.__getitem__), max(grown, key=grown.__getitem__)
    part.add(f"a page, the median of {len(times)}, {of}", [statistics.median(medians.values())], "ms")
    part.add(f"the slowest page, {slowest}, {of}", [large for _, large in times[slowest]], "ms", aim="≤ 50")
    against = f"the newest {FEW:,} of them alone"
    part.add(
        f"a page, the median of {len(times)}, {of}",
        [statistics.median(grown.values())],
        "times",
        against=against,
        aim="≤ 1.2",
    )
    part.ratio(
        f"the page that grew most, {most}, {of}",
        [large for _, large in times[most]],
        [small for small, _ in times[most]],
        against,
    )
    part.add("the largest page", [largest / 1000], "kB")


async def _filled(folder: Path, orders: int, *, last: int | None = None) -> Bench:
    clock = Clock()
    clock.now = DAYS * 86_400.0
    bench = new_bench(folder, clock)
    await bench.installation.store.subscribers.save([bench.subscriber, *_others(bench)])
    fill(folder / "test.db", orders, last=last)
    fill_measures(folder / "test.db", last or orders, clock.now)
    await users(bench)
    return bench


def _others(bench: Bench) -> list[object]:
    return [
        msgspec.structs.replace(
            bench.subscriber, name=f"other-{number}", external_user_id=200 + number, url_token=f"p{number}"
        )
        for number in range(1, COMPANIES)
    ]


async def _asked(bench: Bench, newest: int) -> tuple[dict[str, float], int]:
    """Milliseconds of each page, the median of some; and bytes of the largest. ``newest``: an order's number."""
    transport, times, largest = httpx.ASGITransport(create_app(bench.installation, work=False)), {}, 0
    async with httpx.AsyncClient(transport=transport, base_url="http://pages.example") as client:
        await Browser(client).sign_in("olga")
        for path in PATHS:
            took = []
            for _ in range(ASKED):
                started = time.perf_counter()
                answer = await client.get(path.format(newest=newest))
                took.append(1000 * (time.perf_counter() - started))
                assert answer.status_code == 200, answer.text
            times[path], largest = statistics.median(took), max(largest, len(answer.content))
    return times, largest
