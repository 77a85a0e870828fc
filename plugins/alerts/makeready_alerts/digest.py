"""The daily digest: what is being tried again and may go well by itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from makeready.attention.channel import Message
from makeready.attention.model import counted
from makeready.attention.working_hours import digest_time
from makeready.engine.model import FailingWork, WorkType
from makeready.subscribers.model import Subscriber
from makeready.times import format_utc
from makeready_inspect.alarms import AlertInputs

DAY_S = 86_400.0
DIGEST = "digest"
SHOWN = 50


def digest_message(subscriber: Subscriber, waiting: Sequence[FailingWork], facts: AlertInputs) -> Message:
    lines = _lines(waiting[:SHOWN], facts.types)
    more = [f"... and {len(waiting) - SHOWN} more.\n"] if len(waiting) > SHOWN else []
    head = "These went wrong and are tried again by themselves; nobody has to do anything.\n"
    data: dict[str, object] = {
        "type": "orders.will_heal",
        "subscriber": subscriber.name,
        "day": format_utc(facts.now)[:10],
        "work": [
            {"kind": one.kind, "key": one.key, "since": format_utc(one.failing_since), "error": one.error}
            for one in waiting
        ],
    }
    verb = "is" if len(waiting) == 1 else "are"
    subject = f"{counted(len(waiting), 'thing')} {verb} being tried again"
    return Message(subject=subject, text="\n".join([head, *lines, *more]), data=data)


def _lines(failing: Sequence[FailingWork], types: Mapping[str, WorkType]) -> list[str]:
    """One text for each piece of work that will heal: which, since when, why, and when it is tried next."""
    return [
        f"{work.key or 'all'}  {types[work.kind].waits}\n"
        f"    since {format_utc(work.failing_since)} UTC, next try {format_utc(work.due_at)} UTC: {work.error}\n"
        for work in failing
    ]


def next_digest(subscriber: Subscriber, now: float) -> float:
    clock = digest_time(subscriber.alerts)
    return min(one for one in _occurrences(clock, now) if one > now) if clock else 0.0


def last_occurrence(clock: time, now: float) -> float:
    """The last moment at or before ``now`` at which the clocks of its time zone showed this time."""
    return max(one for one in _occurrences(clock, now) if one <= now)


def _occurrences(clock: time, now: float) -> list[float]:
    """Of yesterday, today and tomorrow: where the clocks are changed, a day has not 24 hours."""
    today = datetime.fromtimestamp(now, clock.tzinfo).date()
    return [datetime.combine(today + timedelta(days=days), clock).timestamp() for days in (-1, 0, 1)]
