"""A place in a list, as text for an address."""

import base64
import binascii
from typing import TypeVar

import msgspec
from makeready_hooks.errors import ConfigError

from makeready.records import LineRow
from makeready.store.listing import Position

T = TypeVar("T")


def cursor_of(last: LineRow) -> str:
    return write_position((last.updated_at, last.order_number, last.line))


def position_of(cursor: str) -> Position:
    """Raises ConfigError for a text that is none."""
    return Position(*read_position(cursor, tuple[float, str, int]))


def write_position(position: object) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode()


def read_position(cursor: str, kind: type[T]) -> T:
    """Raises ConfigError for a text that is none."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor), type=kind)
    except (binascii.Error, ValueError):  # msgspec's errors are ValueErrors too
        raise ConfigError(
            "This is not a place in a list.", field="cursor", fix="Give next_cursor as it came."
        ) from None
