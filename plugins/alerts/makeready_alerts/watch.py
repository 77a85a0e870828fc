"""The watch: what people should know of although no single order needs them, told once until it is over.

Outages and settings that no longer work, silence, webhooks that do not come, and once a day what is
being tried again. What was told is kept per channel: a restart repeats nothing.
"""

from collections.abc import Mapping, Sequence

from makeready.attention.channel import AlertChannel, Message
from makeready.attention.working_hours import digest_time
from makeready.engine.model import Schedule, Work, WorkType
from makeready.engine.priority import Urgency
from makeready.engine.retry import Retry
from makeready.installation import Installation
from makeready.storage.database import TransactionStep
from makeready.subscribers.model import Subscriber
from makeready.times import format_utc, from_seconds
from makeready_hooks.model.news import AlertNews
from makeready_inspect.alarm_inputs import collect_inputs
from makeready_inspect.alarms import Alarm, AlertInputs, alarms, is_retrying

from makeready_alerts.channels import ENVIRON, channels_of, each_channel
from makeready_alerts.digest import DAY_S, DIGEST, digest_message, last_occurrence, next_digest
from makeready_alerts.model import WATCH, SentAlert
from makeready_alerts.store import sent_alerts_of

WATCH_EVERY_S = 60.0


async def watch(
    installation: Installation, name: str, works: Sequence[Work], environ: Mapping[str, str] = ENVIRON
) -> Mapping[int, Retry]:
    """Look and tell, and come again; not again if nobody wants to be told."""
    [work] = works
    subscriber = await installation.subscriber(name)
    channels = channels_of(subscriber)
    if not channels:
        return {}
    facts = await collect_inputs(installation, subscriber)
    watching = _Watching(installation, subscriber, facts, environ)
    trouble = await each_channel(channels, watching.use)
    return {work.id: Retry(error=str(trouble or ""), after_s=WATCH_EVERY_S)}


class _Watching:
    """One look, told through each channel on its own."""

    def __init__(
        self,
        installation: Installation,
        subscriber: Subscriber,
        facts: AlertInputs,
        environ: Mapping[str, str],
    ) -> None:
        self._installation = installation
        self._subscriber = subscriber
        self._facts = facts
        self._environ = environ
        self._alarms = {alarm.topic: alarm for alarm in alarms(subscriber, facts)}

    async def use(self, channel: AlertChannel) -> None:
        told = await sent_alerts_of(self._installation).sent(self._subscriber.name, channel.name)
        digested = told.pop(DIGEST, None)
        await self._tell_changes(channel, told)
        await self._tell_digest(channel, digested)

    async def _tell_changes(self, channel: AlertChannel, told: Mapping[str, SentAlert]) -> None:
        begun = [alarm for topic, alarm in self._alarms.items() if topic not in told]
        over = [one for topic, one in told.items() if topic not in self._alarms]
        if begun or over:
            await self._tell(channel, _changes(self._subscriber, begun, over))
            now = [_telling(alarm, self._facts.now) for alarm in begun]
            await self._keep(channel, now, [one.topic for one in over])

    async def _tell_digest(self, channel: AlertChannel, before: SentAlert | None) -> None:
        """The first time only begins to count: a digest is not told in the middle of a day."""
        clock, now = digest_time(self._subscriber.alerts), self._facts.now
        if clock is None or (before is not None and before.told_at >= last_occurrence(clock, now)):
            return
        waiting = is_retrying(self._facts.failing)
        if before is not None and waiting:
            await self._tell(channel, digest_message(self._subscriber, waiting, self._facts))
        await self._keep(channel, [SentAlert(topic=DIGEST, title="", since=now, told_at=now)])

    async def _tell(self, channel: AlertChannel, message: Message) -> None:
        await channel.send(self._installation, self._subscriber, message, self._environ)

    async def _keep(self, channel: AlertChannel, told: Sequence[SentAlert], over: Sequence[str] = ()) -> None:
        news = {one.topic: self._news(one) for one in told if one.title}
        sent = sent_alerts_of(self._installation)
        await sent.keep(self._subscriber.name, channel.name, told, over, news=news)

    def _news(self, one: SentAlert) -> TransactionStep:
        news = AlertNews(topic=one.topic, title=one.title, since=from_seconds(one.since))
        name, observers = self._subscriber.name, self._installation.store.observers
        return observers.news(name, "alert_raised", one.topic, news, one.told_at)


def _telling(alarm: Alarm, now: float) -> SentAlert:
    return SentAlert(topic=alarm.topic, title=alarm.title, since=alarm.since, told_at=now)


def _changes(subscriber: Subscriber, begun: Sequence[Alarm], over: Sequence[SentAlert]) -> Message:
    """What has begun and what is over, in one message."""
    titles = [alarm.title for alarm in begun] + [f"over: {one.title}" for one in over]
    more = f" (and {len(titles) - 1} more)" if len(titles) > 1 else ""
    texts = [f"{alarm.title}, since {format_utc(alarm.since)} UTC.\n{alarm.detail}\n" for alarm in begun]
    texts += [f"It is over: {one.title}, since {format_utc(one.since)} UTC.\n" for one in over]
    data: dict[str, object] = {
        "type": "alarms.changed",
        "subscriber": subscriber.name,
        "begun": [
            {"topic": one.topic, "title": one.title, "since": format_utc(one.since), "detail": one.detail}
            for one in begun
        ],
        "over": [{"topic": one.topic, "title": one.title, "since": format_utc(one.since)} for one in over],
    }
    return Message(subject=titles[0] + more, text="\n".join(texts), data=data)


WATCH_WORK = WorkType(
    kind=WATCH,
    run=watch,
    urgency=Urgency.UPKEEP,
    max_per_subscriber=1,
    schedules=(
        Schedule(
            title="Look for what people should know of",
            every_s=lambda one: WATCH_EVERY_S if channels_of(one) else 0.0,
        ),
        Schedule(
            name=DIGEST,
            title="Tell people once a day what is being tried again",
            every_s=lambda one: DAY_S if channels_of(one) and digest_time(one.alerts) else 0.0,
            next_at=next_digest,
        ),
    ),
)
