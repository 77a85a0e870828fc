"""Pages of long lists: cursors, and where the next page begins."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

import msgspec
from makeready_hooks.errors import ConfigError
from msgspec import Meta

from makeready.web.api.shapes import PageQuery

Number = Annotated[int, Meta(ge=0, le=2**53)]
"""One that the store can hold."""


T = TypeVar("T")


P = TypeVar("P")


def page_by_key(
    items: Sequence[T], query: PageQuery, key: Callable[[T], str]
) -> tuple[tuple[T, ...], str | None]:
    """One page and the cursor of the next, of items that have a key each and are sorted by it."""
    after = place_of(query.cursor, str) if query.cursor else ""
    rest = [one for one in items if key(one) > after]
    page = tuple(rest[: query.limit])
    return page, as_cursor(key(page[-1])) if len(rest) > len(page) else None


def page_by_place(items: Sequence[T], query: PageQuery) -> tuple[tuple[T, ...], str | None]:
    """The same by counting, of items whose order does not change."""
    start = number_in(query.cursor)
    end = start + query.limit
    return tuple(items[start:end]), as_cursor(end) if len(items) > end else None


def page_of(found: Sequence[T], limit: int, place: Callable[[T], object]) -> tuple[Sequence[T], str | None]:
    """The same of items that the store gave, one more than a page holds if there are so many. ``place``: where one
    stands, from which the store goes on."""
    page = found[:limit]
    return page, as_cursor(place(page[-1])) if len(found) > len(page) else None


def number_in(cursor: str) -> int:
    """A cursor that is a number; 0 for the first page. Raises ConfigError."""
    return place_of(cursor, Number) if cursor else 0


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
