"""The charts of a company's first page, each at an address of its own: pages allow no style inside them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from makeready.orders.model import LineState
from makeready.subscribers.model import Subscriber
from makeready_hooks.errors import CallRejected
from markupsafe import Markup
from starlette.responses import Response

from makeready_admin.home.drawing import (
    BOTTOM,
    HEIGHT,
    RIGHT,
    STYLE,
    STYLE_HASH,
    WIDTH,
    Drawing,
    Kind,
    Series,
    Tick,
    time_ticks,
    whole_ticks,
)
from makeready_admin.home.loads import call_loads
from makeready_admin.home.overview import Day, last_days
from makeready_admin.home.usage import LimitUse, PriceHour, limit_uses, price_hours
from makeready_admin.web.frame import HEADERS
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import Visit
from makeready_admin.web.texts import gettext as _
from makeready_admin.web.words import state_words

COLOURS = {
    LineState.SEEN: "wait",
    LineState.WAITING: "wait",
    LineState.BEFORE_START: "past",
    LineState.READY: "work",
    LineState.SUBMITTING: "work",
    LineState.ACCEPTED: "good",
    LineState.REFUSED: "bad",
    LineState.IN_DOUBT: "doubt",
    LineState.PARKED: "warn",
    LineState.IGNORED: "rest",
    LineState.CANCELLED: "gone",
}
CHART_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": f"default-src 'none'; style-src '{STYLE_HASH}'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
IN_TURN = ("work", "doubt", "warn", "good")
"""Colours of connectors."""


def of_orders(days: Sequence[Day]) -> Drawing:
    states = [state for state in COLOURS if any(state in day.counts for day in days)]
    return Drawing(
        title=_("Order lines by the state that they came into, by day"),
        labels=[day.name for day in days],
        series=[
            Series(
                name=state_words(state),
                colour=COLOURS[state],
                values=[day.counts.get(state, 0) for day in days],
            )
            for state in states
        ],
        ticks=whole_ticks(max(day.total for day in days)),
    )


def of_prices(subscriber: Subscriber, hours: Sequence[PriceHour]) -> Drawing:
    times = [ms for hour in hours for ms in (hour.speed.p50_ms, hour.speed.p95_ms) if ms]
    return Drawing(
        title=_("Time to answer a question for a price, by hour"),
        labels=clock_times(subscriber, [hour.at for hour in hours]),
        series=[
            Series(name=_("19 of 20 within"), colour="doubt", values=[hour.speed.p95_ms for hour in hours]),
            Series(name=_("half within"), colour="work", values=[hour.speed.p50_ms for hour in hours]),
        ],
        ticks=time_ticks(min(times, default=1.0), max(times, default=1.0)),
        kind=Kind.LINES,
    )


def of_calls(subscriber: Subscriber, uses: Sequence[LimitUse]) -> Drawing:
    hours = [hour.at for hour in uses[0].hours] if uses else []
    return Drawing(
        title=_("The fullest window of each hour, in percent of the vendor's limit"),
        labels=clock_times(subscriber, hours),
        series=[
            Series(
                name=use.connector,
                colour=IN_TURN[place % len(IN_TURN)],
                values=[hour.percent for hour in use.hours],
            )
            for place, use in enumerate(uses)
        ],
        ticks=[
            Tick(value=0, label="0"),
            Tick(value=50, label="50 %"),
            Tick(value=100, label=_("limit"), marked=True),
        ],
        kind=Kind.BARS,
    )


async def _orders(visit: Visit) -> Drawing:
    return of_orders(await last_days(visit.installation, visit.subscriber))


async def _prices(visit: Visit) -> Drawing:
    return of_prices(visit.subscriber, await price_hours(visit.installation, visit.subscriber))


async def _calls(visit: Visit) -> Drawing:
    loads = await call_loads(visit.installation, visit.subscriber)
    return of_calls(visit.subscriber, await limit_uses(visit.installation, visit.subscriber, loads))


CHARTS: dict[str, Callable[[Visit], Awaitable[Drawing]]] = {
    "orders": _orders,
    "prices": _prices,
    "calls": _calls,
}


async def chart(visit: Visit) -> Response:
    name = visit.part("chart")
    if name not in CHARTS:
        raise CallRejected("There is no such chart.", status=404)
    drawing = await CHARTS[name](visit)
    if not any(any(series.values) for series in drawing.series):
        raise CallRejected("There is nothing to draw yet.", status=404)
    svg = visit.frame.text(
        "chart.svg",
        drawing=drawing,
        style=Markup(STYLE),  # noqa: S704 - our own
        width=WIDTH,
        height=HEIGHT,
        bottom=BOTTOM,
        right=RIGHT,
    )
    return Response(svg, headers=CHART_HEADERS, media_type="image/svg+xml")


def clock_times(subscriber: Subscriber, moments: Sequence[float]) -> list[str]:
    """``14:00``, in the subscriber's time zone."""
    zone = ZoneInfo(subscriber.alerts.time_zone)
    return [datetime.fromtimestamp(at, zone).strftime("%H:%M") for at in moments]


PAGES = (page("/subscribers/{subscriber}/charts/{chart}.svg", Needs.SEE, chart),)
