"""Lists, a page at a time, of what is read as a whole."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from makeready.web.api.shapes import PageQuery
from makeready.web.paging import Number, as_cursor, place_of

T = TypeVar("T")


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
    start = first_of(query)
    end = start + query.limit
    return tuple(items[start:end]), as_cursor(end) if len(items) > end else None


def first_of(query: PageQuery) -> int:
    """How many items come before the page. Raises ConfigError."""
    return place_of(query.cursor, Number) if query.cursor else 0
