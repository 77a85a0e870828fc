"""What has happened in a life, in its turn, for whoever has to find out why it went wrong."""

from collections import deque
from collections.abc import Callable

LONGEST = 2000
"""Lines. Of a longer life the end is told."""


class Story:
    def __init__(self, now: Callable[[], float], start: float) -> None:
        self._now = now
        self._start = start
        self._lines: deque[str] = deque(maxlen=LONGEST)

    def note(self, text: str) -> None:
        self._lines.append(f"{self._now() - self._start:10.1f} s  {text}")

    def __str__(self) -> str:
        return "\n".join(self._lines)
