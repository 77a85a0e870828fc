"""What people were told and holds still, by each channel."""

from makeready.extensions import installed
from makeready.installation import Installation
from makeready.subscribers.model import Subscriber

from makeready_alerts.model import ActiveAlert
from makeready_alerts.store.sent import sent_alerts_of


async def active_alerts(installation: Installation, subscriber: Subscriber) -> list[ActiveAlert]:
    """What has no title is told in sentences of its own, and is no state that lasts."""
    sent = sent_alerts_of(installation)
    return [
        ActiveAlert(
            channel=channel.name, topic=one.topic, title=one.title, since=one.since, told_at=one.told_at
        )
        for channel in installed().alert_channels
        for one in (await sent.sent(subscriber.name, channel.name)).values()
        if one.title
    ]
