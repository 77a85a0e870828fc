"""A ledger's life, what is written beside the state file about it, and how it was broken."""

from enum import StrEnum

from msgspec import Struct


class BreakKind(StrEnum):
    RESTORED = "restored"
    """Another state of the same file stands at its place: what was sent since that state is not in it."""
    COPIED = "copied"
    """The file came here from elsewhere, or lost its witness: another instance may be at work on its twin."""
    TAKEN_OVER = "taken over"
    """A person said that no other instance is at work any more."""
    DECLARED = "declared"
    """A person said that the ledger may not know all that was sent."""


class Life(Struct, frozen=True, kw_only=True):
    """Of the ledger in a state file."""

    name: str
    """Of its own; a new one after each break."""
    departures: int
    """How many attempts have left in it: it only grows."""


class Witness(Struct, frozen=True, kw_only=True):
    """What stands beside the state file, in a file of its own that no backup puts back by itself."""

    life: str
    departures: int
    """At least so many attempts have left."""
    file: int
    """The inode of the state file."""
    own: int
    """The inode of the witness itself: a copy of both files has others."""


class Break(Struct, frozen=True, kw_only=True):
    """What was placed before a break, and did not leave in this ledger, may have been sent by somebody else."""

    at: float
    kind: BreakKind
    cause: str
    actor: str
