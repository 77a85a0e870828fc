"""What came of a life, and what is wrong with that."""

from collections.abc import Mapping

from makeready.orders.model import LineState
from msgspec import Struct

SETTLED = (LineState.ACCEPTED, LineState.PARKED, LineState.REFUSED, LineState.IGNORED, LineState.CANCELLED)


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a life."""

    seed: int
    expected: tuple[str, ...]
    in_mis: Mapping[str, int]
    """How many orders the MIS has, by our key."""
    states: Mapping[str, str]
    marked: int
    crashes: int
    troubles: Mapping[str, int]
    same_number: tuple[str, ...] = ()
    """What is wrong with orders that share a number with another; those are in nothing else."""
    late_s: float = 0.0
    """Seconds from the end of the weather, or from the last order if that came later, until all was done."""
    mismarked: int = 0
    """Items that carry the MIS number of the other order of their number."""
    decided: Mapping[str, int] = {}
    """What people said of what waited for them."""

    @property
    def lost(self) -> list[str]:
        waiting = (LineState.PARKED, LineState.REFUSED)
        return [
            key for key in self.expected if not self.in_mis.get(key) and self.states.get(key) not in waiting
        ]

    @property
    def parked(self) -> list[str]:
        """A person decides."""
        return [key for key in self.expected if self.states.get(key) == LineState.PARKED]

    @property
    def doubled(self) -> list[str]:
        return [key for key, count in self.in_mis.items() if count > 1]

    @property
    def unsettled(self) -> list[str]:
        return [key for key in self.expected if self.states.get(key) not in SETTLED]
