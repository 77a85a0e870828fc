"""Operations about what needs attention."""

from typing import Annotated

from msgspec import Meta, Struct

from makeready.attention.waiting import file_dealt_with, line_dealt_with
from makeready.attention.waiting_model import AttentionCounts
from makeready.engine.api import WorkAnswer, work_answer
from makeready.orders.api_model import LineAnswer, line_answer
from makeready.orders.artwork.model import BadFile
from makeready.times import from_seconds
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, NoBody, PageQuery
from makeready.web.paging import as_cursor, first_of


class FileSeenBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    line: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    url: Annotated[str, Meta(min_length=1, max_length=10_000, description="As the inbox names it.")]


class BadFileAnswer(Struct, frozen=True, kw_only=True):
    """A file that the MIS did not take, or may not have."""

    key: Annotated[str, Meta(description="Of its submission.")]
    line: int
    name: str
    url: str
    state: str
    error: str
    changed_at: Moment


class InboxAnswer(Struct, frozen=True, kw_only=True):
    """The oldest of each kind first."""

    counts: AttentionCounts
    lines: Annotated[
        tuple[LineAnswer, ...], Meta(description="Refused or parked: send them again, accept or ignore them.")
    ]
    noticed: Annotated[
        tuple[LineAnswer, ...],
        Meta(description="Changed in the shop after they were sent; ``notice`` says what."),
    ]
    files: tuple[BadFileAnswer, ...]
    work: Annotated[
        tuple[WorkAnswer, ...], Meta(description="It will go wrong until somebody changes something.")
    ]
    next_cursor: str | None


class DealtWithAnswer(Struct, frozen=True, kw_only=True):
    needs_person: Annotated[int, Meta(description="How much still waits.")]


@operation(
    "GET",
    ONE + "/inbox",
    name="showInbox",
    group="Needs attention",
    summary="What needs attention; a page holds so many of each kind",
    query=PageQuery,
)
async def show_inbox(call: Call) -> InboxAnswer:
    store, query = call.installation.store, call.query
    start, limit = first_of(query), query.limit
    found = await store.attention.waiting(call.subscriber.name, limit + 1, skip=start)
    kinds = (found.lines, found.noticed, found.files, found.work)
    more = any(len(kind) > limit for kind in kinds)
    return InboxAnswer(
        counts=await store.attention.counts(call.subscriber.name),
        lines=tuple(map(line_answer, found.lines[:limit])),
        noticed=tuple(map(line_answer, found.noticed[:limit])),
        files=tuple(map(_file, found.files[:limit])),
        work=tuple(map(work_answer, found.work[:limit])),
        next_cursor=as_cursor(start + limit) if more else None,
    )


def _file(one: BadFile) -> BadFileAnswer:
    return BadFileAnswer(
        key=one.submission,
        line=one.line,
        name=one.name,
        url=one.url,
        state=one.state,
        error=one.error,
        changed_at=from_seconds(one.updated_at),
    )


@operation(
    "POST",
    ONE + "/orders/{number}/lines/{line}/seen",
    name="lineSeen",
    group="Needs attention",
    summary="A person knows what changed in the shop after the line was sent",
    body=NoBody,
    action="orders seen",
)
async def line_seen(call: Call) -> DealtWithAnswer:
    await line_dealt_with(call.installation, call.subscriber.name, call.number, call.whole_number("line"))
    return await _still(call)


@operation(
    "POST",
    ONE + "/submissions/{key}/files/seen",
    name="fileSeen",
    group="Needs attention",
    summary="The MIS has the file, or does not need it",
    body=FileSeenBody,
    action="files seen",
)
async def file_seen(call: Call) -> DealtWithAnswer:
    body: FileSeenBody = call.body
    await file_dealt_with(call.installation, call.subscriber.name, call.key, body.line, body.url)
    return await _still(call)


async def _still(call: Call) -> DealtWithAnswer:
    counts = await call.installation.store.attention.counts(call.subscriber.name)
    return DealtWithAnswer(needs_person=counts.total)
