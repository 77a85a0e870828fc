"""Operations that look and tell: the rehearsal of a first day, and the evidence of an order."""

from datetime import timedelta
from typing import Annotated, Any

from makeready.times import from_seconds
from makeready.web.api.answers import answer_from
from makeready.web.api.operation import ONE, Answer, operation
from makeready.web.api.requests import Call
from makeready.web.headers import DOCUMENT_HEADERS
from makeready_operations.orders import ORDER, order_operation, unknown
from msgspec import Meta, Struct
from starlette.responses import HTMLResponse

from makeready_inspect.evidence import EvidenceDocument, as_page, document_of, order_evidence
from makeready_inspect.rehearse import rehearse


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


@order_operation(
    "GET",
    ORDER + "/evidence",
    name="orderEvidence",
    answer=EvidenceDocument,
    summary="Everything received, decided, sent and answered, chained by hash",
    also={"text/html": None},
)
async def evidence(call: Call) -> Answer:
    """As a page for whoever accepts pages and not JSON."""
    found = await order_evidence(call.installation, call.subscriber.name, call.number)
    if found is None:
        raise unknown(call)
    accepted = call.request.headers.get("accept", "")
    if "text/html" in accepted and "application/json" not in accepted:
        return HTMLResponse(as_page(found), headers=DOCUMENT_HEADERS)
    document: EvidenceDocument = document_of(found)
    return document


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
