"""What comes from outside, read in one way: a text that makes no sense is an error with a name, whoever sent it."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

import msgspec


class Unreadable(ValueError):
    """It is not what it should be; the message says why, in words of the format."""


def read_json(body: bytes | str) -> Any:
    """Raises Unreadable for what is no JSON, is no UTF-8, or is nested beyond all measure."""
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeError) as exc:
        raise Unreadable(str(exc)) from None


def split_address(text: str) -> SplitResult:
    """The parts of an address; all are empty if it is none: ``http://[`` is none, nor is one with a port beyond 65535."""
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname
    except ValueError:
        return urlsplit("")
    return parts
