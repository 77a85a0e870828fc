"""The list of order lines."""

from collections.abc import Sequence
from urllib.parse import urlencode

from makeready.orders import before_start
from makeready.orders.before_start import Choice
from makeready.orders.line_filter import LineFilter
from makeready.orders.model import LineRow, UnreadableOrder
from makeready.orders.views.search import STATES, page_of_lines
from makeready.times import parse_time
from makeready_hooks.errors import ConfigError
from starlette.responses import Response

from makeready_admin.live.pages import watch_address
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import Visit

SHOWN = 50
FILTERS = ("q", "customer", "product", "state", "from", "to")


async def show_orders(visit: Visit) -> Response:
    given = {name: visit.query(name) for name in FILTERS}
    try:
        lines, unreadable, next_page = await _find(visit, given)
        status, error = 200, None
    except ConfigError as exc:
        lines, unreadable, next_page, status, error = [], [], "", 422, exc
    return await visit.page(
        "orders.html",
        status=status,
        lines=lines,
        unreadable=unreadable,
        given=given,
        next_page=next_page,
        states=STATES,
        before=await before_start.count(visit.installation, Choice(subscriber=visit.subscriber.name)),
        error=error,
        watch=await watch_address(visit),
    )


async def _find(
    visit: Visit, given: dict[str, str]
) -> tuple[Sequence[LineRow], Sequence[UnreadableOrder], str]:
    """A page of lines, with the first one also orders that cannot be read, and the query of the next page. Raises
    ConfigError for a filter that is wrong.
    """
    wanted = LineFilter(
        state=given["state"],
        start=parse_time(given["from"], field="from"),
        end=parse_time(given["to"], field="to", is_end=True),
        query=given["q"],
        customer=given["customer"],
        product=given["product"],
    )
    lines, cursor = await page_of_lines(
        visit.installation.store.lines,
        visit.subscriber.name,
        wanted,
        limit=SHOWN,
        cursor=visit.query("cursor"),
    )
    kept = {name: value for name, value in given.items() if value}
    following = urlencode({**kept, "cursor": cursor}) if cursor else ""
    if visit.query("cursor"):
        return lines, (), following
    unreadable = await visit.installation.store.unreadable.find(visit.subscriber.name, wanted, limit=SHOWN)
    return lines, unreadable, following


PAGES = (page("/subscribers/{subscriber}/orders", Needs.SEE, show_orders),)
