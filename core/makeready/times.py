"""Moments for people."""

from datetime import UTC, datetime


def from_seconds(seconds: float) -> datetime:
    """Seconds since 1970 as an aware moment in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def when(seconds: float) -> str:
    """Seconds since 1970 as ``2026-03-02 09:15:30``, in UTC; ``-`` for never."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S") if seconds else "-"
