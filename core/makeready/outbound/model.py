"""Calls that left us, and how long they are kept."""

from typing import Annotated

from msgspec import Meta, Struct

MOST_CALLS = 200_000
"""More of one subscriber would make the page of calls slow."""


class CallRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long it is kept which calls were made; whatever ends sooner. About 250 bytes a call."""

    keep_days: Annotated[float, Meta(gt=0, le=90)] = 14.0
    keep: Annotated[
        int, Meta(ge=1000, le=MOST_CALLS, description="The newest; a thousand more may be there for a while.")
    ] = 100_000


class CallRow(Struct, frozen=True, kw_only=True):
    """A call to a vendor, or a message that told people of something. Nothing secret: no query, header, or body."""

    subscriber: str
    connector: str
    """Through which it was made; ``alerts`` and ``artwork`` for our own."""
    at: float
    """When it left."""
    host: str
    method: str
    path: str
    status: int
    """0 if no answer came."""
    error: str
    """Why no answer came; empty if one did."""
    ms: float
    """Milliseconds from leaving to the end of the answer. Waiting for the vendor's limit is not in it."""
    size: int
    """Bytes of the answer's body."""

    @property
    def failed(self) -> bool:
        return bool(self.error) or self.status >= 400


class CallCount(Struct, frozen=True, kw_only=True):
    """What went to one host through one connector, in some hours."""

    connector: str
    host: str
    hour: int
    """The first of them, since 1970."""
    calls: int
    failed: int
    ms: float
    """Of all of them together."""
