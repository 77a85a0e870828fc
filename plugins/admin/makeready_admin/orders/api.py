"""Operations about what needs attention."""

from typing import Annotated

from makeready.attention.model import AttentionCounts
from makeready.web.api.answers import answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import as_cursor, number_in
from makeready_operations.order_shapes import LineAnswer, UnreadableAnswer
from msgspec import Meta, Struct, field

from makeready_admin.activity.api import WorkAnswer
from makeready_admin.inbox.store import waiting_of
from makeready_admin.inbox.waiting import file_dealt_with, line_dealt_with


class FileSeenBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    line: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    url: Annotated[str, Meta(min_length=1, max_length=10_000, description="As the inbox names it.")]


class BadFileAnswer(Struct, frozen=True, kw_only=True):
    """A file that the MIS did not take, or may not have."""

    submission: Annotated[str, Meta(description="Of its submission.")] = field(name="key")
    line: int
    file_name: str = field(name="name")
    url: str
    state: str
    error: str
    updated_at: Moment = field(name="changed_at")


class InboxAnswer(Struct, frozen=True, kw_only=True):
    """The oldest of each kind first."""

    counts: AttentionCounts
    lines: Annotated[
        tuple[LineAnswer, ...], Meta(description="Refused or parked: send them again, accept or ignore them.")
    ]
    unreadable: Annotated[
        tuple[UnreadableAnswer, ...],
        Meta(description="Orders that cannot be read: they go on by themselves once that is possible."),
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
)
async def show_inbox(call: Call, query: PageQuery) -> InboxAnswer:
    store = call.installation.store
    start, limit = number_in(query.cursor), query.limit
    found = await waiting_of(store).find(call.subscriber.name, limit + 1, skip=start)
    kinds = (found.lines, found.unreadable, found.noticed, found.files, found.work)
    more = any(len(kind) > limit for kind in kinds)
    return InboxAnswer(
        counts=await store.attention.counts(call.subscriber.name),
        lines=answers_from(LineAnswer, found.lines[:limit]),
        unreadable=answers_from(UnreadableAnswer, found.unreadable[:limit]),
        noticed=answers_from(LineAnswer, found.noticed[:limit]),
        files=answers_from(BadFileAnswer, found.files[:limit]),
        work=answers_from(WorkAnswer, found.work[:limit]),
        next_cursor=as_cursor(start + limit) if more else None,
    )


@operation(
    "POST",
    ONE + "/orders/{number}/lines/{line}/seen",
    name="lineSeen",
    group="Needs attention",
    summary="A person knows what changed in the shop after the line was sent",
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
    action="files seen",
)
async def file_seen(call: Call, body: FileSeenBody) -> DealtWithAnswer:
    await file_dealt_with(call.installation, call.subscriber.name, call.key, body.line, body.url)
    return await _still(call)


async def _still(call: Call) -> DealtWithAnswer:
    counts = await call.installation.store.attention.counts(call.subscriber.name)
    return DealtWithAnswer(needs_person=counts.total)
