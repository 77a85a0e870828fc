"""Calls that come in from a vendor, and how they are answered, without any web framework."""

from collections.abc import Mapping

from msgspec import Struct


class IncomingCall(Struct, frozen=True, kw_only=True):
    """A call from a vendor to one of our addresses."""

    method: str
    """``GET`` or ``POST``."""
    headers: Mapping[str, str]
    """Names in lower case."""
    query: Mapping[str, str] = {}
    """By name, decoded; of one that is given twice, the last."""
    body: bytes = b""
    """As it came: a signature is of these bytes."""


class CallAnswer(Struct, frozen=True, kw_only=True):
    """What the vendor is answered."""

    status: int
    """Of HTTP."""
    body: bytes
    """As it is sent."""
    content_type: str = "application/json"
    """With its character set where it is not UTF-8."""
