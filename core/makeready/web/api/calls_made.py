"""Operations about calls that left, and about what is done again and again."""

from typing import Annotated

from msgspec import Meta, Struct, field

from makeready.flows import activity
from makeready.records import CallRow
from makeready.store.calls import CallFilter, CallPosition
from makeready.times import from_seconds, moment
from makeready.web.api.calls import Call
from makeready.web.api.operation import ONE, Operation, grouped
from makeready.web.api.shapes import Cursor, Day, Limit, Moment, moment_or_none
from makeready.web.paging import Number, as_cursor, place_of


class CallsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    connector: str = ""
    """Through which they were made; ``alerts`` and ``artwork`` for our own."""
    failed: bool = False
    """Only those without an answer, or with one of 400 and more."""
    slower_ms: Annotated[float, Meta(ge=0, le=1e9)] = 0.0
    start: Day = field(name="from", default="")
    end: Day = field(name="to", default="")
    limit: Limit = 100
    cursor: Cursor = ""


class CallMade(Struct, frozen=True, kw_only=True):
    """Without query, headers and body: they hold secrets."""

    at: Moment
    connector: str
    method: str
    host: str
    path: str
    status: int | None
    """Null if no answer came."""
    error: str
    ms: float
    """Without waiting for the vendor's limit."""
    size: int
    """Bytes of the answer."""


class CallsAnswer(Struct, frozen=True, kw_only=True):
    calls: tuple[CallMade, ...]
    """The newest first."""
    next_cursor: str | None


class ScheduleAnswer(Struct, frozen=True, kw_only=True):
    kind: str
    title: str
    every_s: float
    """0 if it is off."""
    next_at: Moment | None
    error: str
    """What went wrong last time."""


class SchedulesAnswer(Struct, frozen=True, kw_only=True):
    schedules: tuple[ScheduleAnswer, ...]


async def list_calls(call: Call) -> CallsAnswer:
    query: CallsQuery = call.query
    wanted = CallFilter(
        connector=query.connector,
        failed=query.failed,
        slower_ms=query.slower_ms,
        start=moment(query.start, field="from"),
        end=moment(query.end, field="to", is_end=True),
    )
    after = CallPosition(*place_of(query.cursor, tuple[float, Number])) if query.cursor else None
    found = await activity.find_calls(
        call.installation, call.subscriber, wanted, limit=query.limit, after=after
    )
    return CallsAnswer(
        calls=tuple(map(_made, found.calls)), next_cursor=as_cursor(found.next) if found.next else None
    )


def _made(one: CallRow) -> CallMade:
    return CallMade(
        at=from_seconds(one.at),
        connector=one.connector,
        method=one.method,
        host=one.host,
        path=one.path,
        status=one.status or None,
        error=one.error,
        ms=one.ms,
        size=one.size,
    )


async def list_schedules(call: Call) -> SchedulesAnswer:
    found = await activity.schedules(call.installation, call.subscriber)
    return SchedulesAnswer(
        schedules=tuple(
            ScheduleAnswer(
                kind=one.kind,
                title=one.title,
                every_s=one.every_s,
                next_at=moment_or_none(one.next_at),
                error=one.error,
            )
            for one in found
        )
    )


CALLS_MADE = grouped(
    "Activity",
    Operation(
        name="listCalls",
        method="GET",
        path=ONE + "/calls",
        summary="Calls that were made to the vendors",
        run=list_calls,
        answer=CallsAnswer,
        query=CallsQuery,
    ),
    Operation(
        name="listSchedules",
        method="GET",
        path=ONE + "/schedules",
        summary="What is done again and again, with its next run",
        run=list_schedules,
        answer=SchedulesAnswer,
    ),
)
