"""Bodies of calls as they came or went: JSON as a rule, whatever else a vendor sends as text."""

from typing import Any

import msgspec


def as_data(body: bytes) -> Any:
    """What the JSON holds; what is none stays a text."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return body.decode("utf-8", "replace")


def as_lines(body: bytes) -> str:
    """JSON over several lines; anything else as text."""
    try:
        return msgspec.json.format(body, indent=2).decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return body.decode("utf-8", "replace")
