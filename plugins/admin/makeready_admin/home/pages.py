"""The first pages: all companies for an operator, one company today for everybody."""

from makeready.orders import before_start
from makeready.orders.before_start import Choice
from makeready.orders.model import LineState
from makeready_hooks.errors import CallRejected
from starlette.responses import Response

from makeready_admin.activity.schedule import titles
from makeready_admin.home import charts
from makeready_admin.home.overview import details, last_days, overview
from makeready_admin.home.usage import limit_uses, price_hours
from makeready_admin.live.pages import watch_address
from makeready_admin.products.pages import page_number
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import ROOT, Visit, redirect

SHOWN = 40
"""Companies on a page."""


async def companies(visit: Visit) -> Response:
    if visit.user.role != "operator":
        return redirect(f"{ROOT}/subscribers/{visit.user.subscriber}")
    store, number = visit.installation.store, page_number(visit)
    everyone = await store.subscribers.all()
    waiting = {one.name: (await store.attention.counts(one.name)).total for one in everyone}
    worst_first = sorted(everyone, key=lambda one: not waiting[one.name])
    place = slice(number * SHOWN, (number + 1) * SHOWN)
    shown = [await overview(visit.installation, one) for one in worst_first[place]]
    return await visit.page(
        "companies.html",
        shown=sorted(shown, key=lambda one: (not one.waiting.total, all(side.ok for side in one.health))),
        total=len(everyone),
        number=number,
        more=len(everyone) > place.stop,
    )


async def today(visit: Visit) -> Response:
    days = await last_days(visit.installation, visit.subscriber)
    seen = await overview(visit.installation, visit.subscriber)
    hours = await price_hours(visit.installation, visit.subscriber)
    uses = await limit_uses(visit.installation, visit.subscriber, seen.loads)
    return await visit.page(
        "today.html",
        glance=seen,
        details=await details(visit.installation, seen),
        before=await before_start.count(visit.installation, Choice(subscriber=visit.subscriber.name)),
        watch=await watch_address(visit),
        days=days,
        states=[state for state in LineState if any(state in day.counts for day in days)],
        price_hours=hours,
        uses=uses,
        clock_times=charts.clock_times(visit.subscriber, [hour.at for hour in hours]),
        titles=titles(),
        drawings={
            "orders": charts.of_orders(days),
            "prices": charts.of_prices(visit.subscriber, hours),
            "calls": charts.of_calls(visit.subscriber, uses),
        },
    )


async def nothing_here(visit: Visit) -> Response:
    raise CallRejected("There is nothing at this address.", status=404)


NOTHING = page("/{rest:path}", Needs.NOTHING, nothing_here)
"""The last of all."""

PAGES = (
    page("", Needs.USER, companies),
    page("/subscribers/{subscriber}", Needs.SEE, today),
)
