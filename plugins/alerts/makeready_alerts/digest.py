"""The daily digest: what is being tried again and may go well by itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from makeready.attention.channel import Message
from makeready.attention.model import AlertRules, counted
from makeready.attention.working_hours import digest_time
from makeready.engine.model import FailingWork, WorkType
from makeready.subscribers.model import Subscriber
from makeready.times import format_utc
from makeready_inspect.alarms import AlertInputs

from makeready_alerts.moments import local, with_zone, zone_of

DAY_S = 86_400.0
DIGEST = "digest"
SHOWN = 50


def digest_message(
    subscriber: Subscriber, waiting: Sequence[FailingWork], facts: AlertInputs, for_person: int, page: str
) -> Message:
    """``for_person``: how much needs one, which was told when it came. ``page``: where it stands; "" if there is none."""
    rules = subscriber.alerts
    day = datetime.fromtimestamp(facts.now, zone_of(rules))
    head = f"{subscriber.title}, {day.day} {day:%B %Y}\n\n"
    head += f"Being tried again by itself ({len(waiting)}); nobody has to do anything:\n"
    more = [f"... and {len(waiting) - SHOWN} more.\n"] if len(waiting) > SHOWN else []
    person = [_for_person(for_person, page)] if for_person else []
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
    subject = f"Daily summary: {counted(len(waiting), 'thing')} {verb} being tried again"
    text = "\n".join([head, *_groups(waiting[:SHOWN], facts.types, rules), *more, *person])
    return Message(subject=subject, text=with_zone(text, rules), data=data)


def _for_person(count: int, page: str) -> str:
    verb = "needs" if count == 1 else "need"
    return f"{counted(count, 'thing')} {verb} attention, as you were told. {page}".rstrip() + "\n"


def _groups(
    failing: Sequence[FailingWork], types: Mapping[str, WorkType], rules: AlertRules
) -> Iterator[str]:
    """What waits for the same and fails in the same way stands together: why, then which, since when, and when next."""
    together: dict[tuple[str, str], list[FailingWork]] = {}
    for work in failing:
        together.setdefault((types[work.kind].waits, work.error), []).append(work)
    for (waits, error), works in together.items():
        rows = [
            f"    {work.key or 'all'}   since {local(work.failing_since, rules)}, next try {local(work.due_at, rules)}\n"
            for work in works
        ]
        waiting = f"Waiting {waits}" if waits.startswith("to ") else f"Waiting for {waits}"
        yield f"{waiting}: {error}\n{''.join(rows)}"


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
