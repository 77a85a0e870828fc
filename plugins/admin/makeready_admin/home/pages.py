"""The first page of a company: what needs attention, how both sides do, the last orders."""

import math

import msgspec
from makeready.orders import before_start
from makeready.orders.before_start import Choice
from makeready.orders.model import LineState
from makeready_hooks import Role
from makeready_hooks.errors import CallRejected
from makeready_inspect.health import Health
from starlette.responses import Response

from makeready_admin.activity.schedule import titles
from makeready_admin.companies.look import companies_now
from makeready_admin.companies.trouble import waiting_words
from makeready_admin.home import charts
from makeready_admin.home.overview import Overview, details, last_days, overview
from makeready_admin.home.recent import recent_orders
from makeready_admin.home.usage import limit_uses, price_hours
from makeready_admin.inbox.groups import Group, groups_of
from makeready_admin.inbox.marks import marks_of
from makeready_admin.inbox.store import MOST_ALIKE, waiting_of
from makeready_admin.live.pages import watch_address
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _

DAYS_FOR_CHARTS = 3
"""With orders on them: one bar and two dots tell nobody anything."""
SHOWN_GROUPS = 5


async def show_overview(visit: Visit) -> Response:
    installation, subscriber = visit.installation, visit.subscriber
    [company] = await companies_now(installation, [subscriber])
    seen = await overview(installation, subscriber, company.facts)
    groups = await _groups(visit)
    return await visit.page(
        "overview.html",
        company=company,
        glance=seen,
        details=await details(installation, seen),
        answered=_answered_percent(seen),
        groups=groups[:SHOWN_GROUPS],
        more_groups=max(0, len(groups) - SHOWN_GROUPS),
        others=waiting_words(msgspec.structs.replace(seen.waiting, refused=0, parked=0)),
        before=await before_start.count(installation, Choice(subscriber=subscriber.name)),
        orders=await recent_orders(installation, subscriber.name),
        sides=_sides(visit, seen),
        watch=await watch_address(visit),
        titles=titles(),
        charts=await _charts(visit, seen),
    )


def _answered_percent(seen: Overview) -> str:
    """Never 100 as long as one buyer was left without a price."""
    speed = seen.prices
    percent = 100 * (speed.total - speed.refused) / speed.total if speed.total else 0
    return f"{math.floor(10 * percent) / 10:g}"


async def _groups(visit: Visit) -> list[Group]:
    """Rejected and unconfirmed orders by their cause, without what rests."""
    store, name = visit.installation.store, visit.subscriber.name
    lines = await waiting_of(store).lines(name, MOST_ALIKE)
    groups, _resting = groups_of(lines, await marks_of(store).of(name), visit.installation.clock())
    return groups


def _sides(visit: Visit, seen: Overview) -> list[tuple[str, str, list[Health]]]:
    """A tile for shops and one for MIS: its picture, what it is called, how each connector does."""
    kinds = visit.installation.kinds
    of_role = {
        role: [one for one in seen.health if one.connector in kinds and kinds[one.connector].role is role]
        for role in (Role.STOREFRONT, Role.MIS)
    }
    return [("shop", _("Shop"), of_role[Role.STOREFRONT]), ("mis", _("MIS"), of_role[Role.MIS])]


async def _charts(visit: Visit, seen: Overview) -> dict[str, object] | None:
    """What the charts show; None as long as there is too little to draw."""
    days = await last_days(visit.installation, visit.subscriber)
    if sum(bool(day.counts) for day in days) < DAYS_FOR_CHARTS:
        return None
    hours = await price_hours(visit.installation, visit.subscriber)
    uses = await limit_uses(visit.installation, visit.subscriber, seen.loads)
    return {
        "days": days,
        "states": [state for state in LineState if any(state in day.counts for day in days)],
        "price_hours": hours,
        "uses": uses,
        "clock_times": charts.clock_times(visit.subscriber, [hour.at for hour in hours]),
        "drawings": {
            "orders": charts.of_orders(days),
            "prices": charts.of_prices(visit.subscriber, hours),
            "calls": charts.of_calls(visit.subscriber, uses),
        },
    }


async def nothing_here(visit: Visit) -> Response:
    raise CallRejected("There is nothing at this address.", status=404)


NOTHING = page("/{rest:path}", Needs.NOTHING, nothing_here)
"""The last of all."""

PAGES = (page("/subscribers/{subscriber}", Needs.SEE, show_overview),)
