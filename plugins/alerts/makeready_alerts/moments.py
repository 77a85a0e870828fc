"""Moments in messages: all in the company's time zone, which each message names."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from makeready.attention.model import AlertRules


def zone_of(rules: AlertRules) -> tzinfo:
    """UTC needs no data of time zones, which small machines do not have."""
    return UTC if rules.time_zone == "UTC" else ZoneInfo(rules.time_zone)


def local(seconds: float, rules: AlertRules) -> str:
    """``2026-03-02 09:15``, as the company's clocks show it."""
    return datetime.fromtimestamp(seconds, zone_of(rules)).strftime("%Y-%m-%d %H:%M")


def with_zone(text: str, rules: AlertRules) -> str:
    """A message and, at its end, of which zone its times are."""
    return f"{text.rstrip()}\n\nTimes are in {rules.time_zone}.\n"


def quiet_until(rules: AlertRules, now: float) -> float:
    """When the quiet hours end in which this moment lies; 0 if it lies in none. They may go over midnight."""
    begins, dash, ends = rules.quiet_hours.partition("-")
    if not dash or begins == ends:
        return 0.0
    zone = zone_of(rules)
    today = datetime.fromtimestamp(now, zone).replace(second=0, microsecond=0)
    for days in (-1, 0):
        day = today + timedelta(days=days)
        start, end = _at(day, begins), _at(day + timedelta(days=begins > ends), ends)
        if start.timestamp() <= now < end.timestamp():
            return end.timestamp()
    return 0.0


def _at(day: datetime, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return day.replace(hour=int(hour), minute=int(minute))
