"""Pages of order lines that a filter finds."""

from collections.abc import Sequence

from makeready_hooks.errors import ConfigError

from makeready.orders.line_filter import LineFilter, LinePosition
from makeready.orders.model import UNREADABLE, LineRow, LineState
from makeready.orders.store.search import Lines
from makeready.web.paging import Number, page_of, place_of

STATES = (*map(str, LineState), UNREADABLE)
"""Of lines, and of orders of which no lines are known."""


async def page_of_lines(
    lines: Lines, subscriber: str, wanted: LineFilter, *, limit: int, cursor: str
) -> tuple[Sequence[LineRow], str]:
    """A page, and the cursor of the next; "" at the end. Raises ConfigError for a cursor or a state that is none."""
    if wanted.state and wanted.state not in STATES:
        raise ConfigError(
            f"There is no state {wanted.state!r}.", field="state", fix="Choose one of the list."
        )
    after = LinePosition(*place_of(cursor, tuple[float, str, Number])) if cursor else None
    found = await lines.find(subscriber, wanted, limit=limit + 1, after=after)
    page, following = page_of(found, limit, lambda one: (one.updated_at, one.order_number, one.line))
    return page, following or ""
