"""Asking vendors for a page: no page waits long for them, and an answer is kept for a little while.

A question that is not answered in time goes on. Whoever asks the same again soon, as a page does for the part
that it still lacks, gets that answer and causes no second call.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from makeready_hooks.errors import MakereadyError, RetryLater
from msgspec import Struct

T = TypeVar("T")
Key = tuple[object, ...]

PATIENCE_S = 0.3
"""A page that can be completed later waits so long."""
DEADLINE_S = 10.0
"""Whoever waits for nothing else is told after this that there is no answer."""
FETCHED_WITHIN_S = 30.0
"""An answer that nobody fetched is forgotten after this."""
KEEP_LISTS_S = 300.0
"""Sites, stages and the like change rarely."""


class Asked(Struct, Generic[T], frozen=True, kw_only=True):
    """Exactly one: the answer, why there is none, or that it is still to come."""

    value: T | None = None
    error: MakereadyError | None = None
    waiting: bool = False


class _Question(Struct, kw_only=True):
    task: "asyncio.Task[Any]"
    keep_s: float
    done_at: float | None = None

    def is_old(self, now: float) -> bool:
        """Nobody should get its answer any more."""
        return self.done_at is not None and self.done_at + max(self.keep_s, FETCHED_WITHIN_S) <= now


class Asking:
    """The questions of one process, open and answered."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._questions: dict[Key, _Question] = {}

    async def ask(
        self, key: Key, question: Callable[[], Awaitable[T]], *, within_s: float, keep_s: float = 0.0
    ) -> Asked[T]:
        """The answer to the question of this name, if it comes ``within_s``. Only good answers are kept."""
        asked = self._open(key, question, keep_s)
        await asyncio.wait({asked.task}, timeout=within_s)
        if not asked.task.done():
            return Asked(waiting=True)
        error = asked.task.exception()
        if (error or not keep_s) and self._questions.get(key) is asked:
            del self._questions[key]
        if isinstance(error, MakereadyError):
            return Asked(error=error)
        value: T = asked.task.result()
        return Asked(value=value)

    def start(self, key: Key, question: Callable[[], Awaitable[object]]) -> None:
        """Ask anew, for somebody who comes for the answer in a moment."""
        self._questions.pop(key, None)
        self._open(key, question, 0.0)

    async def aclose(self) -> None:
        tasks = [asked.task for asked in self._questions.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _open(self, key: Key, question: Callable[[], Awaitable[T]], keep_s: float) -> _Question:
        now = self._clock()
        for old in [one for one, asked in self._questions.items() if asked.is_old(now)]:
            del self._questions[old]
        if key not in self._questions:
            asked = _Question(task=asyncio.ensure_future(question()), keep_s=keep_s)
            asked.task.add_done_callback(lambda task: self._answered(asked))
            self._questions[key] = asked
        return self._questions[key]

    def _answered(self, asked: _Question) -> None:
        if not asked.task.cancelled():
            asked.task.exception()  # looked at: nobody may come for it
        asked.done_at = self._clock()


def too_late() -> RetryLater:
    return RetryLater(
        f"There was no answer within {DEADLINE_S:.0f} seconds.",
        fix="Ask again; if it stays so, test the connections in the settings.",
    )
