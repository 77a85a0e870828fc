"""Webhooks as they came."""

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
