"""Working hours: how much of a period people were at work."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from makeready_hooks.errors import ConfigError
from msgspec import Struct

from makeready.attention.model import AlertRules

CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class WorkingTime(Struct, frozen=True, kw_only=True):
    opens: time
    closes: time
    days: frozenset[int]
    """Monday is 1."""
    zone: tzinfo

    def seconds_between(self, start: float, end: float, *, enough: float) -> float:
        """Working seconds of a period. Counting stops when they are ``enough``."""
        total = 0.0
        for opens, closes in self._spans(start, end):
            total += max(0.0, min(closes, end) - max(opens, start))
            if total >= enough:
                break
        return total

    def _spans(self, start: float, end: float) -> Iterator[tuple[float, float]]:
        """When work begins and ends, day by day, as the clocks of the zone show it."""
        day = datetime.fromtimestamp(start, self.zone).date()
        last = datetime.fromtimestamp(end, self.zone).date()
        while day <= last:
            if day.isoweekday() in self.days:
                yield self._moment(day, self.opens), self._moment(day, self.closes)
            day += timedelta(days=1)

    def _moment(self, day: date, clock: time) -> float:
        return datetime.combine(day, clock, self.zone).timestamp()


def working_time(rules: AlertRules, where: str = "alerts") -> WorkingTime:
    """Raises ConfigError that names the setting."""
    opens, dash, closes = rules.working_hours.partition("-")
    if not dash or not CLOCK.fullmatch(opens) or not CLOCK.fullmatch(closes) or opens >= closes:
        raise ConfigError(
            f"{where}.working_hours {rules.working_hours!r} are not hours of a day.",
            field=f"{where}.working_hours",
            fix='Write them as in "08:00-18:00", the earlier first.',
        )
    if not rules.working_days:
        raise ConfigError(
            f"{where}.working_days is empty.", field=f"{where}.working_days", fix="Monday is 1, Sunday 7."
        )
    return WorkingTime(
        opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes),
        days=frozenset(rules.working_days),
        zone=_zone(rules.time_zone, where),
    )


def _zone(name: str, where: str) -> tzinfo:
    """UTC needs no data of time zones, which small machines do not have."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError(
            f"{where}.time_zone {name!r} is not a time zone that this machine knows.",
            field=f"{where}.time_zone",
            fix="Write it as in Europe/London; if that is right, install the package tzdata.",
        ) from None


def digest_time(rules: AlertRules, where: str = "alerts") -> time | None:
    """When the digest is told, in the company's time zone; None for never. Raises ConfigError."""
    if not rules.digest_at:
        return None
    if not CLOCK.fullmatch(rules.digest_at):
        raise ConfigError(
            f"{where}.digest_at {rules.digest_at!r} is not a time of the day.",
            field=f"{where}.digest_at",
            fix='Write it as in "07:00".',
        )
    return time.fromisoformat(rules.digest_at).replace(tzinfo=_zone(rules.time_zone, where))
