"""Operations about lines from before our time, and the rehearsal of a first day."""

from datetime import timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct

from makeready.orders import before_start
from makeready.orders.api_model import LineAnswer, line_answer
from makeready.orders.views.rehearse import Rehearsed, rehearse
from makeready.outbound.capture import as_data
from makeready.times import from_seconds
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import PageQuery
from makeready.web.paging import as_cursor, first_of

BEFORE = ONE + "/before-start"


class BeforeAnswer(Struct, frozen=True, kw_only=True):
    count: Annotated[int, Meta(description="Of all lines from before our time.")]
    lines: tuple[LineAnswer, ...]
    next_cursor: str | None


class ChoiceBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    orders: Annotated[tuple[str, ...], Meta(description="Numbers; empty for all.")] = ()
    ready_after: Annotated[
        bool,
        Meta(
            description="Only lines that became ready after our time began: nobody else can have sent them."
        ),
    ] = False
    dry_run: Annotated[bool, Meta(description="Only count.")] = False


class CountAnswer(Struct, frozen=True, kw_only=True):
    count: Annotated[int, Meta(description="Lines that were decided, or would be.")]


class RehearsalQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    days: Annotated[int, Meta(ge=1, le=90, description="Of orders.")] = 3


class RehearsedAnswer(Struct, frozen=True, kw_only=True):
    order: str
    site: str
    lines: tuple[int, ...]
    key: Annotated[str, Meta(description="Of its submission; empty if it would not be sent.")]
    outcome: str
    reason: str
    payload: Annotated[Any, Meta(description="What would be sent; null if nothing would.")]
    mis_number: Annotated[str, Meta(description="Of the order that the MIS has under this key.")]
    differences: Annotated[
        tuple[str, ...], Meta(description="What the MIS's order is not as it would be sent.")
    ]


class RehearsalAnswer(Struct, frozen=True, kw_only=True):
    orders: int
    asked_mis: Annotated[bool, Meta(description="Whether the MIS can be asked what it has.")]
    counts: Annotated[dict[str, int], Meta(description="Of what would be sent together, by outcome.")]
    rehearsed: tuple[RehearsedAnswer, ...]


@operation(
    "GET",
    BEFORE,
    name="listBeforeStart",
    group="First day",
    summary="Lines from before our time: another system may have sent them",
    query=PageQuery,
)
async def list_before_start(call: Call) -> BeforeAnswer:
    query: PageQuery = call.query
    start, name = first_of(query), call.subscriber.name
    beginnings = call.installation.store.beginnings
    found = await beginnings.lines(name, limit=query.limit + 1, skip=start)
    return BeforeAnswer(
        count=await beginnings.count(name),
        lines=tuple(map(line_answer, found[: query.limit])),
        next_cursor=as_cursor(start + query.limit) if len(found) > query.limit else None,
    )


@operation(
    "POST",
    BEFORE + "/include",
    name="includeBeforeStart",
    group="First day",
    summary="Let lines from before our time go to the MIS; it is asked first where it can be",
    body=ChoiceBody,
    action="orders include",
)
async def include(call: Call) -> CountAnswer:
    body: ChoiceBody = call.body
    if body.dry_run:
        return CountAnswer(count=await before_start.count(call.installation, _choice(call)))
    return CountAnswer(count=await before_start.include(call.installation, _choice(call), call.token.name))


@operation(
    "POST",
    BEFORE + "/dismiss",
    name="dismissBeforeStart",
    group="First day",
    summary="Say of lines from before our time that they are not ours to send",
    body=ChoiceBody,
    action="orders dismiss",
)
async def dismiss(call: Call) -> CountAnswer:
    body: ChoiceBody = call.body
    if body.dry_run:
        return CountAnswer(count=await before_start.count(call.installation, _choice(call)))
    return CountAnswer(count=await before_start.dismiss(call.installation, _choice(call), call.token.name))


def _choice(call: Call) -> before_start.Choice:
    body: ChoiceBody = call.body
    return before_start.Choice(
        subscriber=call.subscriber.name, orders=body.orders, ready_after=body.ready_after
    )


@operation(
    "GET",
    ONE + "/rehearsal",
    name="rehearse",
    group="First day",
    summary="What would happen with each order of the last days; nothing is changed anywhere",
    query=RehearsalQuery,
    asks_vendors=True,
)
async def rehearsal(call: Call) -> RehearsalAnswer:
    query: RehearsalQuery = call.query
    now = from_seconds(call.installation.clock())
    start, end = now - timedelta(days=query.days), now + timedelta(hours=1)
    done = await rehearse(call.installation, call.subscriber, start, end)
    return RehearsalAnswer(
        orders=done.orders,
        asked_mis=done.asked_mis,
        counts=done.counts,
        rehearsed=tuple(map(_rehearsed, done.lines)),
    )


def _rehearsed(one: Rehearsed) -> RehearsedAnswer:
    return RehearsedAnswer(
        order=one.order,
        site=one.site,
        lines=one.lines,
        key=one.key,
        outcome=one.outcome,
        reason=one.reason,
        payload=as_data(one.payload) if one.payload else None,
        mis_number=one.mis_number,
        differences=one.differences,
    )
