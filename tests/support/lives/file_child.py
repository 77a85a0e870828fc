"""A process that gives the MIS a file after its order, or an order whose files follow, and kills itself at the point that
it is told.

Its MIS keeps what it was given in a file, so that the next process finds it there.
"""

import asyncio
import logging
from pathlib import Path
from typing import Any

import msgspec
from crash_child import MortalDatabase, Points
from forked import CONTEXT, start_server
from makeready.engine.model import NewWork
from makeready.logs import configure
from makeready.orders.artwork.model import LATE_FILES
from makeready.stores import Store
from makeready_hooks import Capability, hookimpl
from makeready_hooks.model.order import Artwork
from makeready_hooks.model.submission import (
    AcceptedLine,
    AcceptedOrder,
    FindResult,
    FoundChange,
    MisOrder,
    PreparedOrder,
)
from pretend import Bench, Clock, Mis, Shop, line, new_bench, order
from steps import ask_to_look, settle, states

VERSIONS = {"replace": ("card.pdf?v=2",), "attach": ("card.pdf?v=1", "late.pdf"), "follow": ("late.pdf",)}
"""What the shop shows after the order was sent: another file, or one more; or of an order whose files follow it."""
NEW = "7001"
"""That order."""


class MortalMis(Mis):
    def __init__(self, file: Path, points: Points) -> None:
        super().__init__()
        self.can = frozenset({Capability.REPLACE_FILE})
        self._file, self._points = file, points
        self._orders = file.with_name("orders.txt")
        self.find = self._known

    @hookimpl
    async def submit_order(self, prepared: PreparedOrder) -> AcceptedOrder:
        self._points.reach()
        with self._orders.open("a") as file:
            file.write(f"{prepared.key}\n")
        self._points.reach()
        return AcceptedOrder(id=prepared.key, number="SO-1", lines=self.lines)

    def _known(self, key: str) -> FindResult:
        known = self._orders.exists() and key in self._orders.read_text().splitlines()
        return FindResult(order=MisOrder(id=key, number="SO-1") if known else None)

    @property
    def given(self) -> list[str]:
        return self._file.read_text().splitlines() if self._file.exists() else []

    def _take(self, text: str) -> None:
        self._points.reach()
        with self._file.open("a") as file:
            file.write(f"{text}\n")
        self._points.reach()

    def put_in_place(self, line: int, old: Artwork, new: Artwork) -> None:
        self._take(f"{line} {new.sha256}")

    def add(self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes) -> None:
        self._take(f"{line.number} {artwork.sha256}")

    def has_in_place(self, line: int, new: Artwork) -> FoundChange:
        return FoundChange(done=f"{line} {new.sha256}" in self.given)


async def _bench(folder: Path, points: Points, offset_s: float, *urls: str) -> Bench:
    """With what the shop shows now."""
    clock = Clock()
    clock.now += offset_s
    store = Store(MortalDatabase(folder / "test.db", points))  # type: ignore[arg-type]
    bench = new_bench(folder, clock, Shop(), MortalMis(folder / "mis.txt", points), store=store)
    files = tuple(Artwork(file_name=url.rpartition("/")[2].partition("?")[0], url=url) for url in urls)
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-1" if offset_s else "", files=files))
    bench.shop.orders[NEW] = order(NEW, line(files=files))
    bench.shop.leaves_files = True
    return bench


async def make_template(folder: Path, server: str) -> None:
    """The MIS has taken an order with a file."""
    bench = await _bench(folder, Points(0), 0, f"{server}/card.pdf?v=1")
    rules = msgspec.structs.replace(bench.subscriber.orders, private_files=True)
    await bench.installation.store.subscribers.save([msgspec.structs.replace(bench.subscriber, orders=rules)])
    bench.shop.leaves_files = False
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    await bench.installation.aclose()


async def carry(folder: Path, errand: str, server: str, offset_s: float, crash_at: int) -> int:
    points = Points(crash_at)
    bench = await _bench(folder, points, offset_s, *(f"{server}/{one}" for one in VERSIONS[errand]))
    if errand == "follow":
        await ask_to_look(bench, NEW)
    else:
        work = NewWork(subscriber="northfield", kind=LATE_FILES, key="6994", due_at=bench.clock())
        await bench.installation.store.work.add([work])
    await settle(bench)
    await bench.installation.aclose()
    return points.passed


async def how_it_ended(folder: Path, order_number: str = "6994") -> tuple[int, list[str]]:
    """How often the MIS was given something; the states of the files, or of an order without any."""
    bench = await _bench(folder, Points(0), 1)
    rows = await bench.installation.store.files.of("northfield", f"{order_number}-1")
    ended = [row.state.value for row in rows] or await states(bench, order_number)
    await bench.installation.aclose()
    return len(bench.mis.given), ended


def _main(folder: Path, errand: str, server: str, offset_s: float, crash_at: int, passed: Any) -> None:
    configure(level=logging.CRITICAL)
    passed.value = asyncio.run(carry(folder, errand, server, offset_s, crash_at))


def run_child(
    folder: Path, errand: str, server: str, offset_s: float, crash_at: int = 0
) -> tuple[int | None, int]:
    """Exit code, and how many points were passed. ``crash_at`` 0 never dies."""
    start_server()
    passed = CONTEXT.Value("i", 0)
    child = CONTEXT.Process(target=_main, args=(folder, errand, server, offset_s, crash_at, passed))
    child.start()
    child.join(60)
    code = child.exitcode
    child.close()
    return code, passed.value
