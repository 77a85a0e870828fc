"""When the digest is due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from makeready.attention.model import AlertRules
from makeready.attention.working_hours import digest_time
from makeready.subscribers.model import Subscriber
from makeready_alerts.digest import last_occurrence, next_digest


@given(minutes=st.integers(0, 24 * 60 - 1), now=st.integers(86_400, 2_000_000_000))
def test_the_last_time_that_a_clock_showed_something_is_within_a_day(minutes: int, now: int) -> None:
    shown = f"{minutes // 60:02}:{minutes % 60:02}"
    clock = digest_time(AlertRules(digest_at=shown))
    assert clock is not None
    found = last_occurrence(clock, now)
    assert now - timedelta(days=1).total_seconds() < found <= now
    assert datetime.fromtimestamp(found, UTC).strftime("%H:%M") == shown


def test_it_is_told_by_the_company_s_clock_also_over_a_change_of_it() -> None:
    """In London the clocks go forward on 29 March 2026."""
    alerts = AlertRules(digest_at="07:00", time_zone="Europe/London")
    company = Subscriber(name="northfield", title="Northfield", external_user_id=117, alerts=alerts)
    now = datetime(2026, 3, 28, 12, tzinfo=UTC).timestamp()
    clock = digest_time(alerts)
    assert clock is not None
    assert datetime.fromtimestamp(last_occurrence(clock, now), UTC).hour == 7
    tomorrow = next_digest(company, now)
    assert datetime.fromtimestamp(tomorrow, UTC).hour == 6
    assert datetime.fromtimestamp(tomorrow, ZoneInfo("Europe/London")).hour == 7
