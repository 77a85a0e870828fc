"""A place in a list, as text for an address."""

import base64
import binascii
from typing import Annotated, TypeVar

import msgspec
from makeready_hooks.errors import ConfigError
from msgspec import Meta

from makeready.records import LineRow
from makeready.store.listing import LineFilter, Lines, Position

P = TypeVar("P")
Number = Annotated[int, Meta(ge=0, le=2**53)]
"""One that the store can hold."""


def as_cursor(place: object) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode()


def place_of(cursor: str, kind: type[P]) -> P:
    """Raises ConfigError for a text that is none."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor), type=kind)
    except (binascii.Error, ValueError):  # msgspec's errors are ValueErrors too
        raise ConfigError(
            "This is not a place in a list.", field="cursor", fix="Give next_cursor as it came."
        ) from None


def cursor_of(last: LineRow) -> str:
    return as_cursor((last.updated_at, last.order_number, last.line))


async def page_of_lines(
    lines: Lines, subscriber: str, wanted: LineFilter, *, limit: int, cursor: str
) -> tuple[list[LineRow], str]:
    """A page, and the cursor of the next; "" at the end. Raises ConfigError for a cursor that is none."""
    after = position_of(cursor) if cursor else None
    found = await lines.find(subscriber, wanted, limit=limit + 1, after=after)
    page = found[:limit]
    return page, cursor_of(page[-1]) if len(found) > limit else ""


def position_of(cursor: str) -> Position:
    """Of a list of order lines. Raises ConfigError for a text that is none."""
    return Position(*place_of(cursor, tuple[float, str, Number]))
