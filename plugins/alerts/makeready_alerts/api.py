"""Operations about alerts."""

from makeready.web.api.answers import answers_from
from makeready.web.api.operation import ONE, operation
from makeready.web.api.requests import Call
from makeready.web.api.shapes import Moment
from msgspec import Struct

from makeready_alerts.active import active_alerts


class AlertAnswer(Struct, frozen=True, kw_only=True):
    """What people were told, and take to be so until they are told that it is over."""

    channel: str
    topic: str
    title: str
    since: Moment
    told_at: Moment


class AlertsAnswer(Struct, frozen=True, kw_only=True):
    alerts: tuple[AlertAnswer, ...]


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
