"""Asking vendors for a page: no page waits long for them, and an answer is kept for a little while.

A question that is not answered in time goes on. Whoever asks the same again soon, as a page does for the part
that it still lacks, gets that answer and causes no second call.
"""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from makeready.outbound.coalesce import Coalescer, NotYet
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
MOST_KEPT = 200
KEEP_LISTS_S = 300.0
"""Sites, stages and the like change rarely."""


class Asked(Struct, Generic[T], frozen=True, kw_only=True):
    """Exactly one: the answer, why there is none, or that it is still to come."""

    value: T | None = None
    error: MakereadyError | None = None
    waiting: bool = False


class Asking:
    """The questions of one process, open and answered."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """``clock``: a steady one."""
        self._questions = Coalescer(most_kept=MOST_KEPT, clock=clock)
        self.start = self._questions.start
        self.aclose = self._questions.aclose

    async def ask(
        self, key: Key, question: Callable[[], Awaitable[T]], *, within_s: float, keep_s: float = 0.0
    ) -> Asked[T]:
        """The answer to the question of this name, if it comes ``within_s``. Only good answers are kept."""
        try:
            value = await self._questions.ask(
                key, question, within_s=within_s, max_age_s=keep_s, late_s=FETCHED_WITHIN_S
            )
        except NotYet:
            return Asked(waiting=True)
        except MakereadyError as exc:
            return Asked(error=exc)
        return Asked(value=value)


def too_late() -> RetryLater:
    return RetryLater(
        f"There was no answer within {DEADLINE_S:.0f} seconds.",
        fix="Ask again; if it stays so, test the connections in the settings.",
    )
