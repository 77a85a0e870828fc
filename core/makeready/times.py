"""Moments for people."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from makeready_hooks.errors import ConfigError

DAY_LENGTH = len("2026-03-02")
YEARS = range(1900, 2200)
"""In which a moment that a person writes lies: all that is counted from it stays a moment."""
HOUR_S = 3600.0
SHOWN_HOURS = 24
"""Of what is told by the hour; the one that is not over yet is the last of them."""


def from_seconds(seconds: float) -> datetime:
    """Seconds since 1970 as an aware moment in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def format_utc(seconds: float) -> str:
    """Seconds since 1970 as ``2026-03-02 09:15:30``, in UTC; ``-`` for never."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S") if seconds else "-"


def midnight(time_zone: str, now: float, *, days_ago: int = 0) -> float:
    """The beginning of a day in a zone such as Europe/London, in seconds since 1970."""
    today = from_seconds(now).astimezone(ZoneInfo(time_zone))
    return (today.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)).timestamp()


def first_hour(now: float) -> int:
    """Of the hours that are shown, counted since 1970."""
    return int(now // HOUR_S) - SHOWN_HOURS + 1


def parse_time(text: str, *, field: str, is_end: bool = False) -> float | None:
    """A day or a moment as a person writes it, in seconds since 1970; None for an empty text.

    A day is its beginning, or its end if it ends a period. A moment without a zone is in UTC.
    Raises ConfigError that names the field.
    """
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        if read.year not in YEARS:
            raise ValueError
        day = timedelta(days=is_end and len(text) == DAY_LENGTH)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() + day.total_seconds()
    except ValueError:
        raise ConfigError(
            f"{text!r} is neither a day nor a moment of the years {YEARS[0]} to {YEARS[-1]}.",
            field=field,
            fix="Write it as 2026-03-02 or 2026-03-02T09:15:00Z.",
        ) from None
