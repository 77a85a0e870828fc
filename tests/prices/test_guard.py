"""Questions to an MIS: each once, a few at a time, none in vain, and none to one that is down."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from makeready.outbound.coalesce import MOST_OPEN
from makeready_hooks.errors import Refused, RetryLater
from makeready_prices.guard import FAILURES, OPEN_S, Breaker, Guard
from pretend import Clock


class Side:
    """Counts who is asking it; answers when it is told."""

    def __init__(self) -> None:
        self.asked = 0
        self.now = self.most = 0
        self.answers = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self) -> int:
        self.asked += 1
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.answers.wait()
        finally:
            self.now -= 1
        if self.error:
            raise self.error
        return self.asked


@pytest.fixture
async def desk(clock: Clock) -> AsyncIterator[Guard]:
    made = Guard("northfield", max_calls=3, deadline_s=5.0, clock=clock)
    yield made
    await made.aclose()


async def settled(*waiting: "asyncio.Task[int]") -> list[object]:
    return list(await asyncio.gather(*waiting, return_exceptions=True))


async def test_the_same_question_is_asked_once_and_everybody_hears_the_answer(desk: Guard) -> None:
    side = Side()
    asking = [asyncio.create_task(desk.ask("a", side, within_s=5)) for _ in range(100)]
    await asyncio.sleep(0)
    side.answers.set()
    assert await settled(*asking) == [1] * 100
    assert not desk.asks("a")
    assert await desk.ask("a", side, within_s=5) == 2


async def test_no_more_questions_than_the_ceiling_are_under_way(desk: Guard) -> None:
    side = Side()
    asking = [asyncio.create_task(desk.ask(number, side, within_s=0.05)) for number in range(50)]
    found = await settled(*asking)
    assert all(isinstance(one, TimeoutError) for one in found)
    assert (side.most, side.asked) == (3, 3)  # who gave up before his turn never asked
    side.answers.set()
    assert await desk.ask("later", side, within_s=5) == 4


async def test_a_question_that_left_is_finished_although_nobody_waits(desk: Guard) -> None:
    side = Side()
    with pytest.raises(TimeoutError):
        await desk.ask("a", side, within_s=0.01)
    second = asyncio.create_task(desk.ask("a", side, within_s=5))
    await asyncio.sleep(0)
    side.answers.set()
    assert (await second, side.asked) == (1, 1)


async def test_too_many_that_wait_are_turned_away(desk: Guard) -> None:
    side = Side()
    asking = [asyncio.create_task(desk.ask(number, side, within_s=5)) for number in range(MOST_OPEN)]
    await asyncio.sleep(0)
    with pytest.raises(RetryLater, match="Too many"):
        await desk.ask("one more", side, within_s=5)
    side.answers.set()
    assert len(await settled(*asking)) == MOST_OPEN


async def test_a_side_that_fails_in_a_row_is_left_alone_and_then_tried_by_one(
    desk: Guard, clock: Clock
) -> None:
    side = Side()
    side.answers.set()
    side.error = RetryLater("no connection")
    for number in range(FAILURES + 5):
        with pytest.raises(RetryLater):
            await desk.ask(number, side, within_s=5)
    assert side.asked == FAILURES
    clock.now += OPEN_S + 1
    side.answers.clear()
    side.error = None
    trial = asyncio.create_task(desk.ask("trial", side, within_s=5))
    while side.asked == FAILURES:
        await asyncio.sleep(0)
    with pytest.raises(RetryLater):
        await desk.ask("beside it", side, within_s=5)
    side.answers.set()
    assert await trial == FAILURES + 1
    assert await desk.ask("again", side, within_s=5) == FAILURES + 2


async def test_a_no_is_an_answer(desk: Guard) -> None:
    side = Side()
    side.answers.set()
    side.error = Refused("no")
    for number in range(FAILURES * 2):
        with pytest.raises(Refused):
            await desk.ask(number, side, within_s=5)
    assert side.asked == FAILURES * 2


async def test_a_side_that_is_always_too_late_is_down(clock: Clock) -> None:
    side, desk = Side(), Guard("northfield", max_calls=10, deadline_s=0.02, clock=clock)
    asking = [asyncio.create_task(desk.ask(number, side, within_s=0.02)) for number in range(FAILURES)]
    await settled(*asking)
    while not desk.circuit_open:
        await asyncio.sleep(0.005)
    with pytest.raises(RetryLater, match="left alone"):
        await desk.ask("more", side, within_s=5)
    await desk.aclose()


def test_a_trial_that_fails_opens_for_another_while(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.admit()
        breaker.failed()
    assert not breaker.admit()
    clock.now += OPEN_S
    assert breaker.admit()
    assert not breaker.admit()
    breaker.failed()
    clock.now += OPEN_S - 1
    assert not breaker.admit()
    clock.now += 1
    assert breaker.admit()
    breaker.succeeded()
    assert breaker.admit()
    assert breaker.admit()
