"""Moments as people write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makeready.times import from_seconds, parse_time
from makeready_hooks.errors import ConfigError

YEARS = timedelta(days=366 * 100)


@given(st.datetimes() | st.dates(), st.booleans())
def test_whatever_a_person_writes_is_refused_or_can_be_counted_from(written, is_end: bool) -> None:
    text = written.isoformat()
    try:
        read = from_seconds(parse_time(text, field="from", is_end=is_end) or 0.0)
    except ConfigError as refused:
        assert refused.field == "from"
        assert written.year < 1900 or written.year > 2199
    else:
        assert read - YEARS < read < read + YEARS


@pytest.mark.parametrize(
    ("text", "is_end", "expected"),
    [
        ("2026-03-02", False, datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-03-02", True, datetime(2026, 3, 3, tzinfo=UTC)),
        ("2026-03-02T09:15:00+02:00", True, datetime(2026, 3, 2, 7, 15, tzinfo=UTC)),
    ],
)
def test_a_day_that_ends_a_period_is_in_it(text: str, is_end: bool, expected: datetime) -> None:
    assert parse_time(text, field="to", is_end=is_end) == expected.timestamp()
