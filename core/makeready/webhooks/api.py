"""Operations about webhooks that came."""

from msgspec import Struct

from makeready.alerts.api import AlertsAnswer, list_alerts
from makeready.engine.api import WorkListAnswer, list_work
from makeready.times import from_seconds
from makeready.web.api.operation import ONE, Operation, grouped
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import Number, as_cursor, place_of
from makeready.webhooks.model import Delivery, RefusedDelivery


class ReceivedAnswer(Struct, frozen=True, kw_only=True):
    """A webhook as it came in."""

    id: int
    event: str
    order: str
    """The order that it is about; empty if it is about none."""
    received_at: Moment
    body: str


class ReceivedListAnswer(Struct, frozen=True, kw_only=True):
    webhooks: tuple[ReceivedAnswer, ...]
    """The newest first."""
    next_cursor: str | None


class RefusedAnswer(Struct, frozen=True, kw_only=True):
    """A webhook that was not accepted: not genuine, or not to be read."""

    id: int
    connector: str
    received_at: Moment
    reason: str
    body: str
    """Its beginning."""


class RefusedListAnswer(Struct, frozen=True, kw_only=True):
    webhooks: tuple[RefusedAnswer, ...]
    """The newest first."""
    next_cursor: str | None


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


ACTIVITY = grouped(
    "Activity",
    Operation(
        name="listWebhooks",
        method="GET",
        path=ONE + "/webhooks",
        summary="Webhooks that came in",
        run=list_webhooks,
        answer=ReceivedListAnswer,
        query=PageQuery,
    ),
    Operation(
        name="listRefusedWebhooks",
        method="GET",
        path=ONE + "/webhooks/refused",
        summary="Webhooks that were not accepted, and why",
        run=list_refused,
        answer=RefusedListAnswer,
        query=PageQuery,
    ),
    Operation(
        name="listWork",
        method="GET",
        path=ONE + "/work",
        summary="Work that is to be done, with its next run",
        run=list_work,
        answer=WorkListAnswer,
        query=PageQuery,
    ),
    Operation(
        name="listAlerts",
        method="GET",
        path=ONE + "/alerts",
        summary="What people were told and holds still, by each channel",
        run=list_alerts,
        answer=AlertsAnswer,
    ),
)
