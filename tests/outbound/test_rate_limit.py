import asyncio

import pytest
from makeready.engine.priority import Urgency, current
from makeready.outbound.rate_limit import PATIENCE_S, CallGate
from makeready_hooks import CallLimit

LIMIT = CallLimit(calls=1, per_s=1)


class Slots:
    """Places that a test frees one by one."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(0)

    async def take(
        self, host: str, *, now: float, calls: int, per_s: float, wanted: int, **ahead: float
    ) -> tuple[float, int]:
        await self.free.acquire()
        return now, 1


class Callers:
    """Tasks that want to call, and the order in which they were admitted."""

    def __init__(self) -> None:
        self.slots = Slots()
        self.now = 0.0
        self.gate = CallGate(self.slots, lambda: self.now)
        self.admitted: list[str] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def want(self, name: str, subscriber: str, urgency: Urgency = Urgency.ORDER) -> asyncio.Task[None]:
        task = asyncio.create_task(self._call(name, subscriber, urgency))
        self._tasks.append(task)
        await asyncio.sleep(0)
        return task

    async def _call(self, name: str, subscriber: str, urgency: Urgency) -> None:
        current.set(urgency)
        await self.gate.wait("shop.example", subscriber, LIMIT)
        self.admitted.append(name)

    async def admit_all(self) -> list[str]:
        for _ in self._tasks:
            self.slots.free.release()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return self.admitted


async def test_who_waits_goes_before_orders_before_imports_before_polls() -> None:
    callers = Callers()
    for urgency in (Urgency.POLL, Urgency.IMPORT, Urgency.ORDER, Urgency.PERSON):
        await callers.want(urgency.name, "a", urgency)
    assert await callers.admit_all() == ["PERSON", "ORDER", "IMPORT", "POLL"]


async def test_a_burst_of_one_subscriber_lets_another_in_after_one_call() -> None:
    callers = Callers()
    for number in range(20):
        await callers.want(f"a{number}", "a")
    await callers.want("b0", "b")
    assert "b0" in (await callers.admit_all())[:2]


async def test_who_comes_into_a_burst_has_a_head_start_and_then_takes_turns() -> None:
    callers = Callers()
    for number in range(12):
        await callers.want(f"a{number}", "a")
    for _ in range(6):
        callers.slots.free.release()
    while len(callers.admitted) < 6:
        await asyncio.sleep(0)
    for number in range(7):
        await callers.want(f"b{number}", "b")
    after = (await callers.admit_all())[6:]
    assert after[:4] == ["b0", "b1", "b2", "b3"]
    assert after[4:10] == ["a6", "b4", "a7", "b5", "a8", "b6"]


async def test_a_poll_waits_for_orders_but_not_for_ever() -> None:
    callers = Callers()
    await callers.want("poll", "a", Urgency.POLL)
    for number in range(3):
        await callers.want(f"old{number}", "a")
    callers.now += Urgency.POLL * PATIENCE_S
    for number in range(3):
        await callers.want(f"new{number}", "a")
    assert (await callers.admit_all())[:2] == ["poll", "old0"]


async def test_who_gave_up_takes_nobody_s_place() -> None:
    callers = Callers()
    gone = await callers.want("gone", "a")
    await callers.want("stays", "a")
    gone.cancel()
    assert await callers.admit_all() == ["stays"]


async def test_a_store_that_fails_is_everybody_s_error_and_nobody_waits_for_ever() -> None:
    class Broken:
        async def take(
            self, host: str, *, now: float, calls: int, per_s: float, wanted: int, **ahead: float
        ) -> tuple[float, int]:
            raise OSError("the disk is full")

    gate = CallGate(Broken(), lambda: 0.0)
    with pytest.raises(OSError, match="disk is full"):
        await gate.wait("shop.example", "a", LIMIT)


async def test_a_limit_that_one_company_has_set_does_not_slow_another_down() -> None:
    waited: list[float] = []

    class Full:
        """Places for whoever allows a hundred calls, none for who allows one."""

        async def take(
            self, host: str, *, now: float, calls: int, per_s: float, wanted: int, **ahead: float
        ) -> tuple[float, int]:
            return (now if calls > 1 else now + per_s), 1

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await asyncio.Event().wait()

    gate = CallGate(Full(), lambda: 0.0, sleep=sleep)
    slow = asyncio.create_task(gate.wait("shop.example", "a", LIMIT))
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await gate.wait("shop.example", "b", CallLimit(calls=100, per_s=1))
    assert (len(waited), slow.done()) == (1, False)
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


class Day:
    """A clock that moves where somebody sleeps, and a store with all places free."""

    def __init__(self) -> None:
        self.now = 0.0
        self.gate = CallGate(self, lambda: self.now, sleep=self.sleep)
        self.admitted: list[tuple[str, float]] = []

    async def take(
        self, host: str, *, now: float, calls: int, per_s: float, wanted: int, **ahead: float
    ) -> tuple[float, int]:
        return now, wanted

    async def sleep(self, seconds: float) -> None:
        for _ in range(20):  # whoever else is ready comes first
            await asyncio.sleep(0)
        self.now += seconds

    async def call(self, name: str, urgency: Urgency) -> None:
        current.set(urgency)
        await self.gate.wait("shop.example", "a", CallLimit(calls=10, per_s=10))
        self.admitted.append((name, self.now))

    def want(self, name: str, urgency: Urgency, count: int = 1) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.call(name, urgency)) for _ in range(count)]


async def test_marks_leave_room_for_orders_while_orders_go_and_are_written_at_the_rate_of_the_limit() -> None:
    day = Day()
    await asyncio.gather(*day.want("order", Urgency.ORDER))
    await asyncio.gather(*day.want("mark", Urgency.UPKEEP, 5))
    assert day.admitted == [("order", 0.0), *(("mark", float(number)) for number in range(5))]


async def test_an_order_does_not_wait_for_the_pause_between_two_marks() -> None:
    day = Day()
    await asyncio.gather(*day.want("order", Urgency.ORDER))
    marks = day.want("mark", Urgency.UPKEEP, 2)
    while len(day.admitted) < 2:
        await asyncio.sleep(0)
    await asyncio.gather(*day.want("order", Urgency.ORDER), *marks)
    assert [name for name, _ in day.admitted] == ["order", "mark", "order", "mark"]
    assert day.admitted[2] == ("order", 0.0)


async def test_marks_and_imports_are_not_spread_where_no_order_goes() -> None:
    day = Day()
    await asyncio.gather(*day.want("import", Urgency.IMPORT, 5), *day.want("mark", Urgency.UPKEEP, 5))
    assert {at for _, at in day.admitted} == {0.0}


class Generous:
    """A store with room for all that is wanted, and for what may be taken ahead."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    async def take(
        self, host: str, *, now: float, calls: int, per_s: float, wanted: int, ahead: int, until: float
    ) -> tuple[float, int]:
        self.asked.append(wanted)
        return now, wanted + ahead


async def test_of_a_generous_limit_some_places_are_taken_ahead_and_used_within_a_second() -> None:
    slots, clock = Generous(), [0.0]
    gate = CallGate(slots, lambda: clock[0])
    for clock[0] in (0.0, 0.5, 0.9, 2.0, 2.1, 1.0):  # set back at last
        await gate.wait("shop.example", "a", CallLimit(calls=300, per_s=10))
    assert len(slots.asked) == 3


async def test_of_a_narrow_limit_nothing_is_taken_ahead() -> None:
    slots = Generous()
    gate = CallGate(slots, lambda: 0.0)
    for _ in range(3):
        await gate.wait("shop.example", "a", CallLimit(calls=99, per_s=10))
    assert slots.asked == [1, 1, 1]
