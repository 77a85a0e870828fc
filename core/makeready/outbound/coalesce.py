"""The one way to ask what takes time: each question once at a time, its answer for all, kept for a while.

Who asks what is being asked already waits for that answer. Every asker has a deadline of its own, and may be
cancelled; the question goes on, so that its answer serves whoever asks next. Only a question that nobody waits
for any more, and that has not left yet, is dropped. Errors reach all who wait, and are never kept.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

import structlog
from cachetools import LRUCache
from makeready_hooks.errors import RetryLater
from msgspec import Struct

T = TypeVar("T")

MOST_OPEN = 1000
"""Questions at once; more are turned away, so that memory stays bounded."""

log = structlog.get_logger("makeready.outbound")


class NotYet(TimeoutError):
    """The answer did not come within the asker's time."""


class _Answer(Struct):
    value: Any
    asked_at: float
    """Ages are counted from here: the world may have changed while the answer was on its way."""
    came_at: float
    was_fetched: bool


class _Request:
    """One question under way, and how many wait for its answer."""

    task: "asyncio.Task[Any]"

    def __init__(self) -> None:
        self.waiting = 0
        self.has_left = False
        self.is_kept = False


class Coalescer:
    """Questions by key. `aclose` it at the end."""

    def __init__(
        self,
        *,
        most_kept: int,
        max_calls: int = 0,
        most_open: int = MOST_OPEN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``max_calls``: so many questions leave at once, the others wait; 0 for no limit. ``clock``: a steady one."""
        self._clock = clock
        self._most_open = most_open
        self._slots = asyncio.Semaphore(max_calls or most_open)
        self._open: dict[Hashable, _Request] = {}
        self._outdated: dict[Hashable, set[asyncio.Task[Any]]] = {}
        """Still under way, and no answer for who asks from now on."""
        self._kept: LRUCache[Hashable, _Answer] = LRUCache(most_kept)
        self._is_closed = False

    def asks(self, key: Hashable) -> bool:
        """Whether this is being asked just now."""
        return key in self._open

    def kept(self, key: Hashable, max_age_s: float = float("inf")) -> Any | None:
        """An answer that is kept and younger than this."""
        found = self._kept.get(key)
        return found.value if found is not None and self._clock() - found.asked_at < max_age_s else None

    async def ask(
        self,
        key: Hashable,
        question: Callable[[], Awaitable[T]],
        *,
        within_s: float | None = None,
        max_age_s: float = 0.0,
        stale_s: float = 0.0,
        late_s: float = 0.0,
    ) -> T:
        """The answer, or what the question raised.

        ``max_age_s``: a kept answer will do if it is younger. ``stale_s``: one that is younger than this is given
        while a new one is asked for behind. ``late_s``: one that came after its askers had gone, if that is not
        longer ago. Raises NotYet if there is none ``within_s``, RetryLater if too much is asked already.
        """
        found = self._kept.get(key)
        answer: T
        if found is not None and self._will_do(found, max_age_s, late_s):
            found.was_fetched = True
            answer = found.value
            return answer
        request = self._open.get(key) or self._begin(key, question)
        request.is_kept = request.is_kept or max_age_s > 0 or stale_s > 0 or late_s > 0
        if found is not None and self._clock() - found.asked_at < stale_s:
            answer = found.value
        else:
            answer = await self._wait(key, request, within_s)
        return answer

    def start(self, key: Hashable, question: Callable[[], Awaitable[object]]) -> None:
        """Ask again, for somebody who comes for the answer in a moment."""
        self.expire(key)
        self._begin(key, question).is_kept = True

    def expire(self, key: Hashable) -> None:
        """It is known to have changed: no answer to what was asked before now serves who asks from now on."""
        self._kept.pop(key, None)
        request = self._open.pop(key, None)
        if request is None:
            return
        self._outdated.setdefault(key, set()).add(request.task)
        if not request.waiting:
            request.task.cancel()

    async def aclose(self) -> None:
        """Give up what is under way; from now on nothing is asked."""
        self._is_closed = True
        tasks = {request.task for request in self._open.values()}.union(*self._outdated.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _will_do(self, found: _Answer, max_age_s: float, late_s: float) -> bool:
        now = self._clock()
        return now - found.asked_at < max_age_s or (not found.was_fetched and now - found.came_at < late_s)

    def _begin(self, key: Hashable, question: Callable[[], Awaitable[Any]]) -> _Request:
        if self._is_closed:
            raise RetryLater("The server is ending.")
        if len(self._open) >= self._most_open:
            raise RetryLater("Too many questions wait for an answer.")
        request = self._open[key] = _Request()
        earlier = frozenset(self._outdated.get(key, ()))
        request.task = asyncio.create_task(self._put(key, request, question, earlier))
        request.task.add_done_callback(lambda task: self._end(key, request, task))
        return request

    async def _put(
        self,
        key: Hashable,
        request: _Request,
        question: Callable[[], Awaitable[T]],
        earlier: frozenset[asyncio.Task[Any]],
    ) -> T:
        """``earlier``: the same question, not to be asked twice at a time."""
        if earlier:
            await asyncio.wait(earlier)
        async with self._slots:
            request.has_left = True
            asked_at = self._clock()
            try:
                value = await question()
            finally:
                is_current = self._open.get(key) is request
                if is_current:
                    del self._open[key]  # at once: who asks now asks again
        if request.is_kept and is_current:
            self._kept[key] = _Answer(value, asked_at, self._clock(), request.waiting > 0)
        return value

    def _end(self, key: Hashable, request: _Request, task: "asyncio.Task[Any]") -> None:
        if self._open.get(key) is request:
            del self._open[key]
        outdated = self._outdated.get(key, set())
        outdated.discard(task)
        if not outdated:
            self._outdated.pop(key, None)
        if not task.cancelled() and (error := task.exception()) and not request.waiting:
            log.warning("a question failed that nobody waits for", error=str(error) or repr(error))

    async def _wait(self, key: Hashable, request: _Request, within_s: float | None) -> Any:
        request.waiting += 1
        try:
            await asyncio.wait({request.task}, timeout=within_s)
        finally:
            request.waiting -= 1
            if not request.waiting and not request.has_left:
                request.task.cancel()
                if self._open.get(key) is request:
                    del self._open[key]  # at once: who asks now asks again
        if not request.task.done() or request.task.cancelled():
            raise NotYet
        return request.task.result()
