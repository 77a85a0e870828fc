"""The short form of many generated requests: no defect, no leak, no hang, in whatever order they come."""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from run import AT_ONCE, Run, running

pytestmark = pytest.mark.long

SHORT = settings(
    max_examples=2,
    stateful_step_count=50,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SEEDS = st.integers(0, 2**32)
TOGETHER = 3 * AT_ONCE


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - to be the same again


class Requests(RuleBasedStateMachine):
    """Each step has a seed of its own, so that a failing run is made shorter step by step."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._folder = tempfile.TemporaryDirectory()

    @initialize()
    def begin(self) -> None:
        self.run = self._loop.run_until_complete(self._started())

    async def _started(self) -> Run:
        run = await self._stack.enter_async_context(running(Path(self._folder.name)))
        await run.start()
        return run

    @rule(seed=SEEDS)
    def ask(self, seed: int) -> None:
        self._loop.run_until_complete(self.run.go_on(_random(seed), TOGETHER))
        assert self.run.tally.findings == []

    @precondition(lambda self: self.run.tally.requests > TOGETHER)
    @rule(seed=SEEDS)
    def live(self, seed: int) -> None:
        self._loop.run_until_complete(self.run.companies.live(_random(seed)))
        assert self.run.defects.taken() == []

    @precondition(lambda self: self.run.tally.requests > 10 * TOGETHER)
    @rule()
    def restore(self) -> None:
        self._loop.run_until_complete(self._restored())

    async def _restored(self) -> None:
        await self.run.companies.restore()
        await self.run.callers.tidy()
        assert self.run.defects.taken() == []

    def teardown(self) -> None:
        self._loop.run_until_complete(self._stack.aclose())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
        self._folder.cleanup()


def test_whatever_comes_is_answered_and_tells_nobody_what_is_not_theirs() -> None:
    run_state_machine_as_test(Requests, settings=SHORT)
