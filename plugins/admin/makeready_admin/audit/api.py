"""Operations about the audit log: what people and programs did."""

from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from makeready.web.api.answers import answer_from, answers_from
from makeready.web.api.operation import operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Cursor, Limit, Moment
from makeready.web.paging import number_in, page_of
from msgspec import Meta, Struct
from starlette.responses import StreamingResponse

from makeready_admin.audit.store import AuditFilter, audit_log_of

AUDIT = "/audit"
LINES = "application/x-ndjson"


class AuditExportQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    subscriber: Annotated[str, Meta(description="Only what was done to this one.")] = ""
    actor: Annotated[str, Meta(description="Only what this user, token or account did.")] = ""
    action: Annotated[str, Meta(description="Only this, such as orders, or orders ignore.")] = ""

    @property
    def filter(self) -> AuditFilter:
        return answer_from(AuditFilter, self)


class AuditQuery(AuditExportQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    limit: Limit = 100
    cursor: Cursor = ""


class ActAnswer(Struct, frozen=True, kw_only=True):
    """Something that a person or a program did, or tried to do."""

    id: int
    at: Moment
    actor: str
    via: Annotated[str, Meta(description="``page``, ``api`` or ``command``.")]
    address: Annotated[str, Meta(description="Where it came from; empty for a command.")]
    subscriber: str
    action: str
    target: str
    detail: str
    outcome: Annotated[
        str,
        Meta(
            description="``done``, or why not; empty while it is under way, or if the process died before it knew."
        ),
    ]


class AuditAnswer(Struct, frozen=True, kw_only=True):
    acts: Annotated[tuple[ActAnswer, ...], Meta(description="The newest first.")]
    next_cursor: str | None


@operation("GET", AUDIT, group="Audit log", summary="What people and programs did", operator=True)
async def list_acts(call: Call, query: AuditQuery) -> AuditAnswer:
    before, more = number_in(query.cursor), query.limit + 1
    found = await audit_log_of(call.installation).find(query.filter, limit=more, before=before)
    page, cursor = page_of(found, query.limit, lambda one: one.id)
    return AuditAnswer(acts=answers_from(ActAnswer, page), next_cursor=cursor)


@operation(
    "GET",
    AUDIT + "/export",
    group="Audit log",
    summary="All of it, the newest first, a JSON object in each line",
    also={LINES: ActAnswer},
    operator=True,
)
async def export_acts(call: Call, query: AuditExportQuery) -> StreamingResponse:
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": 'attachment; filename="audit.ndjson"',
    }
    return StreamingResponse(_lines(call, query.filter), headers=headers, media_type=LINES)


async def _lines(call: Call, wanted: AuditFilter) -> AsyncIterator[bytes]:
    async for row in audit_log_of(call.installation).all(wanted):
        yield msgspec.json.encode(answer_from(ActAnswer, row)) + b"\n"
