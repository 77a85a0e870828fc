"""Whose code runs just now: a connector that computes or sleeps for long stops everything else in its process."""

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

BLOCKED_S = 1.0
"""A connector's code that does not give way for so long is told."""
LOOK_S = 0.25

log = structlog.get_logger("makeready.connectors")


class Step:
    """A connector's code from where it was called, or went on, to where it gives way: a block, entered often.

    ``name``: of the connector and its hook. ``blocked``: told the seconds afterwards, if they were too many.
    """

    def __init__(self, name: str, blocked: Callable[[float], None]) -> None:
        self.name, self._blocked = name, blocked

    def __enter__(self) -> "Step":
        self.began, self.is_told = time.perf_counter(), False
        self._thread = threading.get_ident()
        _running[self._thread] = self
        return self

    def __exit__(self, *error: object) -> None:
        _running.pop(self._thread, None)
        if (seconds := self.seconds) > BLOCKED_S:
            self._blocked(seconds)

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.began


_running: dict[int, Step] = {}
"""By thread."""


@contextmanager
def watchdog() -> Iterator[None]:
    """Log who blocks this process while it does: nothing else could."""
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(over,), name="watchdog", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _watch(over: threading.Event) -> None:
    while not over.wait(LOOK_S):
        for thread, one in list(_running.items()):
            if one.seconds > BLOCKED_S and not one.is_told:
                one.is_told = True
                frame = sys._current_frames().get(thread)
                where = "".join(traceback.format_stack(frame)[-3:]) if frame else ""
                log.error("a connector blocks everything else", connector=one.name, where=where)
