"""Who may call next where a vendor limits calls: the urgent first, subscribers in turn.

The limit itself is kept in the store, for all processes together. A place is taken only when it is
free and then given to the best of those who wait, so that a burst of one subscriber's, or an
import, does not stand before another's order. While orders go, what may wait is spread over the window: else
it would take all that is free at once, and the next order would find nothing until the window ends.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Hashable
from typing import NamedTuple, Protocol

from makeready_hooks.connectors import CallLimit
from makeready_hooks.errors import RetryLater
from makeready_hooks.http import HttpAnswer

from makeready.engine.priority import Urgency, current
from makeready.engine.retry import backoff_s

PATIENCE_S = 120.0
"""Who waits so long becomes more urgent by one step: a burst of orders holds up a poll, but not for ever."""
HEAD_START = 4
"""Calls that a subscriber who comes back may make before the others' turns: as many as a single order needs.
There is no more credit than this for having been away."""
FEW = 100
"""What may wait takes one place in so many at once while orders go, and one at least."""
MOST_WAIT_S = 3600.0
"""That a vendor can ask for at once."""
CALM_S = 60.0
"""After a wait: who was refused nothing for so long starts from the shortest."""
AHEAD_S = 1.0
PLACES_AHEAD = 20
"""Of a generous limit a hundredth, but no more than this, is taken ahead at once and used within a second, so that not each
call is a commit."""
SLOT_MARGIN_S = 0.25  # the vendor's clock starts when a call arrives, ours when it leaves


class Slots(Protocol):
    """Where the calls of all processes to a host are counted; see `makeready.outbound.store`."""

    async def take(
        self, host: str, *, now: float, calls: int, per_s: float, wanted: int, ahead: int, until: float
    ) -> tuple[float, int]: ...


class _Waiter:
    def __init__(self, subscriber: str, urgency: int, place: int, since: float) -> None:
        self.subscriber = subscriber
        self.place = place
        self.admitted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.may_wait = urgency > Urgency.ORDER
        self._urgency = urgency
        self._since = since

    def urgency(self, now: float) -> int:
        return max(0, self._urgency - int(max(0.0, now - self._since) / PATIENCE_S))


class _Turn(NamedTuple):
    after_s: float
    wanted: int


class _Ahead(NamedTuple):
    """Places that were taken ahead."""

    places: int = 0
    until: float = 0.0


class _Line:
    """Those who wait for one host."""

    def __init__(self, limit: CallLimit) -> None:
        self._limit = limit
        self.waiting: list[_Waiter] = []
        self.served: dict[str, int] = {}
        self.dispatcher: asyncio.Task[None] | None = None
        self.urgent_came = asyncio.Event()
        self._urgent_at = -math.inf
        """When the last call left that could not wait."""
        self._others_at = 0.0
        """When the next of the others may leave, while such calls leave."""
        self._place = 0

    def join(self, subscriber: str, now: float) -> _Waiter:
        others = [self.served.get(one.subscriber, 0) for one in self.waiting]
        if others and subscriber not in {one.subscriber for one in self.waiting}:
            self.served[subscriber] = max(self.served.get(subscriber, 0), min(others) - HEAD_START)
        self._place += 1
        waiter = _Waiter(subscriber, current.get(), self._place, now)
        self.waiting.append(waiter)
        if not waiter.may_wait:
            self.urgent_came.set()
        return waiter

    def next_turn(self, now: float) -> _Turn:
        """The urgent first; while such went lately, a few of the others, and after a pause for an urgent one to come."""
        self.urgent_came.clear()
        waiting = [one.urgency(now) for one in self.waiting if not one.admitted.done()]
        if urgent := sum(one <= Urgency.ORDER for one in waiting):
            return _Turn(0.0, urgent)
        if not 0 <= now - self._urgent_at < self._limit.per_s:
            return _Turn(0.0, len(waiting))
        few = max(1, self._limit.calls // FEW)
        return _Turn(min(self._others_at - now, self._each_s * few), min(few, len(waiting)))

    @property
    def _each_s(self) -> float:
        return self._limit.per_s / self._limit.calls

    def best(self, now: float) -> _Waiter | None:
        """Take out the next to be admitted; those who gave up are dropped."""
        self.waiting = [one for one in self.waiting if not one.admitted.done()]
        if not self.waiting:
            return None
        chosen = min(
            self.waiting, key=lambda one: (one.urgency(now), self.served.get(one.subscriber, 0), one.place)
        )
        self.waiting.remove(chosen)
        self.served[chosen.subscriber] = self.served.get(chosen.subscriber, 0) + 1
        if chosen.may_wait:
            self._others_at = max(now, self._others_at) + self._each_s
        else:
            self._urgent_at = now
        return chosen


class CallGate:
    def __init__(
        self,
        slots: Slots,
        clock: Callable[[], float],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._slots = slots
        self._clock = clock
        self._sleep = sleep
        self._lines: dict[tuple[str, CallLimit], _Line] = {}
        """Who has set another limit for the same host waits by that one alone. The store counts all calls of a host."""
        self._ahead: dict[tuple[str, CallLimit], _Ahead] = {}

    async def wait(self, host: str, subscriber: str, limit: CallLimit) -> None:
        """Return when one more call from this address may leave for ``host``."""
        line = self._lines.setdefault((host, limit), _Line(limit))
        waiter = line.join(subscriber, self._clock())
        if line.dispatcher is None or line.dispatcher.done():
            line.dispatcher = asyncio.create_task(self._dispatch(host, line, limit))
        await waiter.admitted

    async def _dispatch(self, host: str, line: _Line, limit: CallLimit) -> None:
        """Admit one after the other, as places become free, until nobody waits."""
        while (turn := line.next_turn(self._clock())).wanted:
            await self._rest(line, turn.after_s)
            try:
                places = await self._free_places(host, limit, turn.wanted)
            except Exception as exc:  # noqa: BLE001 - handed to whoever waits
                _fail(line, exc)
                return
            for _ in range(places):
                if chosen := line.best(self._clock()):
                    chosen.admitted.set_result(None)
        line.served.clear()

    async def _rest(self, line: _Line, pause_s: float) -> None:
        """For so long, or until somebody comes who cannot wait."""
        if pause_s > 0:
            waits = [asyncio.ensure_future(one) for one in (line.urgent_came.wait(), self._sleep(pause_s))]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for one in waits:
                one.cancel()

    async def _free_places(self, host: str, limit: CallLimit, wanted: int) -> int:
        now, ahead = self._clock(), self._ahead.pop((host, limit), _Ahead())
        if ahead.places and 0 <= ahead.until - now <= AHEAD_S:
            return self._keep_rest(host, limit, wanted, ahead)
        return await self._take(host, limit, wanted, now)  # used up, too late, or the clock was set

    async def _take(self, host: str, limit: CallLimit, wanted: int, now: float) -> int:
        ahead = _Ahead(min(limit.calls // FEW, PLACES_AHEAD), now + AHEAD_S)
        at, taken = await self._slots.take(
            host,
            now=now,
            calls=limit.calls,
            per_s=limit.per_s + SLOT_MARGIN_S,
            wanted=wanted,
            ahead=ahead.places,
            until=ahead.until,
        )
        if at > now:
            await self._sleep(at - now)
        return self._keep_rest(host, limit, wanted, _Ahead(taken, ahead.until))

    def _keep_rest(self, host: str, limit: CallLimit, wanted: int, taken: _Ahead) -> int:
        if taken.places > wanted:
            self._ahead[host, limit] = _Ahead(taken.places - wanted, taken.until)
        return min(taken.places, wanted)


def _fail(line: _Line, error: Exception) -> None:
    for waiter in line.waiting:
        if not waiter.admitted.done():
            waiter.admitted.set_exception(error)
    line.waiting.clear()


class _Wait(NamedTuple):
    until: float = 0.0
    times: int = 0
    """In a row."""
    call: Hashable = None
    """That was refused last."""


class AskedToWait:
    """Until when vendors want no calls (429, or 503 with ``Retry-After``), by who made them: longer each time in a row.

    What was refused has to go well before that is over, or nothing is refused for a while: that a sign-in works in
    between says nothing of it.
    """

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._waits: dict[Hashable, _Wait] = {}

    def check(self, who: Hashable, host: str) -> None:
        """Raises RetryLater, with how long, while it lasts."""
        rest_s = self._waits.get(who, _Wait()).until - self._steady()
        if rest_s > 0:
            told = f"{host} has asked us to wait: it is called again in {math.ceil(rest_s)} seconds."
            raise RetryLater(told, after_s=rest_s)

    def note(self, who: Hashable, call: Hashable, answer: HttpAnswer) -> None:
        """``call``: what tells it from others. An answer to one that left before this was asked changes nothing."""
        now, told = self._steady(), answer.headers.get("retry-after")
        before = self._waits.get(who, _Wait())
        if now < before.until:
            return
        if answer.status == 429 or (answer.status == 503 and told):
            told_s = float(told) if told and told.isdecimal() else 0.0
            wait_s = min(max(told_s, backoff_s(before.times)), MOST_WAIT_S)
            self._waits[who] = _Wait(now + wait_s, before.times + 1, call)
        elif call == before.call or now > before.until + CALM_S:
            self._waits.pop(who, None)
