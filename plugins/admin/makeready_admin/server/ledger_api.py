"""Operations about the ledger's life: what broke it, and what an operator says of it."""

from typing import Annotated

from makeready.engine.model import Flow
from makeready.orders.life import check_in
from makeready.orders.life.model import BreakKind
from makeready.web.api.answers import answers_from
from makeready.web.api.operation import operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery, Text
from makeready.web.paging import number_in, page_of
from msgspec import Meta, Struct

LEDGER = "/ledger"


class BreakAnswer(Struct, frozen=True, kw_only=True):
    at: Moment
    kind: BreakKind
    cause: str
    actor: str


class LedgerAnswer(Struct, frozen=True, kw_only=True):
    stopped: Annotated[
        tuple[Flow, ...],
        Meta(description="What stands still until somebody takes over: the state file came from elsewhere."),
    ]
    breaks: Annotated[
        tuple[BreakAnswer, ...],
        Meta(description="What was placed before the last one may have been sent without our knowing."),
    ]
    next_cursor: str | None


class RestoredBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[Text, Meta(description="Kept in the ledger's history.")]


@operation(
    "GET",
    LEDGER,
    group="Ledger",
    summary="When the ledger was restored, copied or taken over, the last time first",
    operator=True,
)
async def show_ledger(call: Call, query: PageQuery) -> LedgerAnswer:
    return await _ledger(call, query)


@operation(
    "POST",
    LEDGER + "/mark-restored",
    group="Ledger",
    summary="The ledger may not know all that was sent until now: the MIS is asked for what was placed before",
    action="ledger mark-restored",
    operator=True,
)
async def mark_ledger_restored(call: Call, body: RestoredBody) -> LedgerAnswer:
    await check_in.mark_restored(call.installation, call.token.name, body.reason)
    return await _ledger(call, PageQuery())


@operation(
    "POST",
    LEDGER + "/take-over",
    group="Ledger",
    summary="No other instance works on a copy of this state file: what has stopped goes on",
    action="ledger take-over",
    operator=True,
)
async def take_over_ledger(call: Call) -> LedgerAnswer:
    await check_in.take_over(call.installation, call.token.name)
    return await _ledger(call, PageQuery())


async def _ledger(call: Call, query: PageQuery) -> LedgerAnswer:
    start = number_in(query.cursor)
    breaks = (await call.installation.store.lives.breaks())[start : start + query.limit + 1]
    page, cursor = page_of(breaks, query.limit, lambda _: start + query.limit)
    return LedgerAnswer(
        stopped=tuple(one.flow for one in await check_in.stopped(call.installation)),
        breaks=answers_from(BreakAnswer, page),
        next_cursor=cursor,
    )
