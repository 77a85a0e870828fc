"""Operations about due work and schedules."""

from typing import Annotated

from msgspec import Meta, Struct

from makeready.engine import schedule
from makeready.engine.model import FailingWork
from makeready.times import from_seconds
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery, moment_or_none
from makeready.web.paging import as_cursor, first_of


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


@operation(
    "GET",
    ONE + "/work",
    name="listWork",
    group="Activity",
    summary="Work that is to be done, with its next run",
    query=PageQuery,
)
async def list_work(call: Call) -> WorkListAnswer:
    query: PageQuery = call.query
    start = first_of(query)
    found = await call.installation.store.work.due(call.subscriber.name, query.limit + 1, skip=start)
    page = found[: query.limit]
    return WorkListAnswer(
        work=tuple(map(work_answer, page)),
        next_cursor=as_cursor(start + query.limit) if len(found) > len(page) else None,
    )


def work_answer(one: FailingWork) -> WorkAnswer:
    return WorkAnswer(
        kind=one.kind,
        key=one.key,
        due_at=from_seconds(one.due_at),
        error=one.error,
        failing_since=moment_or_none(one.failing_since),
        needs_person=one.needs_person,
    )


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
    name="listSchedules",
    group="Activity",
    summary="What is done again and again, with its next run",
)
async def list_schedules(call: Call) -> SchedulesAnswer:
    found = await schedule.schedules(call.installation, call.subscriber)
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
