"""A place in a list of order lines, as text for an address."""

import base64
import binascii

import msgspec
from makeready_hooks.errors import ConfigError

from makeready.records import LineRow
from makeready.store.listing import Position


def cursor_of(last: LineRow) -> str:
    position = (last.updated_at, last.order_number, last.line)
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode()


def position_of(cursor: str) -> Position:
    """Raises ConfigError for a text that is none."""
    try:
        text = base64.urlsafe_b64decode(cursor)
        return Position(*msgspec.json.decode(text, type=tuple[float, str, int]))
    except (binascii.Error, ValueError):  # msgspec's errors are ValueErrors too
        raise ConfigError(
            "This is not a place in a list.", field="cursor", fix="Give next_cursor as it came."
        ) from None
