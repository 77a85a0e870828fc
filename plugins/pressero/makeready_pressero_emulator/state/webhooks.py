"""Webhooks that the shop sends, and what became of them."""

from datetime import datetime

from msgspec import Struct


class Webhook(Struct, kw_only=True):
    webhook_id: str
    description: str
    security_key: str
    url: str
    events: list[str]


class Delivery(Struct, kw_only=True):
    """One attempt to deliver one event to one webhook."""

    event: str
    message_id: str
    webhook_id: str
    url: str
    order_number: int | None
    attempt: int
    at: datetime
    body: str
    message_hash: str | None
    status: int | None = None
    """HTTP status of the answer; None while under way, and if there was none."""
    error: str | None = None
