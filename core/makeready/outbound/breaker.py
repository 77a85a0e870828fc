"""A side that fails again and again is left alone for a while; then one question tries it."""

from collections.abc import Callable

FAILURES = 5
"""In a row, until it opens."""
OPEN_S = 15.0
"""How long nobody asks, and how long after a trial that failed."""


class Breaker:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._trial_at = 0.0
        self._trying = False

    @property
    def is_open(self) -> bool:
        return self._failures >= FAILURES

    def refuses(self) -> bool:
        """Whether a question that comes now will not be asked."""
        return self.is_open and (self._trying or self._clock() < self._trial_at)

    def admit(self) -> bool:
        """Whether this question may be asked now. Who is admitted says what came of it, once."""
        if self.refuses():
            return False
        self._trying = self.is_open
        return True

    def succeeded(self) -> None:
        self._failures, self._trying = 0, False

    def failed(self) -> None:
        self._failures, self._trying = self._failures + 1, False
        self._trial_at = self._clock() + OPEN_S
