"""A rehearsal: what would happen with each order of some days. Shop and MIS are only read, nothing is changed."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from makeready.times import from_seconds
from makeready_hooks.errors import ConfigError
from makeready_inspect import rehearse
from makeready_inspect.rehearse import Rehearsal, Rehearsed
from markupsafe import escape
from msgspec import Struct
from starlette.responses import Response

from makeready_admin.products.pages import page_number
from makeready_admin.web.frame import readable
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import Visit

SHOWN = 50
MOST_DAYS = 90
DEFAULT_DAYS = 3
ROOM = 50_000
"""Characters of payloads on a page."""
KEEP_S = 300.0
"""So long the pages of a rehearsal are of the same one."""
SIGNS = {
    rehearse.WOULD_GO: "ready",
    rehearse.IN_MIS: "done",
    rehearse.BEFORE: "before_start",
    rehearse.SENT: "done",
    rehearse.UNMAPPED: "failed",
}
"""Of outcomes, by the state that has the same; the others are states."""


class Played(Struct, frozen=True, kw_only=True):
    """What would become of lines, with the text of what would be sent."""

    one: Rehearsed
    payload: str


def with_payloads(lines: Sequence[Rehearsed]) -> list[Played]:
    """As long as there is room: no page is over 100 kB. An order's own page shows what has none."""
    left, shown = ROOM, []
    for one in lines:
        text = readable(one.payload) if one.payload else ""
        if len(escape(text)) > left:
            text = ""
        left -= len(escape(text))
        shown.append(Played(one=one, payload=text))
    return shown


class Performance(Struct, frozen=True, kw_only=True):
    """A rehearsal and when it was."""

    at: float
    rehearsal: Rehearsal


async def show_rehearsal(visit: Visit) -> Response:
    """Without days nothing is asked of shop and MIS."""
    given = visit.query("days")
    days = _days(given) if given else DEFAULT_DAYS
    asked = (
        await visit.ask("rehearsal", days, question=lambda: _play(visit, days), keep_s=KEEP_S)
        if given
        else None
    )
    done = asked.value.rehearsal.lines if asked and asked.value else ()
    outcome, number = visit.query("outcome"), page_number(visit)
    chosen = [one for one in done if not outcome or one.outcome == outcome]
    place = slice(number * SHOWN, (number + 1) * SHOWN)
    return await visit.page_with_part(
        "rehearsal.html",
        asked is not None and asked.waiting,
        days=days,
        most_days=MOST_DAYS,
        asked=asked,
        outcome=outcome,
        played=with_payloads(chosen[place]),
        next_page=_address(days, outcome, number + 1) if len(chosen) > place.stop else "",
        addresses={name: _address(days, name) for name in ["", *{one.outcome: 1 for one in done}]},
        signs=SIGNS,
    )


async def _play(visit: Visit, days: int) -> Performance:
    """Orders may bear a time that is a little ahead of our clock."""
    at = visit.installation.clock()
    start, end = from_seconds(at) - timedelta(days=days), from_seconds(at) + timedelta(hours=1)
    return Performance(
        at=at, rehearsal=await rehearse.rehearse(visit.installation, visit.subscriber, start, end)
    )


def _days(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MOST_DAYS:
        return int(text)
    raise ConfigError(
        f"{text!r} is not a number of days.", field="days", fix=f"Give one from 1 to {MOST_DAYS}."
    )


def _address(days: int, outcome: str, number: int = 0) -> str:
    given = {"days": str(days), "outcome": outcome, "page": str(number or "")}
    return urlencode({name: value for name, value in given.items() if value})


PAGES = (page("/subscribers/{subscriber}/rehearsal", Needs.SEE, show_rehearsal),)
