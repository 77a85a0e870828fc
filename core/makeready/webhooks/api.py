"""Operations about webhooks that came."""

from typing import Annotated

from msgspec import Meta, Struct, field

from makeready.web.api.answers import answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import Number, number_in, page_of, place_of


class ReceivedAnswer(Struct, frozen=True, kw_only=True):
    """A webhook as it came in."""

    id: int
    event: str
    order_number: Annotated[
        str, Meta(description="The order that it is about; empty if it is about none.")
    ] = field(name="order")
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


@operation("GET", ONE + "/webhooks", group="Activity", summary="Webhooks that came in")
async def list_webhooks(call: Call, query: PageQuery) -> ReceivedListAnswer:
    before = place_of(query.cursor, tuple[float, Number]) if query.cursor else None
    found = await call.installation.store.inbox.recent(call.subscriber.name, query.limit + 1, before=before)
    page, cursor = page_of(found, query.limit, lambda one: (one.received_at, one.id))
    webhooks = answers_from(ReceivedAnswer, page)
    return ReceivedListAnswer(webhooks=webhooks, next_cursor=cursor)


@operation(
    "GET",
    ONE + "/webhooks/refused",
    group="Activity",
    summary="Webhooks that were not accepted, and why",
)
async def list_refused_webhooks(call: Call, query: PageQuery) -> RefusedListAnswer:
    before, more = number_in(query.cursor), query.limit + 1
    found = await call.installation.store.inbox.refused(call.subscriber.name, more, before=before)
    page, cursor = page_of(found, query.limit, lambda one: one.id)
    webhooks = answers_from(RefusedAnswer, page)
    return RefusedListAnswer(webhooks=webhooks, next_cursor=cursor)
