"""When the digest is due."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from makeready.attention.model import AlertRules
from makeready.attention.working_hours import digest_time
from makeready_alerts.digest import last_occurrence


@given(minutes=st.integers(0, 24 * 60 - 1), now=st.integers(86_400, 2_000_000_000))
def test_the_last_time_that_a_clock_showed_something_is_within_a_day(minutes: int, now: int) -> None:
    shown = f"{minutes // 60:02}:{minutes % 60:02}"
    clock = digest_time(AlertRules(digest_at=shown))
    assert clock is not None
    found = last_occurrence(clock, now)
    assert now - timedelta(days=1).total_seconds() < found <= now
    assert datetime.fromtimestamp(found, UTC).strftime("%H:%M") == shown
