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
from makeready_inspect.alarms import Alarm, AlertInputs, alarms, is_retrying, is_urgent

from makeready_alerts.channels import ENVIRON, channels_of, each_channel
from makeready_alerts.digest import DAY_S, DIGEST, digest_message, last_occurrence, next_digest
from makeready_alerts.model import WATCH, Alert, SentAlert
from makeready_alerts.moments import local, quiet_until, with_zone
from makeready_alerts.notify import page_link
from makeready_alerts.store.history import history_of
from makeready_alerts.store.sent import sent_alerts_of
from makeready_alerts.tell import KEPT_S, Teller

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
    await watching.keep_history()
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
        self._teller = Teller(installation, subscriber, environ, facts.now)
        self._quiet = bool(quiet_until(subscriber.alerts, facts.now))
        self._alarms = {alarm.topic: alarm for alarm in alarms(subscriber, facts)}

    async def keep_history(self) -> None:
        """What has begun and what is over, whoever is told of it and when."""
        history, name, now = history_of(self._installation), self._subscriber.name, self._facts.now
        lasting = {one.topic for one in await history.lasting(name)}
        begun = [_raised(alarm) for topic, alarm in self._alarms.items() if topic not in lasting]
        over = [topic for topic in lasting if topic not in self._alarms]
        if begun or over:
            await history.keep(name, begun, over, now=now, before=now - KEPT_S)

    async def use(self, channel: AlertChannel) -> None:
        told = await sent_alerts_of(self._installation).sent(self._subscriber.name, channel.name)
        digested, kinds = told.pop(DIGEST, None), channel.kinds(self._subscriber)
        if "alarms" in kinds:
            await self._tell_changes(channel, told)
        if "summary" in kinds and not self._quiet:
            await self._tell_digest(channel, digested)

    async def _tell_changes(self, channel: AlertChannel, told: Mapping[str, SentAlert]) -> None:
        """In quiet hours what is urgent; the rest is still to be told when they end."""
        begun = [one for topic, one in self._alarms.items() if topic not in told and self._may_tell(topic)]
        over = [one for topic, one in told.items() if topic not in self._alarms and self._may_tell(topic)]
        if begun or over:
            message = _changes(self._subscriber, begun, over)
            ends = [(one.topic, one.since) for one in over]
            await self._teller.changes(channel, message, [(one.topic, one.since) for one in begun], ends)
            now = [_telling(alarm, self._facts.now) for alarm in begun]
            await self._keep(channel, now, [one.topic for one in over])

    def _may_tell(self, topic: str) -> bool:
        return not self._quiet or is_urgent(topic)

    async def _tell_digest(self, channel: AlertChannel, before: SentAlert | None) -> None:
        """The first time only begins to count: a digest is not told in the middle of a day."""
        clock, now = digest_time(self._subscriber.alerts), self._facts.now
        if clock is None or (before is not None and before.told_at >= last_occurrence(clock, now)):
            return
        waiting = is_retrying(self._facts.failing)
        if before is not None and waiting:
            page = await page_link(self._installation, self._subscriber)
            counts = await self._installation.store.attention.counts(self._subscriber.name)
            message = digest_message(self._subscriber, waiting, self._facts, counts.total, page(""))
            await self._teller.message(channel, message, "summary")
        await self._keep(channel, [SentAlert(topic=DIGEST, title="", since=now, told_at=now)])

    async def _keep(self, channel: AlertChannel, told: Sequence[SentAlert], over: Sequence[str] = ()) -> None:
        news = {one.topic: self._news(one) for one in told if one.title}
        sent = sent_alerts_of(self._installation)
        await sent.keep(self._subscriber.name, channel.name, told, over, news=news)

    def _news(self, one: SentAlert) -> TransactionStep:
        news = AlertNews(topic=one.topic, title=one.title, since=from_seconds(one.since))
        name, observers = self._subscriber.name, self._installation.store.observers
        return observers.news(name, "alert_raised", one.topic, news, one.told_at)


def _raised(alarm: Alarm) -> Alert:
    return Alert(
        topic=alarm.topic, raised_at=alarm.since, kind="alarms", title=alarm.title, text=alarm.detail
    )


def _telling(alarm: Alarm, now: float) -> SentAlert:
    return SentAlert(topic=alarm.topic, title=alarm.title, since=alarm.since, told_at=now)


def _changes(subscriber: Subscriber, begun: Sequence[Alarm], over: Sequence[SentAlert]) -> Message:
    """What has begun and what is over, in one message."""
    titles = [alarm.title for alarm in begun] + [f"over: {one.title}" for one in over]
    more = f" (and {len(titles) - 1} more)" if len(titles) > 1 else ""
    rules = subscriber.alerts
    texts = [f"{alarm.title}, since {local(alarm.since, rules)}.\n{alarm.detail}\n" for alarm in begun]
    texts += [f"It is over: {one.title}, since {local(one.since, rules)}.\n" for one in over]
    data: dict[str, object] = {
        "type": "alarms.changed",
        "subscriber": subscriber.name,
        "begun": [
            {"topic": one.topic, "title": one.title, "since": format_utc(one.since), "detail": one.detail}
            for one in begun
        ],
        "over": [{"topic": one.topic, "title": one.title, "since": format_utc(one.since)} for one in over],
    }
    return Message(subject=titles[0] + more, text=with_zone("\n".join(texts), rules), data=data)


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
