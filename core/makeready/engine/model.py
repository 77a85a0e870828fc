"""Work that is due, as Structs."""

from msgspec import Struct


class Work(Struct, frozen=True, kw_only=True):
    """One thing to be done, claimed for a while."""

    id: int
    subscriber: str
    kind: str
    key: str
    wanted: int
    attempts: int
    hint: str = ""


class FailingWork(Struct, frozen=True, kw_only=True):
    """Work that went wrong and is tried again."""

    kind: str
    key: str
    failing_since: float
    error: str
    """What went wrong last time."""
    due_at: float
    needs_person: bool
    """It will go wrong until somebody changes something."""


class NewWork(Struct, frozen=True, kw_only=True):
    """Something to be done at or after ``due_at``. One row per subscriber, kind and key."""

    subscriber: str
    kind: str
    key: str
    due_at: float
    hint: str = ""
