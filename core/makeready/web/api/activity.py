"""Operations about what goes on: webhooks, work with its next run, what people were told."""

from msgspec import Struct

from makeready.records import Channel, Delivery, FailingWork, RefusedDelivery
from makeready.times import from_seconds
from makeready.web.api.calls import Call
from makeready.web.api.listing import first_of
from makeready.web.api.operation import ONE, Operation, grouped
from makeready.web.api.shapes import Moment, PageQuery, moment_or_none
from makeready.web.paging import Number, as_cursor, place_of


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


class WorkAnswer(Struct, frozen=True, kw_only=True):
    kind: str
    key: str
    """What it is about: an order, a submission, a product; empty for what is done for all."""
    due_at: Moment
    """Its next run."""
    error: str
    """What went wrong last time."""
    failing_since: Moment | None
    needs_person: bool


class WorkListAnswer(Struct, frozen=True, kw_only=True):
    work: tuple[WorkAnswer, ...]
    """The soonest first."""
    next_cursor: str | None


class AlertAnswer(Struct, frozen=True, kw_only=True):
    """What people were told, and take to be so until they are told that it is over."""

    channel: str
    topic: str
    title: str
    since: Moment
    told_at: Moment


class AlertsAnswer(Struct, frozen=True, kw_only=True):
    alerts: tuple[AlertAnswer, ...]


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


async def list_work(call: Call) -> WorkListAnswer:
    query: PageQuery = call.query
    start = first_of(query)
    found = await call.installation.store.work.due(call.subscriber.name, query.limit + 1, skip=start)
    page = found[: query.limit]
    return WorkListAnswer(
        work=tuple(map(work_answer, page)),
        next_cursor=as_cursor(start + query.limit) if len(found) > len(page) else None,
    )


def work_answer(one: FailingWork) -> WorkAnswer:
    return WorkAnswer(
        kind=one.kind,
        key=one.key,
        due_at=from_seconds(one.due_at),
        error=one.error,
        failing_since=moment_or_none(one.failing_since),
        needs_person=one.needs_person,
    )


async def list_alerts(call: Call) -> AlertsAnswer:
    """What has no title is told in sentences of its own, and is no state that lasts."""
    alerts = [
        AlertAnswer(
            channel=channel.name.lower(),
            topic=one.topic,
            title=one.title,
            since=from_seconds(one.since),
            told_at=from_seconds(one.told_at),
        )
        for channel in Channel
        for one in (await call.installation.store.watch.told(call.subscriber.name, channel)).values()
        if one.title
    ]
    return AlertsAnswer(alerts=tuple(alerts))


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
