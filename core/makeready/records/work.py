"""Webhooks as they came, and work that is due."""

from msgspec import Struct


class Delivery(Struct, frozen=True, kw_only=True):
    """A webhook as it came in."""

    id: int = 0
    key: str
    body: bytes
    event: str
    order_number: str
    received_at: float = 0.0


class RefusedDelivery(Struct, frozen=True, kw_only=True):
    """A webhook that was not accepted: not genuine, or not to be read."""

    id: int = 0
    connector: str
    received_at: float
    reason: str
    body: bytes
    """Its beginning."""


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
