"""Operations about lines from before our time."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from makeready.contexts import OrderContext
from makeready.orders import before_start
from makeready.web.api.answers import answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import PageQuery
from makeready.web.paging import number_in, page_of
from msgspec import Meta, Struct

from makeready_operations.order_shapes import LineAnswer

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


@operation(
    "GET", BEFORE, group="First day", summary="Lines from before our time: another system may have sent them"
)
async def list_before_start(call: Call, query: PageQuery) -> BeforeAnswer:
    start, everything = number_in(query.cursor), before_start.Choice(subscriber=call.subscriber.name)
    found = await before_start.lines(call.installation, everything, limit=query.limit + 1, skip=start)
    page, cursor = page_of(found, query.limit, lambda _: start + query.limit)
    return BeforeAnswer(
        count=await before_start.count(call.installation, everything),
        lines=answers_from(LineAnswer, page),
        next_cursor=cursor,
    )


@operation(
    "POST",
    BEFORE + "/include",
    group="First day",
    summary="Let lines from before our time go to the MIS; it is asked first where it can be",
    action="orders include",
)
async def include_before_start(call: Call, body: ChoiceBody) -> CountAnswer:
    return await _decide(call, body, before_start.include)


@operation(
    "POST",
    BEFORE + "/dismiss",
    group="First day",
    summary="Say of lines from before our time that they are not ours to send",
    action="orders dismiss",
)
async def dismiss_before_start(call: Call, body: ChoiceBody) -> CountAnswer:
    return await _decide(call, body, before_start.dismiss)


async def _decide(
    call: Call, body: ChoiceBody, decide: Callable[[OrderContext, before_start.Choice, str], Awaitable[int]]
) -> CountAnswer:
    choice = before_start.Choice(
        subscriber=call.subscriber.name, orders=body.orders, ready_after=body.ready_after
    )
    if body.dry_run:
        return CountAnswer(count=await before_start.count(call.installation, choice))
    return CountAnswer(count=await decide(call.installation, choice, call.token.name))
