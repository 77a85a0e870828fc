"""Operations about pauses."""

from typing import Annotated

from makeready.engine import pauses
from makeready.engine.model import Flow
from makeready.times import parse_time
from makeready.web.api.answers import answer_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Day, Moment, Text
from msgspec import Meta, Struct


class PauseBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    flows: Annotated[tuple[Flow, ...], Meta(min_length=1)]
    reason: Annotated[Text, Meta(description="Why; shown to whoever finds it.")]
    until: Annotated[Day, Meta(description="When it ends by itself; empty if it does not.")] = ""


class ResumeBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    flows: Annotated[tuple[Flow, ...], Meta(min_length=1)]


class PauseAnswer(Struct, frozen=True, kw_only=True):
    flow: Flow
    all_companies: Annotated[bool, Meta(description="It is paused for every company.")]
    since: Moment
    until: Moment | None
    reason: str
    actor: str


class PausesAnswer(Struct, frozen=True, kw_only=True):
    pauses: tuple[PauseAnswer, ...]


@operation("GET", ONE + "/pauses", group="Activity", summary="What is paused, and why")
async def list_pauses(call: Call) -> PausesAnswer:
    return await _pauses(call)


@operation(
    "POST",
    ONE + "/pauses",
    group="Activity",
    summary="Let orders, prices, products, stock or write-back wait; what comes in is kept",
    action="pause begin",
)
async def pause(call: Call, body: PauseBody) -> PausesAnswer:
    await pauses.pause(
        call.installation,
        call.subscriber.name,
        body.flows,
        reason=body.reason,
        actor=call.token.name,
        until=parse_time(body.until, field="until") or 0.0,
    )
    return await _pauses(call)


@operation(
    "POST",
    ONE + "/pauses/end",
    group="Activity",
    summary="Let flow again what was paused",
    action="pause end",
)
async def resume(call: Call, body: ResumeBody) -> PausesAnswer:
    await pauses.resume(call.installation, call.subscriber.name, body.flows)
    return await _pauses(call)


async def _pauses(call: Call) -> PausesAnswer:
    found = await call.installation.store.pauses.of(call.subscriber.name, call.installation.clock())
    return PausesAnswer(
        pauses=tuple(answer_from(PauseAnswer, one, all_companies=not one.subscriber) for one in found)
    )
