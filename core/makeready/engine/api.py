"""Operations about due work and schedules."""

from typing import Annotated

from msgspec import Meta, Struct

from makeready.engine import schedule
from makeready.web.api.answers import answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import number_in, page_of


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
    found = await call.installation.store.work.due(call.subscriber.name, query.limit + 1, skip=start)
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
