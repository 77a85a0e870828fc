"""What people were told, and who may use the JSON API."""

from enum import IntEnum
from typing import Literal

from msgspec import Struct


class Channel(IntEnum):
    """A way to tell people, as a bit: what was told is kept for each."""

    MAIL = 1
    WEBHOOK = 2


SEEN_BY_A_PERSON = 4
"""Beside the channels' bits: somebody has said that it is dealt with."""


class Telling(Struct, frozen=True, kw_only=True):
    """What people were told through one channel, and take to be so until they are told that it is over."""

    topic: str
    title: str
    since: float
    told_at: float


Scope = Literal["read", "change", "operator"]
"""``read``: look. ``change``: also decide and change. ``operator``: what concerns settings, users, tokens and the
audit log as well."""


class Token(Struct, frozen=True, kw_only=True):
    """Who may use the JSON API, and for what. The token itself is not kept."""

    name: str
    hash: str
    """SHA-256 of the token, as hexadecimal digits."""
    subscriber: str
    """Empty for all of them."""
    read_only: bool
    operator: bool
    """It may do what operators do, in the pages; only one for all subscribers can be."""
    created_at: float
    expires_at: float
    """0 for never."""

    def is_for(self, subscriber: str) -> bool:
        return self.subscriber in ("", subscriber)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        change: tuple[Scope, ...] = () if self.read_only else ("change",)
        operator: tuple[Scope, ...] = ("operator",) if self.operator else ()
        return ("read", *change, *operator)


class EarlierAnswer(Struct, frozen=True, kw_only=True):
    """What a call with the same idempotency key was answered."""

    fingerprint: str
    """Of the call."""
    status: int
    """0 while it is under way."""
    content_type: str
    body: bytes
