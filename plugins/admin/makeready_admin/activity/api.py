"""Operations about what goes on: calls that left, webhooks that came, due work and schedules."""

from typing import Annotated

from makeready.times import parse_time
from makeready.web.api.answers import answer_from, answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Cursor, Day, Limit, Moment, PageQuery
from makeready.web.paging import Number, number_in, page_of, place_of
from msgspec import Meta, Struct, field

from makeready_admin.activity import schedule
from makeready_admin.activity.store import CallFilter, CallPosition, activity_of


class CallsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    connector: Annotated[
        str, Meta(description="Through which they were made; ``alerts`` and ``artwork`` for our own.")
    ] = ""
    failed: Annotated[
        bool, Meta(description="Only those without an answer, or with one of 400 and more.")
    ] = False
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
    status: Annotated[int | None, Meta(description="Null if no answer came.")]
    error: str
    ms: Annotated[float, Meta(description="Without waiting for the vendor's limit.")]
    size: Annotated[int, Meta(description="Bytes of the answer.")]


class CallsAnswer(Struct, frozen=True, kw_only=True):
    calls: Annotated[tuple[CallMade, ...], Meta(description="The newest first.")]
    next_cursor: str | None


@operation("GET", ONE + "/calls", group="Activity", summary="Calls that were made to the vendors")
async def list_calls(call: Call, query: CallsQuery) -> CallsAnswer:
    wanted = CallFilter(
        connector=query.connector,
        failed=query.failed,
        slower_ms=query.slower_ms,
        start=parse_time(query.start, field="from"),
        end=parse_time(query.end, field="to", is_end=True),
    )
    after = CallPosition(*place_of(query.cursor, tuple[float, Number])) if query.cursor else None
    more = query.limit + 1
    found = await activity_of(call.installation).calls(call.subscriber.name, wanted, limit=more, after=after)
    page, cursor = page_of(found, query.limit, lambda one: (one.at, one.id))
    calls = tuple(answer_from(CallMade, one, status=one.status or None) for one in page)
    return CallsAnswer(calls=calls, next_cursor=cursor)


class ReceivedAnswer(Struct, frozen=True, kw_only=True):
    """A webhook as it came in."""

    id: int
    event: str
    order_number: Annotated[
        str, Meta(description="The order that it is about; empty if it is about none.")
    ] = field(name="order")
    received_at: Moment
    body: str


class ReceivedListAnswer(Struct, frozen=True, kw_only=True):
    webhooks: Annotated[tuple[ReceivedAnswer, ...], Meta(description="The newest first.")]
    next_cursor: str | None


class RefusedAnswer(Struct, frozen=True, kw_only=True):
    """A webhook that was not accepted: not genuine, or not to be read."""

    id: int
    connector: str
    received_at: Moment
    reason: str
    body: Annotated[str, Meta(description="Its beginning.")]


class RefusedListAnswer(Struct, frozen=True, kw_only=True):
    webhooks: Annotated[tuple[RefusedAnswer, ...], Meta(description="The newest first.")]
    next_cursor: str | None


@operation("GET", ONE + "/webhooks", group="Activity", summary="Webhooks that came in")
async def list_webhooks(call: Call, query: PageQuery) -> ReceivedListAnswer:
    before = place_of(query.cursor, tuple[float, Number]) if query.cursor else None
    found = await activity_of(call.installation).webhooks(
        call.subscriber.name, query.limit + 1, before=before
    )
    page, cursor = page_of(found, query.limit, lambda one: (one.received_at, one.id))
    webhooks = answers_from(ReceivedAnswer, page)
    return ReceivedListAnswer(webhooks=webhooks, next_cursor=cursor)


@operation(
    "GET",
    ONE + "/webhooks/refused",
    group="Activity",
    summary="Webhooks that were not accepted, and why",
)
async def list_refused_webhooks(call: Call, query: PageQuery) -> RefusedListAnswer:
    before, more = number_in(query.cursor), query.limit + 1
    found = await activity_of(call.installation).refused_webhooks(call.subscriber.name, more, before=before)
    page, cursor = page_of(found, query.limit, lambda one: one.id)
    webhooks = answers_from(RefusedAnswer, page)
    return RefusedListAnswer(webhooks=webhooks, next_cursor=cursor)


class WorkAnswer(Struct, frozen=True, kw_only=True):
    kind: str
    key: Annotated[
        str,
        Meta(
            description="What it is about: an order, a submission, a product; empty for what is done for all."
        ),
    ]
    due_at: Annotated[Moment, Meta(description="Its next run.")]
    error: Annotated[str, Meta(description="What went wrong last time.")]
    failing_since: Moment | None
    needs_person: bool


class WorkListAnswer(Struct, frozen=True, kw_only=True):
    work: Annotated[tuple[WorkAnswer, ...], Meta(description="The soonest first.")]
    next_cursor: str | None


@operation("GET", ONE + "/work", group="Activity", summary="Work that is to be done, with its next run")
async def list_work(call: Call, query: PageQuery) -> WorkListAnswer:
    start = number_in(query.cursor)
    found = await activity_of(call.installation).due(call.subscriber.name, query.limit + 1, skip=start)
    page, cursor = page_of(found, query.limit, lambda _: start + query.limit)
    return WorkListAnswer(work=answers_from(WorkAnswer, page), next_cursor=cursor)


class ScheduleAnswer(Struct, frozen=True, kw_only=True):
    kind: str
    title: str
    every_s: Annotated[float, Meta(description="0 if it is off.")]
    next_at: Moment | None
    error: Annotated[str, Meta(description="What went wrong last time.")]


class SchedulesAnswer(Struct, frozen=True, kw_only=True):
    schedules: tuple[ScheduleAnswer, ...]


@operation(
    "GET",
    ONE + "/schedules",
    group="Activity",
    summary="What is done again and again, with its next run",
)
async def list_schedules(call: Call) -> SchedulesAnswer:
    found = await schedule.schedules(call.installation, call.subscriber)
    return SchedulesAnswer(schedules=answers_from(ScheduleAnswer, found))
