"""What needs attention, as Structs."""

from collections.abc import Sequence

from msgspec import Struct

from makeready.engine.model import FailingWork
from makeready.orders.artwork.model import BadFile
from makeready.orders.model import LineRow


class AttentionCounts(Struct, frozen=True, kw_only=True):
    """How much of each kind waits."""

    refused: int
    parked: int
    noticed: int
    files: int
    work: int

    @property
    def total(self) -> int:
        return self.refused + self.parked + self.noticed + self.files + self.work


class NeedsAttention(Struct, frozen=True, kw_only=True):
    """The oldest of each kind first."""

    lines: Sequence[LineRow]
    """Refused or parked."""
    noticed: Sequence[LineRow]
    """Changed in the shop after they were sent."""
    files: Sequence[BadFile]
    work: Sequence[FailingWork]
