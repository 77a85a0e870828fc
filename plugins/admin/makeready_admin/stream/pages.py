"""Activity: what people did, what became of orders, what the machines told one another, in one stream."""

from starlette.responses import Response

from makeready_admin.settings.words import differences_of
from makeready_admin.stream.events import (
    Chip,
    Event,
    of_act,
    of_change,
    of_line,
    of_refused,
    of_webhook,
    page_of_events,
    without_told,
)
from makeready_admin.stream.store import happenings_of
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import marked

SHOWN = 50
EVER = 1e12
CHIPS = {
    "": marked("Everything"),
    Chip.PEOPLE: marked("People"),
    Chip.ORDERS: marked("Orders"),
    Chip.TECHNICAL: marked("Technical"),
}


async def show_activity(visit: Visit) -> Response:
    show = visit.query("show")
    chips = (Chip(show),) if show in tuple(Chip) else tuple(Chip)
    before = _before(visit.query("before"))
    found = [event for chip in chips for event in await _events(visit, chip, before)]
    events, following = page_of_events(found, SHOWN)
    return await visit.page(
        "stream.html",
        events=events,
        chips=CHIPS,
        show=show,
        older=f"{following!r}" if following else "",
        begun=before < EVER,
    )


def _before(text: str) -> float:
    """A moment of a page before; anything else begins at the newest."""
    try:
        return min(max(float(text), 0.0), EVER) if text else EVER
    except ValueError:
        return EVER


async def _events(visit: Visit, chip: Chip, before: float) -> list[Event]:
    store, name, most = happenings_of(visit.installation), visit.subscriber.name, SHOWN + 1
    if chip is Chip.ORDERS:
        return [of_line(one) for one in await store.lines(name, before, most)]
    if chip is Chip.TECHNICAL:
        came = [
            of_webhook(one, _title(visit, one.connector)) for one in await store.webhooks(name, before, most)
        ]
        return came + [of_refused(one) for one in await store.refused(name, before, most)]
    changes = await store.changes(name, before, most)
    acts = without_told(await store.acts(name, before, most), changes)
    told = [of_change(one, list(differences_of(visit.installation, one))) for one in changes]
    return told + [of_act(one) for one in acts]


def _title(visit: Visit, connector: str) -> str:
    kinds = visit.installation.kinds
    return kinds[connector].title if connector in kinds else connector


PAGES = (page("/subscribers/{subscriber}/activity", Needs.SEE, show_activity),)
