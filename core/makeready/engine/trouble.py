"""A store that fails for a while: said when it begins and when it is over, not with every try."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

FIRST_PAUSE_S = 0.5
LAST_PAUSE_S = 10.0

log = structlog.get_logger("makeready.engine")


class Trouble:
    """One at a time, from the first error until the store is seen to work."""

    def __init__(self) -> None:
        self.text = ""
        """What is wrong now; empty if nothing is."""
        self._errors = 0

    def failed(self, error: Exception) -> None:
        if not self.text:
            log.error("the state file fails; work waits", error=str(error), exc_info=error)
        self.text = str(error) or type(error).__name__
        self._errors += 1

    def over(self) -> None:
        if self.text:
            log.warning("the state file works again", errors=self._errors)
        self.text, self._errors = "", 0


def pause_s(tries: int) -> float:
    """Seconds to wait after so many tries that failed: 0.5, 1, 2 … 10."""
    return float(min(FIRST_PAUSE_S * 2 ** min(tries - 1, 10), LAST_PAUSE_S))


async def insist(do: Callable[[], Awaitable[None]], trouble: Trouble, *, tries: int) -> bool:
    """Do it, again while it fails, with growing pauses. False if it never was done."""
    for number in range(1, tries + 1):
        try:
            await do()
        except Exception as exc:  # noqa: BLE001 - told by the trouble
            trouble.failed(exc)
            if number < tries:
                await asyncio.sleep(pause_s(number))
        else:
            return True
    return False
