"""Questions to a side that may be slow or down: each once, a few at a time, and none while a breaker is open."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar

import structlog
from makeready.outbound.coalesce import Coalescer
from makeready_hooks.errors import MakereadyError, Refused, RetryLater

log = structlog.get_logger("makeready.outbound")


FAILURES = 5
"""In a row, until it opens."""
OPEN_S = 15.0
"""How long nobody asks, and how long after a trial that failed."""

GIVE_UP_S = 30.0
"""A question that left is given up after this, or after the deadline if that is longer."""
MOST_KEPT = 2000


T = TypeVar("T")


class Breaker:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._trial_at = 0.0
        self._trying = False

    @property
    def is_open(self) -> bool:
        return self._failures >= FAILURES

    def refuses(self) -> bool:
        """Whether a question that comes now will not be asked."""
        return self.is_open and (self._trying or self._clock() < self._trial_at)

    def admit(self) -> bool:
        """Whether this question may be asked now. Who is admitted says what came of it, once."""
        if self.refuses():
            return False
        self._trying = self.is_open
        return True

    def succeeded(self) -> None:
        self._failures, self._trying = 0, False

    def failed(self) -> None:
        self._failures, self._trying = self._failures + 1, False
        self._trial_at = self._clock() + OPEN_S


class Guard:
    """Before one subscriber's MIS."""

    def __init__(
        self, subscriber: str, *, max_calls: int, deadline_s: float, clock: Callable[[], float]
    ) -> None:
        """``clock``: a steady one."""
        self._log = log.bind(subscriber=subscriber)
        self._deadline_s = deadline_s
        self._breaker = Breaker(clock)
        self._questions = Coalescer(most_kept=MOST_KEPT, max_calls=max_calls, clock=clock)
        self.asks = self._questions.asks
        self.kept = self._questions.kept
        self.aclose = self._questions.aclose

    @property
    def circuit_open(self) -> bool:
        """Whether new questions are turned away, since the last ones were not answered."""
        return self._breaker.refuses()

    async def ask(
        self, key: Hashable, question: Callable[[], Awaitable[T]], *, within_s: float, max_age_s: float = 0.0
    ) -> T:
        """The answer, or what it raised. A kept one will do if it is younger than ``max_age_s``.

        Raises TimeoutError if it does not come in time, RetryLater if the MIS is left alone just now.
        """
        if self.circuit_open and not self.asks(key) and self.kept(key, max_age_s) is None:
            raise RetryLater("The MIS did not answer several times; it is left alone for a moment.")
        return await self._questions.ask(
            key, lambda: self._call(question), within_s=within_s, max_age_s=max_age_s
        )

    async def _call(self, question: Callable[[], Awaitable[T]]) -> T:
        """An answer that comes after the deadline is a failure to the buyers, and is kept all the same."""
        if not self._breaker.admit():
            raise RetryLater("The MIS stopped answering; it is left alone for a moment.")
        loop = asyncio.get_running_loop()
        late = loop.call_later(self._deadline_s, self._breaker.failed)
        answers = False
        try:
            answer = await self._answer(question)
            answers = True
            return answer
        except Refused:
            answers = True
            raise
        finally:
            if loop.time() < late.when():
                late.cancel()
                (self._breaker.succeeded if answers else self._breaker.failed)()

    async def _answer(self, question: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(max(GIVE_UP_S, self._deadline_s)):
                return await question()
        except Refused:
            raise
        except (MakereadyError, TimeoutError) as exc:
            self._log.warning("the MIS did not answer", error=str(exc) or "time is up")
            raise
        except Exception as exc:  # a defect of a connector: the buyers still get an answer
            self._log.exception("asking the MIS failed")
            raise RetryLater("Asking the MIS failed with an internal error; the log has it.") from exc
