"""A loop in which who sleeps wakes at once, and the time that was slept has passed."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    slept_s = 0.0

    def select(self, timeout: float | None = None) -> Any:
        """Nothing comes from outside, so that nothing is missed by not waiting for it."""
        found = super().select(timeout if timeout is None else 0)
        if not found and timeout:
            self.slept_s += timeout
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._sleeper = _Selector()
        super().__init__(self._sleeper)

    def time(self) -> float:
        return self._sleeper.slept_s


def slept_s() -> float:
    """Seconds that were slept in this loop; 0 in one whose time is real."""
    loop = asyncio.get_running_loop()
    return loop.time() if isinstance(loop, VirtualLoop) else 0.0


def run_in_virtual_time(doing: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(doing)
