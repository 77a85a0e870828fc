"""How much waits for a person; `makeready.stores` counts it in every room that has such."""

from msgspec import Struct


class AttentionCounts(Struct, frozen=True, kw_only=True):
    """How much of each kind waits."""

    refused: int
    parked: int
    noticed: int
    unreadable: int
    files: int
    work: int

    @property
    def total(self) -> int:
        return self.refused + self.parked + self.noticed + self.unreadable + self.files + self.work
