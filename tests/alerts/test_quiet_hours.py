"""Quiet hours: what is urgent is told, the rest waits and comes together."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.attention.model import AlertRules
from makeready_alerts.moments import quiet_until

NIGHT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC).timestamp()
HOUR = 3600.0


@pytest.mark.parametrize(
    ("hours", "at", "ends_after_h"),
    [
        ("22:00-06:00", NIGHT, 6.5),
        ("22:00-06:00", NIGHT + 2 * HOUR, 4.5),
        ("22:00-06:00", NIGHT + 6.5 * HOUR, 0),
        ("22:00-06:00", NIGHT - 1.5 * HOUR, 8),
        ("12:00-13:00", NIGHT, 0),
        ("12:00-13:00", NIGHT - 11 * HOUR, 0.5),
        ("06:00-06:00", NIGHT, 0),
        ("", NIGHT, 0),
    ],
)
def test_they_go_over_midnight(hours: str, at: float, ends_after_h: float) -> None:
    until = quiet_until(AlertRules(quiet_hours=hours), at)
    assert until == (at + ends_after_h * HOUR if ends_after_h else 0)


@given(st.integers(0, 10_000))
def test_they_end_when_the_company_s_clocks_say_so_also_when_those_are_changed(minutes: int) -> None:
    """In London the clocks go forward in the night to 29 March 2026."""
    rules = AlertRules(quiet_hours="22:00-06:30", time_zone="Europe/London")
    now = datetime(2026, 3, 26, tzinfo=UTC).timestamp() + 60 * minutes
    shown = datetime.fromtimestamp(now, ZoneInfo("Europe/London")).strftime("%H:%M")
    until = quiet_until(rules, now)
    assert bool(until) is (shown >= "22:00" or shown < "06:30")
    if until:
        assert datetime.fromtimestamp(until, ZoneInfo("Europe/London")).strftime("%H:%M") == "06:30"
        assert 0 < until - now <= 9 * HOUR
