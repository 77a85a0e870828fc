"""What alerts add to Makeready: the work that tells people, and the channels by which it does."""

from collections.abc import Sequence

from makeready.attention.channel import AlertChannel
from makeready.engine.model import NewWork, WorkType
from makeready.extensions import extension
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber
from makeready.web.api.operation import Operation, operations_in

from makeready_alerts import api
from makeready_alerts.channels import CHAT, MAIL, NTFY, WEBHOOK
from makeready_alerts.emergency import Emergencies
from makeready_alerts.notify import ALERT_WORK, alert_work
from makeready_alerts.watch import WATCH_WORK

EMERGENCIES = Emergencies()


@extension
async def on_start(installation: Installation, url: str) -> str:
    EMERGENCIES.begin(installation, url)
    return ""


@extension
async def on_stop(installation: Installation) -> None:
    await EMERGENCIES.end(installation)


@extension
def work_types() -> Sequence[WorkType]:
    return (ALERT_WORK, WATCH_WORK)


@extension
def operations() -> Sequence[Operation]:
    return operations_in(api)


@extension
def alert_channels() -> Sequence[AlertChannel]:
    return (MAIL, WEBHOOK, CHAT, NTFY)


@extension
def attention_work(subscriber: Subscriber, now: float) -> Sequence[NewWork]:
    return (alert_work(subscriber, now),)
