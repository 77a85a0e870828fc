"""The embedded engine: rows that are due, claimed with a lease, in this process.

Work whose process dies is taken up by any other when the lease ends. Handlers therefore run at
least once and must be idempotent; what may happen only once is guarded by the ledger.
"""

import asyncio
import contextlib
import os
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import structlog
from makeready_hooks.errors import MakereadyError

from makeready.engine.lease import Keeping, LeaseLost
from makeready.engine.model import Ended, Work, WorkType
from makeready.engine.outages import Outages
from makeready.engine.places import Places
from makeready.engine.priority import current
from makeready.engine.retry import DEFECT, Retry, backoff_s, retry_for
from makeready.engine.store import WorkQueue
from makeready.engine.trouble import Trouble, insist, pause_s
from makeready.storage.errors import StateFileError

LEASE_S = 10.0
POLL_S = 0.5  # work becomes due
LOOK_S = 0.02  # another process may have asked for work
GRACE_S = 10.0
SETTLE_TRIES = 30
"""For about five minutes. What was done and could not be noted is done again when its lease ends."""

log = structlog.get_logger("makeready.engine")


class _Settling(NamedTuple):
    """What a task has done, to be noted with what is claimed next: one change instead of two."""

    task: "asyncio.Task[None] | None"
    ended: Sequence[Ended]
    noted: "asyncio.Future[None]"


class Engine:
    def __init__(
        self,
        queue: WorkQueue,
        types: Sequence[WorkType],
        installation: Any,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``installation``: what the types' functions are given first."""
        self._queue = queue
        self._types = {one.kind: one for one in types}
        self._installation = installation
        self._clock = clock
        self._owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._wake = asyncio.Event()
        self._running: dict[asyncio.Task[None], tuple[str, str]] = {}
        self._claimed: dict[int, asyncio.Task[None]] = {}
        self._settling: list[_Settling] = []
        self._settled: set[asyncio.Task[None] | None] = set()
        """They are about to end; their places are free."""
        self._store = Trouble()
        self._outages = Outages()
        self._works = False

    @property
    def trouble(self) -> str:
        """Why due work is not done just now; empty if it is."""
        return self._store.text if self._works else "the engine does not run"

    def wake(self) -> None:
        """Something was added in this process: look now."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set, then let what is under way finish for a while.

        A store that fails is tried again, with growing pauses.
        """
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self._wake.set())
        self._works, failed = True, 0
        try:
            while not stop.is_set():
                try:
                    seen = self._queue.version()
                    await self._round()
                except Exception as exc:  # noqa: BLE001 - told by the trouble
                    self._store.failed(exc)
                    failed += 1
                    await asyncio.wait({stopping}, timeout=pause_s(failed))
                    continue
                failed = 0
                await self._rest(seen)
        finally:
            self._works = False
            stopping.cancel()
            await self._wind_down()

    async def run_due(self) -> bool:
        """Do what is due now, and nothing that becomes due meanwhile. False if there was nothing."""
        started = await self._start_due()
        await asyncio.gather(*self._running)
        return started

    def abandon(self) -> None:
        """Drop what is under way, as a process that dies does. Leases stay until they end."""
        for task in self._running:
            task.cancel()

    async def _round(self) -> None:
        """Start what is due. After trouble, see first whether the store takes changes again."""
        if self._store.text:
            await self._queue.probe()
        await self._start_due()
        self._store.over()

    async def _start_due(self) -> bool:
        """Claim and start what is due; False if there is nothing to start."""
        self._wake.clear()
        settling, self._settling = self._settling, []
        self._settled |= {one.task for one in settling if one.task in self._running}
        free = self._settled
        now, places = self._clock(), Places(one for task, one in self._running.items() if task not in free)
        types = list(self._types.values())
        if not settling:
            due = await self._queue.due_kinds(now)
            types = [one for one in types if one.kind in due and places.has_room(one.kind)]
        if not (types or settling):
            return False
        return self._begin(await self._claim(types, places, settling, now))

    async def _claim(
        self, types: Sequence[WorkType], places: Places, settling: Sequence[_Settling], now: float
    ) -> list[list[Work]]:
        ended = [ended for one in settling for ended in one.ended]
        claim = partial(self._queue.claim, types, places, ended=ended)
        try:
            batches = await claim(now=now, owner=self._owner, lease_s=LEASE_S)
        except BaseException as exc:
            self._settled -= {one.task for one in settling}
            _tell(settling, exc)
            raise
        for one in ended:  # it can be claimed again
            self._claimed.pop(one.work.id, None)
        _tell(settling)
        return batches

    def _begin(self, batches: Sequence[list[Work]]) -> bool:
        started = False
        for works in batches:
            # What is still being done here, and whose lease had run out, is ours again by this claim.
            if fresh := [work for work in works if work.id not in self._claimed]:
                started = True
                self._start(self._types[fresh[0].kind], fresh)
        return started

    def _start(self, work_type: WorkType, works: list[Work]) -> None:
        ids = {work.id for work in works}
        task = asyncio.create_task(self._do(work_type, works))
        self._claimed |= dict.fromkeys(ids, task)
        self._running[task] = (work_type.kind, works[0].subscriber)
        task.add_done_callback(partial(self._ended, ids))

    def _ended(self, ids: set[int], task: asyncio.Task[None]) -> None:
        del self._running[task]
        if task not in self._settled:
            self._wake.set()
        self._settled.discard(task)
        for one in ids:
            if self._claimed.get(one) is task:
                del self._claimed[one]
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            log.critical("work ended by a defect of the engine", exc_info=error)

    async def _rest(self, seen: int) -> None:
        """``seen``: the file's version before what is due was looked for, so that nothing comes in between."""
        polling = asyncio.get_running_loop().call_later(POLL_S, self._wake.set)
        self._look_later(seen)
        try:
            await self._wake.wait()
        finally:
            self._looking.cancel()
            polling.cancel()

    def _look_later(self, version: int) -> None:
        self._looking = asyncio.get_running_loop().call_later(LOOK_S, self._look, version)

    def _look(self, version: int) -> None:
        """Has anybody changed the file?"""
        if self._queue.version() != version:
            self._wake.set()
        else:
            self._look_later(version)

    async def _wind_down(self) -> None:
        if self._settling:  # no round comes any more that would note it
            settling, self._settling = self._settling, []
            with contextlib.suppress(Exception):  # told to those who wait
                await self._claim((), Places(()), settling, self._clock())
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=GRACE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _do(self, work_type: WorkType, works: list[Work]) -> None:
        current.set(work_type.urgency)
        try:
            async with Keeping(partial(self._renew, works), self._store, every_s=LEASE_S / 3):
                again = await self._answers(work_type, works)
                settle = partial(self._settle, work_type, works, again)
                await insist(settle, self._store, tries=SETTLE_TRIES)
        except LeaseLost:
            log.warning(
                "another process does this work now", kind=work_type.kind, subscriber=works[0].subscriber
            )

    async def _answers(self, work_type: WorkType, works: list[Work]) -> Mapping[int, Retry]:
        try:
            return await work_type.run(self._installation, works[0].subscriber, works)
        except MakereadyError as exc:
            return dict.fromkeys([work.id for work in works], retry_for(exc))
        except Exception:  # the one outer loop: a defect in a handler must not stop the others
            log.exception("work failed", kind=work_type.kind, subscriber=works[0].subscriber)
            return dict.fromkeys([work.id for work in works], DEFECT)

    async def _heed_outage(
        self, work_type: WorkType, subscriber: str, again: Retry | None, now: float
    ) -> None:
        """One success with a side that was away makes due what waits for it."""
        side = work_type.side
        if side is None or (again is not None and again.needs_person):
            return
        if again is not None and again.error:
            self._outages.failed(subscriber, side)
        elif self._outages.ends(subscriber, side):
            kinds = [one.kind for one in self._types.values() if one.side is side]
            await self._queue.hasten(subscriber, kinds, now=now)

    async def _renew(self, works: list[Work]) -> bool:
        return await self._queue.renew(works, owner=self._owner, until=self._clock() + LEASE_S)

    async def _settle(self, work_type: WorkType, works: Sequence[Work], again: Mapping[int, Retry]) -> None:
        now = self._clock()
        for work in works:
            await self._heed_outage(work_type, work.subscriber, again.get(work.id), now)
        ended = [_ended(work, again.get(work.id), now) for work in works]
        if not self._works:
            await self._queue.settle(ended, owner=self._owner, now=now)
            return
        noted = asyncio.get_running_loop().create_future()
        self._settling.append(_Settling(asyncio.current_task(), ended, noted))
        self._wake.set()
        await noted


