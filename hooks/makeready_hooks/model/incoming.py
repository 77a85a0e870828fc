"""Calls that come in from a vendor, and how they are answered, without any web framework."""

from collections.abc import Mapping

from msgspec import Struct


class IncomingCall(Struct, frozen=True, kw_only=True):
    method: str
    headers: Mapping[str, str]
    """Names in lower case."""
    query: Mapping[str, str] = {}
    body: bytes = b""


class CallAnswer(Struct, frozen=True, kw_only=True):
    status: int
    body: bytes
    content_type: str = "application/json"
