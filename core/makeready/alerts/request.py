"""Ask for an alert. What needs attention until it is sent goes into the same message."""

from makeready.alerts.model import ALERT
from makeready.engine.model import NewWork
from makeready.subscribers.model import Subscriber


def alert_work(subscriber: Subscriber, now: float) -> NewWork:
    """Ask for an alert. What needs attention until it is due goes into the same message."""
    return NewWork(subscriber=subscriber.name, kind=ALERT, key="", due_at=now + subscriber.alerts.gather_s)
