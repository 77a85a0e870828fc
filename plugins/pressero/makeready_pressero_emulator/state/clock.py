"""The emulator's time. It can be moved forward, so that no test waits for a window or a delay to pass."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class Clock:
    def __init__(self) -> None:
        self._offset_s = 0.0
        self._moved = asyncio.Event()

    def monotonic(self) -> float:
        return time.monotonic() + self._offset_s

    def now(self) -> datetime:
        """UTC, without a zone: the form in which Pressero's own values are kept here."""
        return datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=self._offset_s)

    def advance(self, seconds: float) -> None:
        """Move time forward; whoever sleeps until before the new time wakes up."""
        self._offset_s += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await self.until(self.monotonic() + seconds)

    async def until(self, due: float) -> None:
        """Sleep until `monotonic` shows ``due``: for a delay that runs from before the sleeper started."""
        while (left := due - self.monotonic()) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), left)
            except TimeoutError:
                return


def written(moment: datetime | None, zone: str = "") -> str | None:
    """``2021-11-15T13:41:13.5``: fractions without closing zeros, as .NET writes them."""
    if moment is None:
        return None
    text = moment.isoformat()
    if moment.microsecond:
        text = text.rstrip("0")
    return text + zone


def read(text: str) -> datetime:
    """Any of the forms that clients send (``2019-01-01 00:00:00Z``, ISO 8601), as UTC without a zone.

    Raises:
        ValueError: it is not a date.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment
