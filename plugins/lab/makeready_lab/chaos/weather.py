"""What happens to a machine that stands in a corner for years, with real files under real processes. It ends by itself."""

import asyncio
import random
import resource
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from makeready.storage.database import BUSY_MS
from makeready_hooks.testing.emulation import MisDriver, ShopDriver

from makeready_lab.chaos.processes import Child
from makeready_lab.simulation.database import write_lock

WEATHER = ("clock", "disk-full", "locked", "file-replaced", "outage", "unknown-orders")
FARTHEST_STEP = 8.0
"""Power of ten: three years. The nearest is a second."""
FIRST_UNKNOWN, FLOOD = 900_000, 500
LASTS_S = (3.0, 12.0)
LOCKED_S = BUSY_MS / 1000 + 2
AWAY = {"error-before": "1", "error-status": "503"}
BACK = {"error-before": "0", "error-status": "500"}
CLOCK = """
import pathlib, os, time

real, hand = time.time, pathlib.Path(os.environ["HAND_OF_THE_CLOCK"])
time.time = lambda: real() + float(hand.read_text() or 0)
"""
"""Python runs it when a process begins."""


class Hand:
    """Sets the clock that the children's processes see. This process has the real one, and must leave the state alone
    meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "hand"
        (folder / "clock").mkdir(exist_ok=True)
        (folder / "clock" / "sitecustomize.py").write_text(CLOCK)
        self.env = {"PYTHONPATH": str(folder / "clock"), "HAND_OF_THE_CLOCK": str(self._file)}
        self.set(0.0)

    def set(self, ahead_s: float) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(str(ahead_s))
        new.replace(self._file)


class Weather:
    def __init__(
        self,
        db: Path,
        victims: list[Child],
        hand: Hand | None,
        shop: ShopDriver,
        mis: MisDriver,
        switches: Mapping[str, Mapping[str, str]],
        chosen: random.Random,
    ) -> None:
        """``switches``: those that are to hold again after an outage, of the ``shop`` and of the ``mis``."""
        self._db = db
        self._victims = victims
        self._hand = hand
        self._sides = ((shop, switches["shop"]), (mis, switches["mis"]))
        self._shop = shop
        self._random = chosen
        self._unknown = FIRST_UNKNOWN
        self.over_at = 0.0
        """When the last was over, by the clock that nobody can set."""

    async def happen(self, kind: str) -> None:
        async with AsyncExitStack() as stack:
            match kind:
                case "clock":
                    stack.enter_context(self._set_clock())
                case "disk-full":
                    stack.enter_context(self._full_disk())
                case "locked":
                    stack.enter_context(write_lock(self._db))
                    await asyncio.sleep(LOCKED_S)
                case "file-replaced":
                    stack.enter_context(self._replaced())
                case "outage":
                    await stack.enter_async_context(self._outage())
                case "unknown-orders":
                    await self._shop.announce(range(self._unknown, self._unknown + FLOOD))
                    self._unknown += FLOOD
            await asyncio.sleep(self._random.uniform(*LASTS_S))
        self.over_at = time.monotonic()

    @contextmanager
    def _set_clock(self) -> Iterator[None]:
        assert self._hand is not None  # noqa: S101 - for the type checker
        self._hand.set(self._random.choice((-1, 1)) * 10 ** self._random.uniform(0, FARTHEST_STEP))
        yield
        self._hand.set(0.0)

    @contextmanager
    def _full_disk(self) -> Iterator[None]:
        """No file takes a byte more from these processes."""
        before = {one.pid: resource.prlimit(one.pid, resource.RLIMIT_FSIZE) for one in self._victims}
        for pid, (_, hard) in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
        yield
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)

    @contextmanager
    def _replaced(self) -> Iterator[None]:
        """It is deleted, or another one stands in its place; and it is put back."""
        aside = self._db.with_name("aside.db")
        self._db.rename(aside)
        if self._random.random() < 0.5:
            self._db.write_bytes(aside.read_bytes())
        yield
        aside.replace(self._db)

    @asynccontextmanager
    async def _outage(self) -> AsyncIterator[None]:
        """One side, or both."""
        away = self._random.choice((self._sides, self._sides[:1], self._sides[1:]))
        for driver, _ in away:
            await driver.set_switches(AWAY)
        yield
        for driver, given in away:
            await driver.set_switches({**BACK, **{name: given[name] for name in BACK if name in given}})