def _tell(settling: Sequence[_Settling], error: BaseException | None = None) -> None:
    """Those who wait until it is noted; whoever has lost its lease does not any more."""
    for one in settling:
        if one.noted.done():
            continue
        if error is None:
            one.noted.set_result(None)
        else:
            one.noted.set_exception(error if isinstance(error, Exception) else StateFileError("interrupted"))


def _ended(work: Work, again: Retry | None, now: float) -> Ended:
    if again is None:
        return Ended(work=work)
    pause = again.after_s if again.after_s is not None else max(again.least_s, backoff_s(work.attempts))
    if again.error:
        log.warning(
            "will try again",
            kind=work.kind,
            subscriber=work.subscriber,
            key=work.key,
            in_s=pause,
            error=again.error,
        )
    return Ended(work=work, again_at=now + pause, error=again.error, needs_person=again.needs_person)


async def keep_running(engine: Engine, stop: asyncio.Event) -> None:
    """Run it until ``stop`` is set, again whenever it ends by an error that nobody foresaw: a server does not go on
    without it.
    """
    ended = 0
    while not stop.is_set():
        try:
            await engine.run(stop)
        except Exception as exc:
            ended += 1
            log.critical("the engine ended by a defect; it is started again", exc_info=exc)
            await asyncio.wait({stopping := asyncio.create_task(stop.wait())}, timeout=pause_s(ended))
            stopping.cancel()
