"""What people were told, and who may use the JSON API."""

from enum import IntEnum

from msgspec import Struct


class Channel(IntEnum):
    """A way to tell people, as a bit: what was told is kept for each."""

    MAIL = 1
    WEBHOOK = 2


class Telling(Struct, frozen=True, kw_only=True):
    """What people were told through one channel, and take to be so until they are told that it is over."""

    topic: str
    title: str
    since: float
    told_at: float


class Token(Struct, frozen=True, kw_only=True):
    """Who may use the JSON API, and for what. The token itself is not kept."""

    name: str
    hash: str
    """SHA-256 of the token, as hexadecimal digits."""
    subscriber: str
    """Empty for all of them."""
    read_only: bool
    created_at: float
    expires_at: float
    """0 for never."""


class EarlierAnswer(Struct, frozen=True, kw_only=True):
    """What a call with the same idempotency key was answered."""

    fingerprint: str
    """Of the call."""
    status: int
    """0 while it is under way."""
    content_type: str
    body: bytes
