"""What goes on: webhooks, schedules and work, what people did; and the calls that were made."""

from collections.abc import Sequence
from urllib.parse import urlencode

from makeready.attention.channel import ALERTS
from makeready.orders.artwork.sync import ARTWORK
from makeready.times import parse_time
from makeready.web.paging import Number, page_of, place_of
from makeready_hooks.errors import ConfigError
from makeready_imports import jobs
from starlette.responses import Response

from makeready_admin.activity import schedule
from makeready_admin.activity.store import CallFilter, CallPosition, KeptCall, activity_of
from makeready_admin.audit.store import AuditFilter, audit_log_of
from makeready_admin.web.page import Needs, page
from makeready_admin.web.request import Visit

SHOWN = 50
SHOWN_REFUSED = 20
SHOWN_JOBS = 5
SHOWN_ACTS = 30
FILTERS = ("connector", "failed", "slower", "from", "to")
MOST_SECONDS = 3600.0


async def show_activity(visit: Visit) -> Response:
    store, name = visit.installation.store, visit.subscriber.name
    activity = activity_of(visit.installation)
    found = (await store.imports.jobs(name))[:SHOWN_JOBS]
    return await visit.page(
        "activity.html",
        webhooks=await activity.webhooks(name, SHOWN),
        refused=await activity.refused_webhooks(name, SHOWN_REFUSED),
        schedules=await schedule.schedules(visit.installation, visit.subscriber),
        jobs=await schedule.jobs(visit.installation, visit.subscriber, SHOWN),
        imports=[(job, await jobs.progress(visit.installation, visit.subscriber, job.id)) for job in found],
        sentence=jobs.sentence,
        acts=await audit_log_of(visit.installation).find(AuditFilter(subscriber=name), limit=SHOWN_ACTS),
    )


async def show_calls(visit: Visit) -> Response:
    given = {name: visit.query(name) for name in FILTERS}
    calls: Sequence[KeptCall] = ()
    cursor, status, error = None, 200, None
    try:
        calls, cursor = await _find(visit, given)
    except ConfigError as exc:
        status, error = 422, exc
    return await visit.page(
        "calls.html",
        status=status,
        error=error,
        given=given,
        filtered=any(given.values()),
        calls=calls,
        next_page=_next_page(given, cursor),
        connectors=[*visit.subscriber.connectors, ARTWORK, ALERTS],
    )


async def _find(visit: Visit, given: dict[str, str]) -> tuple[Sequence[KeptCall], str | None]:
    """A page of them, and the cursor of the next. Raises ConfigError for a filter that is wrong."""
    wanted = CallFilter(
        connector=given["connector"],
        failed=bool(given["failed"]),
        slower_ms=1000 * _seconds(given["slower"]),
        start=parse_time(given["from"], field="from"),
        end=parse_time(given["to"], field="to", is_end=True),
    )
    cursor = visit.query("cursor")
    after = CallPosition(*place_of(cursor, tuple[float, Number])) if cursor else None
    activity = activity_of(visit.installation)
    found = await activity.calls(visit.subscriber.name, wanted, limit=SHOWN + 1, after=after)
    return page_of(found, SHOWN, lambda one: (one.at, one.id))


def _seconds(text: str) -> float:
    try:
        seconds = float(text or 0)
        if 0 <= seconds <= MOST_SECONDS:
            return seconds
    except ValueError:
        pass
    raise ConfigError(
        f"{text!r} is not a number of seconds.",
        field="slower",
        fix="Write it as 2 or 0.5, or leave it empty.",
    )


def _next_page(given: dict[str, str], cursor: str | None) -> str:
    """The query of the next page; "" if there is none."""
    kept = {name: value for name, value in given.items() if value}
    return urlencode({**kept, "cursor": cursor}) if cursor else ""


PAGES = (
    page("/subscribers/{subscriber}/activity", Needs.SEE, show_activity),
    page("/subscribers/{subscriber}/activity/calls", Needs.SEE, show_calls),
)
