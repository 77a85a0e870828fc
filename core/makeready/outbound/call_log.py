"""What is noted beside the work: calls that were made, and counts of what happens often. It holds up nothing.

Notes are gathered in memory and written together, a second after the first of them at the latest. A process
that dies loses that second; an orderly end writes all.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any

import structlog

from makeready.outbound.model import CallRow

WITHIN_S = 1.0
AGAIN_AFTER_S = 30.0
MOST_WAITING = 10_000
"""Calls in memory while the disk does not take them; those beyond are counted in the log and lost."""

Counts = Counter[Any]
"""How often, by whatever is counted."""

log = structlog.get_logger("makeready.call_log")


class CallLog:
    """One per process, over what keeps calls and counts in the state file. `aclose` it at the end."""

    def __init__(
        self,
        keep_calls: Callable[[Sequence[CallRow]], Awaitable[None]],
        add_counts: Callable[[Mapping[Any, int]], Awaitable[None]],
    ) -> None:
        self._keep_calls = keep_calls
        self._add_counts = add_counts
        self._calls: list[CallRow] = []
        self._counts: Counts = Counter()
        self._lost = 0
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    def call(self, call: CallRow) -> None:
        if len(self._calls) >= MOST_WAITING:
            self._lost += 1
            return
        self._calls.append(call)
        self._soon(WITHIN_S)

    def count(self, what: Hashable) -> None:
        self._counts[what] += 1
        self._soon(WITHIN_S)

    async def flush(self) -> bool:
        """Write what was noted. False if the disk does not take it: then it is kept for the next time."""
        calls, self._calls = self._calls, []
        counts, self._counts = self._counts, Counter()
        if self._lost:
            log.warning("calls were not kept", count=self._lost)
            self._lost = 0
        try:
            if calls:
                await self._keep_calls(calls)
                calls = []
            if counts:
                await self._add_counts(counts)
        except Exception:  # a full disk, say: nothing else is held up by it
            log.exception("notes could not be written")
            self._calls = [*calls, *self._calls][:MOST_WAITING]
            self._counts.update(counts)
            return False
        return True

    async def aclose(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await self._writing
        if self._timer is not None:
            self._timer.cancel()
        await self.flush()

    def _soon(self, after_s: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(after_s, self._write)

    def _write(self) -> None:
        self._writing = asyncio.create_task(self._run())

    async def _run(self) -> None:
        written = await self.flush()
        self._timer = None
        if self._calls or self._counts:
            self._soon(WITHIN_S if written else AGAIN_AFTER_S)
