"""Operations about webhooks that came."""

from typing import Annotated

from msgspec import Meta, Struct

from makeready.times import from_seconds
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import Number, as_cursor, place_of
from makeready.webhooks.model import Delivery, RefusedDelivery


class ReceivedAnswer(Struct, frozen=True, kw_only=True):
    """A webhook as it came in."""

    id: int
    event: str
    order: Annotated[str, Meta(description="The order that it is about; empty if it is about none.")]
    received_at: Moment
    body: str


class ReceivedListAnswer(Struct, frozen=True, kw_only=True):
    webhooks: Annotated[tuple[ReceivedAnswer, ...], Meta(description="The newest first.")]
    next_cursor: str | None


class RefusedAnswer(Struct, frozen=True, kw_only=True):
    """A webhook that was not accepted: not genuine, or not to be read."""

    id: int
    connector: str
    received_at: Moment
    reason: str
    body: Annotated[str, Meta(description="Its beginning.")]


class RefusedListAnswer(Struct, frozen=True, kw_only=True):
    webhooks: Annotated[tuple[RefusedAnswer, ...], Meta(description="The newest first.")]
    next_cursor: str | None


@operation(
    "GET",
    ONE + "/webhooks",
    name="listWebhooks",
    group="Activity",
    summary="Webhooks that came in",
    query=PageQuery,
)
async def list_webhooks(call: Call) -> ReceivedListAnswer:
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[float, Number]) if query.cursor else None
    found = await call.installation.store.inbox.recent(call.subscriber.name, query.limit + 1, before=before)
    page = found[: query.limit]
    more = len(found) > len(page)
    return ReceivedListAnswer(
        webhooks=tuple(map(_received, page)),
        next_cursor=as_cursor((page[-1].received_at, page[-1].id)) if more else None,
    )


def _received(one: Delivery) -> ReceivedAnswer:
    return ReceivedAnswer(
        id=one.id,
        event=one.event,
        order=one.order_number,
        received_at=from_seconds(one.received_at),
        body=one.body.decode("utf-8", "replace"),
    )


@operation(
    "GET",
    ONE + "/webhooks/refused",
    name="listRefusedWebhooks",
    group="Activity",
    summary="Webhooks that were not accepted, and why",
    query=PageQuery,
)
async def list_refused(call: Call) -> RefusedListAnswer:
    query: PageQuery = call.query
    before = place_of(query.cursor, Number) if query.cursor else 0
    found = await call.installation.store.inbox.refused(call.subscriber.name, query.limit + 1, before=before)
    page = found[: query.limit]
    return RefusedListAnswer(
        webhooks=tuple(map(_refused, page)),
        next_cursor=as_cursor(page[-1].id) if len(found) > len(page) else None,
    )


def _refused(one: RefusedDelivery) -> RefusedAnswer:
    return RefusedAnswer(
        id=one.id,
        connector=one.connector,
        received_at=from_seconds(one.received_at),
        reason=one.reason,
        body=one.body.decode("utf-8", "replace"),
    )
