"""The first day of a shop: lines from before our time, which a person includes or dismisses, counted first."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from makeready.installation import Installation
from makeready.orders import before_start
from makeready.orders.before_start import Choice
from makeready.orders.model import LineRow
from makeready_hooks.errors import CallRejected, ConfigError
from makeready_inspect.rehearse import Rehearsal, rehearse_known
from msgspec import Struct
from starlette.responses import Response

from makeready_admin.orders.rehearsal import SIGNS, with_payloads
from makeready_admin.products.pages import page_number
from makeready_admin.web.asking import Asked
from makeready_admin.web.page import Needs, form, page
from makeready_admin.web.request import Visit

SHOWN = 25
"""Lines on a page; so many orders are asked for together."""
SHOWN_LINES = 200
"""Before a decision; of more, how many there are."""
KEEP_ANSWER_S = 60.0
EVERYTHING, APART = "everything", "ready_after"
"""Fields: all lines; those that became ready only after our time began."""

Decide = Callable[[Installation, Choice, str], Awaitable[int]]


class Picked(Struct, frozen=True, kw_only=True):
    """What a person has picked, as it stands in the form and in the address."""

    orders: tuple[str, ...]
    everything: bool
    ready_after: bool

    def choice(self, visit: Visit) -> Choice:
        """Raises ConfigError for nothing: that is not everything."""
        if not self.orders and not self.everything and not self.ready_after:
            raise ConfigError(
                "No order is ticked.", field="order", fix="Go back and tick some, or choose all of them."
            )
        orders = () if self.everything else self.orders
        return Choice(subscriber=visit.subscriber.name, orders=orders, ready_after=self.ready_after)


async def show_first_day(visit: Visit) -> Response:
    """Those that nobody else can have sent are listed apart."""
    name, number = visit.subscriber.name, page_number(visit)
    found = await _lines(visit, Choice(subscriber=name), SHOWN + 1, skip=SHOWN * number)
    apart = Choice(subscriber=name, ready_after=True)
    asked = await _ask(visit, found[:SHOWN]) if visit.query("ask") and found else None
    return await visit.page_with_part(
        "first-day.html",
        asked is not None and asked.waiting,
        count=await before_start.count(visit.installation, Choice(subscriber=name)),
        apart=await _lines(visit, apart, SHOWN),
        apart_count=await before_start.count(visit.installation, apart),
        lines=found[:SHOWN],
        number=number,
        more=len(found) > SHOWN,
        asked=asked,
        played=with_payloads(asked.value.lines) if asked and asked.value else (),
        signs=SIGNS,
        start=visit.subscriber.orders.start,
    )


async def _lines(visit: Visit, choice: Choice, limit: int, skip: int = 0) -> list[LineRow]:
    return await before_start.lines(visit.installation, choice, limit=limit, skip=skip)


async def _ask(visit: Visit, lines: list[LineRow]) -> Asked[Rehearsal]:
    """What a rehearsal says of the lines of this page."""
    keys = tuple((line.order_number, line.line) for line in lines)
    return await visit.ask(
        "first day",
        keys,
        question=lambda: rehearse_known(visit.installation, visit.subscriber, lines),
        keep_s=KEEP_ANSWER_S,
    )


async def show_decision(visit: Visit) -> Response:
    """What was picked, counted, before anything is decided."""
    picked = Picked(
        orders=tuple(dict.fromkeys(filter(None, visit.request.query_params.getlist("order")))),
        everything=bool(visit.query(EVERYTHING)),
        ready_after=bool(visit.query(APART)),
    )
    choice = picked.choice(visit)
    return await visit.page(
        "first-day-decision.html",
        picked=picked,
        count=await before_start.count(visit.installation, choice),
        lines=await _lines(visit, choice, SHOWN_LINES),
    )


async def include(visit: Visit) -> Response:
    done = await _decide(visit, before_start.include)
    return await visit.told(f"{_lines_of(done)} will be sent.", f"{visit.home}/first-day")


async def dismiss(visit: Visit) -> Response:
    done = await _decide(visit, before_start.dismiss)
    return await visit.told(f"{_lines_of(done)} will not be sent.", f"{visit.home}/first-day")


async def _decide(visit: Visit, decide: Decide) -> int:
    """Raises CallRejected if it would be about other lines than those that were counted."""
    picked = Picked(
        orders=visit.form.all("order"),
        everything=visit.form.ticked(EVERYTHING),
        ready_after=visit.form.ticked(APART),
    )
    choice = picked.choice(visit)
    now = await before_start.count(visit.installation, choice)
    if str(now) != visit.form.text("counted"):
        raise CallRejected(
            f"It would be {_lines_of(now)} now, which is not what was counted. Nothing was done.",
            status=409,
            fix="Go back, load the page again, and look at them once more.",
        )
    return await decide(visit.installation, choice, visit.user.name)


def _lines_of(count: int) -> str:
    return f"{count:,} line{'s' * (count != 1)}"


def decision_address(visit: Visit, number: str) -> str:
    """Where one order is decided."""
    return f"{visit.home}/first-day/decide?{urlencode({'order': number})}"


AT = "/subscribers/{subscriber}/first-day"

PAGES = (
    page(AT, Needs.SEE, show_first_day),
    page(f"{AT}/decide", Needs.CHANGE, show_decision),
    form(f"{AT}/include", Needs.CHANGE, include, "orders include", target="order"),
    form(f"{AT}/dismiss", Needs.CHANGE, dismiss, "orders dismiss", target="order"),
)
