"""What happens at the edges of a ledger's life, with real files under real processes."""

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from makeready.engine.model import NewWork
from makeready.installation import Installation
from makeready.orders.life import check_in
from makeready.orders.life.witness import SUFFIX
from makeready.orders.model import FETCH_ORDER, SUBMIT
from makeready.orders.submission.others import ALONE
from makeready.subscribers import changes
from makeready.work import engine_for
from makeready_hooks.errors import Refused
from msgspec.structs import replace

from makeready_lab.chaos.processes import Child
from makeready_lab.simulation.database import copy_state

NAME = "chaos"
EDGES = ("restore", "golive", "lost-file", "silent-question", "environment", "copy", "same-number")
BETWEEN = ("restore", "lost-file", "environment", "copy")
"""Those that happen while orders come; the others are there from the start."""
TIMES = 2
"""How often each of them."""
SENT_BEFORE = 0.7
"""By the former bridge, of what was placed before our time."""
NEVER_YET = "2099-01-01T00:00:00Z"
KEY = ".key"
JOURNALS = ("-wal", "-shm")


async def apply(installation: Installation, given: Mapping[str, Any]) -> None:
    await changes.save(installation, [await changes.propose(installation, NAME, given)])


class Edges:
    def __init__(
        self,
        db: Path,
        victims: list[Child],
        given: Mapping[str, Any],
        chosen: random.Random,
        set_up: Callable[[Mapping[str, Any]], Awaitable[None]],
    ) -> None:
        """``given``: the settings of a live subscriber. ``set_up``: into an empty state file."""
        self._db = db
        self._victims = victims
        self._given = given
        self._random = chosen
        self._set_up = set_up
        self.happened: Counter[str] = Counter()

    async def happen(self, edge: str) -> None:
        self.happened[edge] += 1
        match edge:
            case "restore":
                await self._restore()
            case "lost-file":
                await self._lose()
            case "environment":
                await self._change_environment()
            case "copy":
                await self._copy()

    async def _restore(self) -> None:
        """A backup, some orders, and the backup in the place of the file: into it, or instead of it."""
        backup = self._db.with_name("backup.db")
        copy_state(self._db, backup)
        await self._some_time()
        await self._kill()
        if self._random.random() < 0.5:
            copy_state(backup, self._db)
        else:
            self._remove_state()
            backup.rename(self._db)
        await self._start()

    async def _lose(self) -> None:
        """Key and witness stay. The settings of before, with their start, go into a new file; and at its new addresses
        the shop is answered as at the old ones, as if somebody had put them into the shop.
        """
        async with Installation.opened(self._db) as installation:
            now = await installation.subscriber(NAME)
        await self._kill()
        self._remove_state()
        orders = {**self._given["orders"], "starts_at": now.orders.starts_at}
        async with Installation.opened(self._db) as installation:
            await installation.store.subscribers.save([replace(now, title="with its addresses only")])
        await self._set_up({**self._given, "environment": now.environment, "orders": orders})
        await self._start()

    async def _change_environment(self) -> None:
        if await self.change_to("test"):
            await self._some_time()
            while not await self.change_to("live"):  # noqa: ASYNC110 - other processes settle what is open
                await asyncio.sleep(0.5)

    async def change_to(self, environment: str) -> bool:
        """False if it is refused now."""
        async with Installation.opened(self._db) as installation:
            now = await installation.subscriber(NAME)
            orders = {**self._given["orders"], "starts_at": now.orders.starts_at}
            try:
                await apply(installation, {**self._given, "environment": environment, "orders": orders})
            except Refused:
                return False
        return True

    async def _copy(self) -> None:
        """A second server on a copy works beside the first; then it takes over, or is ended."""
        folder = self._db.with_name("copy")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        copy = folder / self._db.name
        copy_state(self._db, copy)
        for beside in (KEY, SUFFIX):
            shutil.copy(f"{self._db}{beside}", folder)
        twin = Child(["--db", str(copy), "serve", "--port", "0"], self._db.with_name("copy.log"))
        await twin.start()
        try:
            await self._some_time()
        finally:
            await twin.kill()
        if self._random.random() < 0.5:
            await self._hand_over(copy)

    async def _hand_over(self, copy: Path) -> None:
        """The copy goes on at the place of the first, which has been ended."""
        await self._kill()
        self._remove_state()
        for part in copy.parent.iterdir():
            part.replace(self._db.with_name(part.name))
        async with Installation.opened(self._db) as installation:
            await check_in.take_over(installation, "somebody")
        self.happened["take-over"] += 1
        await self._start()

    async def _some_time(self) -> None:
        await asyncio.sleep(self._random.uniform(0.5, 3.0))

    async def _kill(self) -> None:
        for victim in self._victims:
            await victim.kill()

    async def _start(self) -> None:
        for victim in self._victims:
            await victim.start()

    def _remove_state(self) -> None:
        for end in ("", *JOURNALS):
            Path(f"{self._db}{end}").unlink(missing_ok=True)


async def send_as_former_bridge(
    folder: Path, db: Path, given: Mapping[str, Any], numbers: list[str], chosen: random.Random
) -> int:
    """Most of these orders go to the MIS under the keys that are ours, and no mark tells of it. Returns how many."""
    former = folder / "former.db"
    shutil.copy(f"{db}{KEY}", f"{former}{KEY}")
    sent = [number for number in numbers if chosen.random() < SENT_BEFORE]
    async with Installation.opened(former) as installation:
        orders = {**given["orders"], "starts_at": "2000-01-01T00:00:00Z"}
        await apply(installation, {**given, "orders": orders})
        now = installation.clock()
        await installation.store.checkpoints.save(NAME, {ALONE: now})  # it does not look for others as we do
        await installation.store.work.add(
            [NewWork(subscriber=NAME, kind=FETCH_ORDER, key=number, due_at=now) for number in sent]
        )
        bridge = engine_for(installation, only=frozenset({FETCH_ORDER, SUBMIT}))
        while await installation.store.work.next_due([FETCH_ORDER, SUBMIT]) is not None:
            if not await bridge.run_due():
                await asyncio.sleep(0.1)
    return len(sent)
