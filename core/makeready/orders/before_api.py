"""Operations about lines from before our time, and the rehearsal of a first day."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct

from makeready.contexts import OrderContext
from makeready.orders import before_start
from makeready.orders.api_model import LineAnswer
from makeready.orders.views.rehearse import rehearse
from makeready.times import from_seconds
from makeready.web.api.answers import answer_from, answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import PageQuery
from makeready.web.paging import number_in, page_of

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
    money: Annotated[
        tuple[str, ...], Meta(description="What the buyer saw, the shop's lines and the MIS do not agree on.")
    ]


class RehearsalAnswer(Struct, frozen=True, kw_only=True):
    orders: int
    asked_mis: Annotated[bool, Meta(description="Whether the MIS can be asked what it has.")]
    counts: Annotated[dict[str, int], Meta(description="Of what would be sent together, by outcome.")]
    lines: tuple[RehearsedAnswer, ...]


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


@operation(
    "GET",
    ONE + "/rehearsal",
    group="First day",
    summary="What would happen with each order of the last days; nothing is changed anywhere",
    asks_vendors=True,
)
async def rehearse_orders(call: Call, query: RehearsalQuery) -> RehearsalAnswer:
    now = from_seconds(call.installation.clock())
    start, end = now - timedelta(days=query.days), now + timedelta(hours=1)
    return answer_from(RehearsalAnswer, await rehearse(call.installation, call.subscriber, start, end))
