"""Whatever comes in whatever order: each question once at a time, no answer older than asked for, nothing left over."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from makeready.outbound.coalesce import Coalescer, NotYet
from msgspec import Struct

pytestmark = pytest.mark.long

KEYS = st.sampled_from("abc")
AGES = st.sampled_from(((0.0, 0.0, 0.0), (5.0, 0.0, 0.0), (1.0, 5.0, 0.0), (0.0, 0.0, 5.0), (5.0, 0.0, 5.0)))
"""How old an answer may be: to be given, to be given while a new one is asked for, to be given to the first."""


class SteppedLoop(asyncio.SelectorEventLoop):
    """An event loop whose time moves only when the test says so."""

    now = 1000.0

    def time(self) -> float:
        return self.now

    def settle(self) -> None:
        for _ in range(20):
            self.call_soon(self.stop)
            self.run_forever()


class Told(Struct, eq=False):
    """What one call of a side came to: a value, or the trouble that it raised."""

    began: int
    began_at: float
    ended: int = 0
    ended_at: float = 0.0
    was_fetched: bool = False


class Trouble(Exception):
    def __init__(self, told: Told) -> None:
        super().__init__("trouble")
        self.told = told


class Asker(Struct, eq=False, kw_only=True):
    key: str
    came: int
    came_at: float
    within_s: float | None
    max_age_s: float
    stale_s: float
    late_s: float
    expired: int
    """When the key was last expired, before this asker came."""
    task: "asyncio.Task[Told]"
    is_cancelled: bool = False


STEPS = 40


class Events(RuleBasedStateMachine):
    @initialize(max_calls=st.sampled_from((1, 2)))
    def begin(self, max_calls: int) -> None:
        self.max_calls = max_calls
        self.loop = SteppedLoop()
        self.questions = Coalescer(most_kept=2, max_calls=max_calls, clock=self.loop.time)
        self.count = 0
        self.calls: dict[str, list[tuple[Told, asyncio.Future[None]]]] = {}
        self.expired: dict[str, int] = {}
        self.askers: list[Asker] = []
        self.cut: list[tuple[str, int]] = []

    def _tick(self) -> int:
        self.count += 1
        return self.count

    def _question(self, key: str) -> Callable[[], Any]:
        async def question() -> Told:
            told, answer = Told(self._tick(), self.loop.now), self.loop.create_future()
            entry = (told, answer)
            self.calls.setdefault(key, []).append(entry)
            try:
                await answer
            except asyncio.CancelledError:
                self.cut.append((key, told.began))
                raise
            finally:
                told.ended, told.ended_at = self._tick(), self.loop.now
                self.calls[key].remove(entry)
            return told

        return question

    @rule(key=KEYS, within_s=st.sampled_from((None, 0.0, 1.0, 5.0)), ages=AGES, settles=st.booleans())
    def ask(
        self, key: str, within_s: float | None, ages: tuple[float, float, float], settles: bool = True
    ) -> None:
        given = {"within_s": within_s, **dict(zip(("max_age_s", "stale_s", "late_s"), ages, strict=True))}
        asking = self.questions.ask(key, self._question(key), **given)
        asker = Asker(
            key=key,
            came=self._tick(),
            came_at=self.loop.now,
            expired=self.expired.get(key, 0),
            task=self.loop.create_task(asking),
            **given,
        )
        self.askers.append(asker)
        if settles:
            self.loop.settle()

    @rule(key=KEYS, fails=st.booleans())
    def answer(self, key: str, fails: bool) -> None:
        for told, answer in self.calls.get(key, ()):
            if not answer.done():
                answer.set_exception(Trouble(told)) if fails else answer.set_result(None)
        self.loop.settle()

    @precondition(lambda self: self.askers)
    @rule(data=st.data(), settles=st.booleans())
    def cancel(self, data: st.DataObject, settles: bool) -> None:
        asker = data.draw(st.sampled_from(self.askers))
        asker.is_cancelled = asker.task.cancel() or asker.is_cancelled
        if settles:
            self.loop.settle()

    @rule(seconds=st.sampled_from((0.5, 3.0, 20.0)))
    def time_passes(self, seconds: float) -> None:
        self.loop.now += seconds
        self.loop.settle()

    @rule(key=KEYS, again=st.booleans())
    def expire(self, key: str, again: bool) -> None:
        self.expired[key] = self._tick()

        async def change() -> None:
            if again:
                self.questions.start(key, self._question(key))
            else:
                self.questions.expire(key)

        self.loop.create_task(change())
        self.loop.settle()

    @invariant()
    def each_is_asked_once_at_a_time_and_few_at_once(self) -> None:
        calls = list(getattr(self, "calls", {}).values())
        assert all(len(one) <= 1 for one in calls)
        assert sum(map(len, calls)) <= getattr(self, "max_calls", 0)

    @invariant()
    def what_has_left_is_let_finish_unless_its_answer_serves_nobody(self) -> None:
        assert all(began < self.expired.get(key, 0) for key, began in getattr(self, "cut", ()))

    @invariant()
    def everybody_who_was_told_was_told_right(self) -> None:
        for asker in [one for one in getattr(self, "askers", ()) if one.task.done()]:
            self.askers.remove(asker)
            if asker.task.cancelled():
                assert asker.is_cancelled, "another was cancelled, or the question"
                continue
            error = asker.task.exception()
            if error is None:
                self._check_answer(asker, asker.task.result())
            elif isinstance(error, Trouble):
                assert error.told.ended > asker.came, "an error was kept"
            else:
                assert isinstance(error, NotYet), error
                assert asker.within_s is not None
                assert self.loop.now - asker.came_at >= asker.within_s, "told too early that there is none"

    def _check_answer(self, asker: Asker, told: Told) -> None:
        assert told.began > asker.expired, "what was asked before the change"
        age_s, is_late = asker.came_at - told.began_at, asker.came_at - told.ended_at < asker.late_s
        new = told.ended > asker.came
        assert new or age_s < max(asker.max_age_s, asker.stale_s) or (is_late and not told.was_fetched)
        told.was_fetched = True

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self._everything_is_answered()
            self.ask("a", None, (0.0, 0.0, 0.0))
            self.expire("a", again=True)
            self.loop.create_task(self.questions.aclose())
            self.loop.settle()
            assert isinstance(self.askers[0].task.exception(), NotYet)
            assert not asyncio.all_tasks(self.loop), "something is left"
            assert not any(self.calls.values())
            self.loop.close()

    def _everything_is_answered(self) -> None:
        """Nobody who is ready to wait is left without an answer. Each expiry can have left a question that comes first."""
        for _ in range(STEPS):
            for key in "abc":
                self.answer(key, fails=False)
        self.everybody_who_was_told_was_told_right()
        assert self.askers == []


Events.TestCase.settings = settings(max_examples=250, stateful_step_count=STEPS, deadline=None)
TestEvents = Events.TestCase
