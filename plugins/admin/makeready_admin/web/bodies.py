"""Bodies of calls for people."""

import msgspec


def as_lines(body: bytes) -> str:
    """JSON over several lines; anything else as text."""
    try:
        return msgspec.json.format(body, indent=2).decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body.decode("utf-8", "replace")
