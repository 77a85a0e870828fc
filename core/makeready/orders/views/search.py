"""Pages of order lines that a filter finds."""

from collections.abc import Sequence

from makeready.orders.model import LineFilter, LinePosition, LineRow
from makeready.orders.store.search import Lines
from makeready.web.paging import Number, page_of, place_of


async def page_of_lines(
    lines: Lines, subscriber: str, wanted: LineFilter, *, limit: int, cursor: str
) -> tuple[Sequence[LineRow], str]:
    """A page, and the cursor of the next; "" at the end. Raises ConfigError for a cursor that is none."""
    after = LinePosition(*place_of(cursor, tuple[float, str, Number])) if cursor else None
    found = await lines.find(subscriber, wanted, limit=limit + 1, after=after)
    page, following = page_of(found, limit, lambda one: (one.updated_at, one.order_number, one.line))
    return page, following or ""
