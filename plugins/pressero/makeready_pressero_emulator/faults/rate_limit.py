"""At most 10 requests in 10 seconds from one public address (seen), counted in a sliding window."""

from collections import deque

from makeready_pressero_emulator.state.clock import Clock

CALLS = 10
WINDOW_S = 10.0


class RateLimit:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: dict[str, deque[float]] = {}

    def wait_s(self, client: str) -> float:
        """0 and the call counts, or the seconds until one would be let through.

        A refused call does not count (assumed).
        """
        now = self._clock.monotonic()
        calls = self._calls.setdefault(client, deque())
        while calls and now - calls[0] >= WINDOW_S:
            calls.popleft()
        if len(calls) >= CALLS:
            return WINDOW_S - (now - calls[0])
        calls.append(now)
        return 0.0

    def clear(self) -> None:
        self._calls.clear()
