"""Pages of order lines that a filter finds."""

from makeready.orders.model import LineFilter, LinePosition, LineRow
from makeready.orders.store.search import Lines
from makeready.web.paging import Number, cursor_of, place_of


async def page_of_lines(
    lines: Lines, subscriber: str, wanted: LineFilter, *, limit: int, cursor: str
) -> tuple[list[LineRow], str]:
    """A page, and the cursor of the next; "" at the end. Raises ConfigError for a cursor that is none."""
    after = position_of(cursor) if cursor else None
    found = await lines.find(subscriber, wanted, limit=limit + 1, after=after)
    page = found[:limit]
    return page, cursor_of(page[-1]) if len(found) > limit else ""


def position_of(cursor: str) -> LinePosition:
    """Of a list of order lines. Raises ConfigError for a text that is none."""
    return LinePosition(*place_of(cursor, tuple[float, str, Number]))
