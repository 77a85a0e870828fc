"""The wall's clock, which people and programs set, and a witness of how much time has really passed."""

import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
SAME_MOMENT_S = 0.01
TRIES = 5


class Reading(Struct, frozen=True, kw_only=True):
    """Both clocks at one moment."""

    wall: float
    steady: float

    @property
    def ahead(self) -> float:
        """How far the wall's clock is ahead of the steady one. It changes only when somebody sets the clock."""
        return self.wall - self.steady


class Clocks(Struct, frozen=True, kw_only=True):
    """A pair of clocks, and the life of the machine in which the steady one counts."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float]
    """Seconds of this life of the machine, those asleep among them. Nobody can set it."""
    boot: str
    """Names this life of the machine; the same for all of its processes. Empty: there is no witness here, and
    the wall's clock is believed.
    """

    def read(self) -> Reading:
        """Both at one moment, also where the processor was away between them."""
        best, width = Reading(wall=0.0, steady=0.0), float("inf")
        for _ in range(TRIES):
            before, wall, after = self.steady(), self.wall(), self.steady()
            if after - before < width:
                best, width = Reading(wall=wall, steady=before), after - before
            if width < SAME_MOMENT_S:
                break
        return best


UNWITNESSED = Clocks(steady=time.monotonic, boot="")


def of_this_machine() -> Clocks:
    """Linux has a clock that counts since the machine started, and a name for each start."""
    try:
        boot = BOOT_ID.read_text(encoding="ascii").strip()
        number = time.CLOCK_BOOTTIME
    except (OSError, AttributeError):
        return UNWITNESSED
    return Clocks(steady=lambda: time.clock_gettime(number), boot=boot)
