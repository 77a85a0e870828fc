"""Operations about alerts."""

from typing import Annotated

from makeready.web.api.answers import answer_from, answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment, PageQuery
from makeready.web.paging import page_of, place_of
from msgspec import Meta, Struct

from makeready_alerts.active import active_alerts
from makeready_alerts.model import Said, ToldKind
from makeready_alerts.store.history import Place, history_of
from makeready_alerts.try_out import send_test


class AlertAnswer(Struct, frozen=True, kw_only=True):
    """What people were told, and take to be so until they are told that it is over."""

    channel: str
    topic: str
    title: str
    since: Moment
    told_at: Moment


class AlertsAnswer(Struct, frozen=True, kw_only=True):
    alerts: tuple[AlertAnswer, ...]


class TellingAnswer(Struct, frozen=True, kw_only=True):
    channel: str
    said: Annotated[Said, Meta(description="That it has begun, or that it is over.")]
    whom: str
    at: Annotated[Moment, Meta(description="Of the last try.")]
    tries: int
    error: Annotated[str, Meta(description="Why it was not delivered; empty if it was.")]


class KeptAlertAnswer(Struct, frozen=True, kw_only=True):
    topic: str
    kind: ToldKind
    title: str
    text: str
    raised_at: Moment
    over_at: Annotated[Moment | None, Meta(description="null while it lasts.")]
    tellings: tuple[TellingAnswer, ...]


class AlertHistoryAnswer(Struct, frozen=True, kw_only=True):
    alerts: Annotated[tuple[KeptAlertAnswer, ...], Meta(description="The newest first.")]
    next_cursor: str | None


class TriedAnswer(Struct, frozen=True, kw_only=True):
    channel: str
    whom: str
    error: Annotated[str, Meta(description="Why it was not delivered; empty if it was.")]


class TestAnswer(Struct, frozen=True, kw_only=True):
    channels: Annotated[tuple[TriedAnswer, ...], Meta(description="Empty if nobody is told.")]


@operation(
    "GET",
    ONE + "/alerts",
    name="listAlerts",
    group="Activity",
    summary="What people were told and holds still, by each channel",
)
async def list_alerts(call: Call) -> AlertsAnswer:
    told = await active_alerts(call.installation, call.subscriber)
    return AlertsAnswer(alerts=answers_from(AlertAnswer, told))


@operation(
    "GET",
    ONE + "/alerts/history",
    group="Activity",
    summary="What was raised, when it was over, who was told and whether it was delivered",
)
async def list_alert_history(call: Call, query: PageQuery) -> AlertHistoryAnswer:
    after = Place(*place_of(query.cursor, tuple[float, str])) if query.cursor else None
    kept = await history_of(call.installation).page(call.subscriber.name, query.limit + 1, after)
    page, cursor = page_of(kept, query.limit, lambda one: (one.raised_at, one.topic))
    found = tuple(
        answer_from(KeptAlertAnswer, one, tellings=answers_from(TellingAnswer, one.tellings)) for one in page
    )
    return AlertHistoryAnswer(alerts=found, next_cursor=cursor)


@operation(
    "POST",
    ONE + "/alerts/test",
    name="testAlerts",
    group="Activity",
    summary="Send a test by every channel; the answer says whether it was delivered",
    action="alerts test",
)
async def test_alerts(call: Call) -> TestAnswer:
    tried = await send_test(call.installation, call.subscriber)
    return TestAnswer(channels=answers_from(TriedAnswer, tried))
