"""The first pages: all companies for an operator, one company today for everybody."""

from makeready_hooks.errors import CallRejected
from starlette.responses import Response

from makeready.flows.first_steps import first_steps
from makeready.flows.overview import details, glance, last_days
from makeready.store.states import LineState
from makeready.web.pages.table import Needs, page
from makeready.web.pages.visit import ROOT, Visit, redirect


async def companies(visit: Visit) -> Response:
    if visit.user.role != "operator":
        return redirect(f"{ROOT}/subscribers/{visit.user.subscriber}")
    found = await visit.installation.store.subscribers.all()
    return await visit.page("companies.html", all=[await glance(visit.installation, one) for one in found])


async def today(visit: Visit) -> Response:
    days = await last_days(visit.installation, visit.subscriber)
    return await visit.page(
        "today.html",
        glance=await glance(visit.installation, visit.subscriber),
        details=await details(visit.installation, visit.subscriber),
        steps=await first_steps(visit.installation, visit.subscriber),
        days=days,
        states=[state for state in LineState if any(state in day.counts for day in days)],
    )


async def nothing_here(visit: Visit) -> Response:
    raise CallRejected("There is nothing at this address.", status=404)


NOTHING = page("/{rest:path}", Needs.NOTHING, nothing_here)
"""The last of all."""

PAGES = (
    page("", Needs.USER, companies),
    page("/subscribers/{subscriber}", Needs.SEE, today),
)
