"""What is noted beside the work: calls that were made, and how prices were answered. It holds up nothing.

Notes are gathered in memory and written together, a second after the first of them at the latest. A process
that dies loses that second; an orderly end writes all.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

import structlog

from makeready.outbound.model import CallRow
from makeready.prices.latency import bucket_of
from makeready.prices.model import PriceCount, PriceOutcome

WITHIN_S = 1.0
AGAIN_AFTER_S = 30.0
MOST_WAITING = 10_000
"""Calls in memory while the disk does not take them; those beyond are counted in the log and lost."""
HOUR_S = 3600.0

Prices = Counter[tuple[str, int, PriceOutcome, int]]
"""How often, by subscriber, hour, outcome and bucket."""

log = structlog.get_logger("makeready.journal")


class CallLog:
    """One per process, over what keeps calls and counts in the store. `aclose` it at the end."""

    def __init__(
        self,
        keep_calls: Callable[[Sequence[CallRow]], Awaitable[None]],
        add_prices: Callable[[Sequence[PriceCount]], Awaitable[None]],
        clock: Callable[[], float],
    ) -> None:
        self._keep_calls = keep_calls
        self._add_prices = add_prices
        self._clock = clock
        self._calls: list[CallRow] = []
        self._prices: Prices = Counter()
        self._lost = 0
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    def call(self, call: CallRow) -> None:
        if len(self._calls) >= MOST_WAITING:
            self._lost += 1
            return
        self._calls.append(call)
        self._soon(WITHIN_S)

    def price(self, subscriber: str, outcome: PriceOutcome, ms: float) -> None:
        """A buyer's question was answered within ``ms`` milliseconds."""
        self._prices[subscriber, int(self._clock() // HOUR_S), outcome, bucket_of(ms)] += 1
        self._soon(WITHIN_S)

    async def flush(self) -> bool:
        """Write what was noted. False if the disk does not take it: then it is kept for the next time."""
        calls, self._calls = self._calls, []
        prices, self._prices = self._prices, Counter()
        if self._lost:
            log.warning("calls were not kept", count=self._lost)
            self._lost = 0
        try:
            if calls:
                await self._keep_calls(calls)
                calls = []
            if prices:
                await self._add_prices(_counts(prices))
        except Exception:  # a full disk, say: nothing else is held up by it
            log.exception("notes could not be written")
            self._calls = [*calls, *self._calls][:MOST_WAITING]
            self._prices.update(prices)
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
        if self._calls or self._prices:
            self._soon(WITHIN_S if written else AGAIN_AFTER_S)


def _counts(prices: Prices) -> list[PriceCount]:
    return [
        PriceCount(subscriber=subscriber, hour=hour, outcome=outcome, bucket=bucket, n=n)
        for (subscriber, hour, outcome, bucket), n in prices.items()
    ]
