"""Where questions to one subscriber's MIS are asked: each once, a few at a time, none in vain.

Who asks what is being asked already waits for that answer. A question that nobody waits for any more
is dropped if it has not left yet; one that has left is let finish, so that its answer serves whoever
asks next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any, TypeVar

import structlog
from makeready_hooks.errors import MakereadyError, Refused, RetryLater

from makeready.outbound.breaker import Breaker

T = TypeVar("T")

MOST_WAITING = 1000
"""Questions that wait for their turn; more are turned away, so that memory stays bounded."""
GIVE_UP_S = 30.0
"""A question that left is given up after this, or after the deadline if that is longer."""

_Outcome = tuple[Any, Exception | None]

log = structlog.get_logger("makeready.prices")


class _Request:
    """One question under way, and how many wait for its answer."""

    def __init__(self, fly: "Callable[[_Request], Coroutine[Any, Any, _Outcome]]") -> None:
        self.waiting = 0
        self.left = False
        self.task = asyncio.create_task(fly(self))


class Coalescer:
    def __init__(
        self, subscriber: str, *, max_calls: int, deadline_s: float, clock: Callable[[], float]
    ) -> None:
        self._log = log.bind(subscriber=subscriber)
        self._deadline_s = deadline_s
        self._slots = asyncio.Semaphore(max_calls)
        self._breaker = Breaker(clock)
        self._flights: dict[Hashable, _Request] = {}

    def asks(self, key: Hashable) -> bool:
        """Whether this is being asked just now."""
        return key in self._flights

    @property
    def leaves_alone(self) -> bool:
        """Whether new questions are turned away, since the last ones were not answered."""
        return self._breaker.refuses()

    async def ask(self, key: Hashable, question: Callable[[], Awaitable[T]], *, within_s: float) -> T:
        """The answer, or what it raised.

        Raises TimeoutError if it does not come in time, RetryLater if the MIS is left alone just now.
        """
        flight = self._flights.get(key) or self._take_off(key, question)
        flight.waiting += 1
        try:
            await asyncio.wait({flight.task}, timeout=within_s)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.left:
                flight.task.cancel()
                self._land(key, flight)  # at once: who asks now takes off anew
        if not flight.task.done() or flight.task.cancelled():
            raise TimeoutError
        answer, error = flight.task.result()
        if error is not None:
            raise error
        found: T = answer
        return found

    async def aclose(self) -> None:
        """Give up what is under way."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _take_off(self, key: Hashable, question: Callable[[], Awaitable[Any]]) -> _Request:
        if self.leaves_alone:
            raise RetryLater("The MIS did not answer several times; it is left alone for a moment.")
        if len(self._flights) >= MOST_WAITING:
            raise RetryLater("Too many questions wait for the MIS.")
        flight = _Request(lambda one: self._fly(one, question))
        flight.task.add_done_callback(lambda _: self._land(key, flight))
        self._flights[key] = flight
        return flight

    def _land(self, key: Hashable, flight: _Request) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]

    async def _fly(self, flight: _Request, question: Callable[[], Awaitable[Any]]) -> _Outcome:
        async with self._slots:
            if not self._breaker.admit():
                return None, RetryLater("The MIS stopped answering; it is left alone for a moment.")
            flight.left = True
            return await self._call(question)

    async def _call(self, question: Callable[[], Awaitable[Any]]) -> _Outcome:
        """An answer that comes after the deadline is a failure to the buyers, and is kept all the same."""
        late = asyncio.get_running_loop().call_later(self._deadline_s, self._breaker.failed)
        answer, error = await self._answer(question)
        if error is not None and not isinstance(error, Refused):
            self._log.warning("the MIS did not answer", error=str(error) or "time is up")
        if asyncio.get_running_loop().time() < late.when():
            late.cancel()
            if error is None or isinstance(error, Refused):
                self._breaker.succeeded()
            else:
                self._breaker.failed()
        return answer, error

    async def _answer(self, question: Callable[[], Awaitable[Any]]) -> _Outcome:
        try:
            async with asyncio.timeout(max(GIVE_UP_S, self._deadline_s)):
                return await question(), None
        except (MakereadyError, TimeoutError) as exc:
            return None, exc
        except Exception:  # noqa: BLE001 - a defect of a connector: logged, and the buyers still get an answer
            self._log.exception("asking the MIS failed")
            return None, RetryLater("Asking the MIS failed with an internal error; the log has it.")
