"""Working hours, against counting minute by minute."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makeready.attention.model import AlertRules
from makeready.attention.working_hours import digest_time, working_time
from makeready_hooks.errors import ConfigError

ENOUGH = float("inf")
MINUTE = 60
LONDON_SPRING = datetime(2026, 3, 27, tzinfo=UTC).timestamp()  # clocks go forward on Sunday the 29th

clocks = st.integers(0, 24 * 60 - 2).flatmap(
    lambda opens: st.tuples(st.just(opens), st.integers(opens + 1, 24 * 60 - 1))
)


def text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def at(day: int, hour: int, minute: int = 0) -> float:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC).timestamp()


@settings(max_examples=40)
@given(
    hours=clocks,
    days=st.sets(st.integers(1, 7), min_size=1),
    zone=st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"]),
    start=st.integers(0, 3 * 24 * 60),
    minutes=st.integers(0, 3 * 24 * 60),
)
def test_it_is_the_number_of_minutes_in_which_people_work(hours, days, zone, start, minutes) -> None:
    opens, closes = hours
    rules = AlertRules(
        working_hours=f"{text(opens)}-{text(closes)}", working_days=tuple(days), time_zone=zone
    )
    begin = LONDON_SPRING + start * MINUTE
    counted = 0
    for number in range(minutes):
        local = datetime.fromtimestamp(begin + number * MINUTE, ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        counted += local.isoweekday() in days and opens <= minute < closes
    end = begin + minutes * MINUTE
    found = working_time(rules).seconds_between(begin, end, enough=ENOUGH) / MINUTE
    in_the_lost_hour = zone == "Europe/London" and 7 in days and opens < 120 and closes > 60
    assert found == counted or (in_the_lost_hour and abs(found - counted) <= MINUTE)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(2, 9), at(2, 12), 3),
        (at(2, 17), at(3, 9), 2),
        (at(6, 16), at(9, 10), 4),  # over a weekend
        (at(7, 9), at(8, 18), 0),
    ],
)
def test_nights_and_weekends_do_not_count(start: float, end: float, hours: float) -> None:
    assert working_time(AlertRules()).seconds_between(start, end, enough=ENOUGH) == hours * 3600


def test_counting_ends_when_it_is_enough() -> None:
    assert working_time(AlertRules()).seconds_between(0, at(2, 9), enough=3600) < 24 * 3600


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (AlertRules(working_hours="8-18"), "working_hours '8-18' are not hours of a day"),
        (AlertRules(working_hours="18:00-08:00"), "the earlier first"),
        (AlertRules(working_hours="08:00"), 'Write them as in "08:00-18:00"'),
        (AlertRules(working_days=()), "working_days is empty"),
        (AlertRules(time_zone="Mars/Olympus"), "'Mars/Olympus' is not a time zone"),
        (AlertRules(time_zone="../etc"), "Europe/London"),
        (AlertRules(time_zone="Europe"), "Europe/London"),
    ],
)
def test_what_is_no_working_time_is_named(rules: AlertRules, text: str) -> None:
    with pytest.raises(ConfigError, match=text):
        working_time(rules)


@pytest.mark.parametrize("given", ["7:00", "24:00", "07:60", "noon"])
def test_what_is_no_time_of_the_day_is_named(given: str) -> None:
    with pytest.raises(ConfigError, match=f"digest_at '{given}' is not a time of the day"):
        digest_time(AlertRules(digest_at=given))
