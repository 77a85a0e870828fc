"""A process that has an order changed or cancelled in the MIS, and kills itself at the point that it is told.

Its MIS keeps what it was asked for in a file, so that the next process finds it there.
"""

import asyncio
import logging
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from crash_child import MortalDatabase, Points
from forked import CONTEXT, start_server
from makeready.logs import configure
from makeready.orders.decisions import Decision
from makeready.stores import Store
from makeready_amend.amend import amend, offer_amendment
from makeready_hooks import Capability
from makeready_hooks.errors import Refused
from makeready_hooks.model.submission import AcceptedOrder, PreparedOrder
from pretend import Bench, Clock, Mis, Shop, line, new_bench, order
from steps import ask_to_look, settle, states

DECISION = Decision(subscriber="northfield", key="6994-1", actor="mia")
CHANGES: dict[str, Any] = {"change": {"quantity": 5}, "cancel": {"denied": True}}


class MortalMis(Mis):
    def __init__(self, file: Path, points: Points) -> None:
        super().__init__()
        self.can = frozenset({Capability.CHANGE_ORDER, Capability.CANCEL_ORDER})
        self._file, self._points = file, points
        done = file.read_text().split() if file.exists() else []
        self.amended = [(number, None) for number in done]

    def _amend(self, accepted: AcceptedOrder, prepared: PreparedOrder | None) -> None:
        self._points.reach()
        with self._file.open("a") as file:
            file.write(f"{accepted.number}\n")
        self._points.reach()

    def _is_done(self, accepted: AcceptedOrder, prepared: PreparedOrder | None) -> bool:
        return (accepted.number, None) in self.amended


def _bench(folder: Path, points: Points, offset_s: float) -> Bench:
    clock = Clock()
    clock.now += offset_s
    store = Store(MortalDatabase(folder / "test.db", points))  # type: ignore[arg-type]
    return new_bench(folder, clock, Shop(), MortalMis(folder / "mis.txt", points), store=store)


async def make_template(folder: Path) -> None:
    """The MIS has taken an order."""
    bench = _bench(folder, Points(0), 0)
    await bench.installation.store.subscribers.save([bench.subscriber])
    bench.shop.orders["6994"] = order("6994")
    await ask_to_look(bench, "6994")
    await settle(bench)
    assert await states(bench) == ["accepted"]
    await bench.installation.aclose()


async def carry(folder: Path, change: str, offset_s: float, crash_at: int) -> int:
    """A person presses unless that is known to have been done; then all is done that is due."""
    points = Points(crash_at)
    bench = _bench(folder, points, offset_s)
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-1", **CHANGES[change]))
    history = await bench.installation.store.ledger.history("northfield", "6994")
    if not any(one.actor == "mia" for one in history):
        offer = await offer_amendment(bench.installation, DECISION)
        await amend(bench.installation, DECISION, offer.seen)
    await settle(bench)
    await bench.installation.aclose()
    return points.passed


async def how_it_ended(folder: Path) -> tuple[int, str, bool]:
    """How often the MIS did it; the line's state; whether the shop still shows something else than was sent."""
    bench = _bench(folder, Points(0), 0)
    bench.shop.orders["6994"] = order("6994", line(mis_number="SO-1", **CHANGES["change"]))
    [state] = await states(bench)
    differs = False
    with suppress(Refused):
        differs = bool(await offer_amendment(bench.installation, DECISION))
    await bench.installation.aclose()
    return len(bench.mis.amended), state, differs


def _main(folder: Path, change: str, offset_s: float, crash_at: int, passed: Any) -> None:
    configure(level=logging.CRITICAL)
    passed.value = asyncio.run(carry(folder, change, offset_s, crash_at))


def run_child(folder: Path, change: str, offset_s: float = 0, crash_at: int = 0) -> tuple[int | None, int]:
    """Exit code, and how many points were passed. ``crash_at`` 0 never dies."""
    start_server()
    passed = CONTEXT.Value("i", 0)
    child = CONTEXT.Process(target=_main, args=(folder, change, offset_s, crash_at, passed))
    child.start()
    child.join(60)
    code = child.exitcode
    child.close()
    return code, passed.value


def copy(template: Path, folder: Path) -> Path:
    shutil.copytree(template, folder)
    return folder
