"""Operations about calls that left, and about what is done again and again."""

from typing import Annotated

from msgspec import Meta, Struct, field

from makeready.outbound import usage
from makeready.outbound.model import CallFilter, CallPosition
from makeready.times import parse_time
from makeready.web.api.answers import answer_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Cursor, Day, Limit, Moment
from makeready.web.paging import Number, as_cursor, place_of


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
    found = await usage.find_calls(call.installation, call.subscriber, wanted, limit=query.limit, after=after)
    calls = tuple(answer_from(CallMade, one, status=one.status or None) for one in found.calls)
    return CallsAnswer(calls=calls, next_cursor=as_cursor(found.next) if found.next else None)
