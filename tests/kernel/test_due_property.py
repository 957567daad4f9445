"""Due times against a walk that knows nothing of `kernel.calendar`: minute by minute, day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from vanthu.kernel.calendar import DayKind, Session, SpecialDay, WorkingCalendar
from vanthu.kernel.due import (
    HANOI,
    due_after_days,
    due_after_hours,
    due_by_next_morning,
    due_by_next_working_day_end,
    effective_start,
    replay,
    trace_to_json,
)
from vanthu.organizations.reference import read_calendar_seed
from vanthu.organizations.rules.calendars import city_calendar

CITY = city_calendar(read_calendar_seed())

# Written out once more from the announcements, weekdays only, so that the seed is not its own witness.
OFF_BY_YEAR = {
    "2023": "01-02 01-20 01-23 01-24 01-25 01-26 05-01 05-02 05-03 09-01 09-04",
    "2024": "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03",
    "2025": "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
    "2026": "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02",
}
OFF = {f"{year}-{day}" for year, days in OFF_BY_YEAR.items() for day in days.split()}
WORKED_SATURDAYS = {"2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22"}

OFFICE = [(8 * 60, 12 * 60), (13 * 60, 17 * 60)]
FIRST, LAST = datetime(2023, 1, 1), datetime(2026, 10, 31, 23, 59)  # noqa: DTZ001
STARTS = st.datetimes(min_value=FIRST, max_value=LAST).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=HANOI)
)


class Walk:
    """Office hours as plain minutes of a day, looked up by the day's text."""

    def __init__(self, off: set[str], on: set[str], week: dict[int, list[tuple[int, int]]]) -> None:
        self.off, self.on, self.week = off, on, week

    def hours(self, day: date) -> list[tuple[int, int]]:
        text = day.isoformat()
        if text in self.on:
            return OFFICE
        return [] if text in self.off else self.week.get(day.weekday(), [])

    def is_open(self, minute: datetime) -> bool:
        now = minute.hour * 60 + minute.minute
        return any(opens <= now < closes for opens, closes in self.hours(minute.date()))

    def after_minutes(self, start: datetime, minutes: int) -> datetime:
        here = start
        while minutes:
            minutes -= self.is_open(here)
            here += timedelta(minutes=1)
        return here

    def end_of_nth_day(self, start: datetime, n: int, session: int = -1) -> datetime:
        day = start.date()
        while n:
            day += timedelta(days=1)
            n -= bool(self.hours(day))
        midnight = datetime(day.year, day.month, day.day, tzinfo=HANOI)
        return midnight + timedelta(minutes=self.hours(day)[session][1])


ANNOUNCED = Walk(OFF, WORKED_SATURDAYS, dict.fromkeys(range(5), OFFICE))


@settings(max_examples=300, deadline=None)
@given(start=STARTS, n=st.integers(1, 30))
def test_days_equal_the_walk_over_the_announced_days(start: datetime, n: int) -> None:
    due = due_after_days(CITY, start, n)

    assert due.due_at == ANNOUNCED.end_of_nth_day(start, n)
    assert replay(trace_to_json(due.trace), CITY) == due


@settings(max_examples=150, deadline=None)
@given(start=STARTS, n=st.integers(1, 60))
def test_hours_equal_the_walk_minute_by_minute(start: datetime, n: int) -> None:
    due = due_after_hours(CITY, start, n)

    assert due.due_at == ANNOUNCED.after_minutes(start, n * 60)
    assert replay(trace_to_json(due.trace), CITY) == due


@settings(max_examples=200, deadline=None)
@given(start=STARTS)
def test_the_next_working_day_equals_the_walk(start: datetime) -> None:
    assert due_by_next_morning(CITY, start).due_at == ANNOUNCED.end_of_nth_day(start, 1, session=0)
    assert due_by_next_working_day_end(CITY, start).due_at == ANNOUNCED.end_of_nth_day(start, 1)


@settings(max_examples=200, deadline=None)
@given(start=STARTS, n=st.integers(1, 10))
def test_a_moved_arrival_equals_the_walk_to_the_next_opening(start: datetime, n: int) -> None:
    moved = effective_start(CITY, start, urgent=False)
    today = ANNOUNCED.hours(start.date())
    stays = bool(today) and start.hour * 60 + start.minute <= today[-1][1]
    expected = start
    if not stays:
        expected = start.replace(hour=0, minute=0) + timedelta(days=1)
        while not ANNOUNCED.is_open(expected):
            expected += timedelta(minutes=1)

    assert moved.at == expected
    due = due_after_hours(CITY, moved, n)
    assert due.due_at == ANNOUNCED.after_minutes(expected, n * 60)
    assert replay(trace_to_json(due.trace), CITY) == due


@settings(max_examples=100, deadline=None)
@given(start=STARTS, n=st.integers(1, 20))
def test_the_zone_of_the_question_does_not_change_the_answer(start: datetime, n: int) -> None:
    assert due_after_days(CITY, start.astimezone(UTC), n).due_at == due_after_days(CITY, start, n).due_at


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


HOURS = st.lists(st.integers(0, 23 * 60 + 59), min_size=2, max_size=6, unique=True).map(
    lambda edges: list(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)
WEEKS = st.dictionaries(st.integers(0, 6), HOURS, min_size=1, max_size=6)
DAYS_OF_SPRING = st.integers(0, 60).map(lambda days: date(2025, 3, 1) + timedelta(days=days))


@settings(max_examples=150, deadline=None)
@given(
    week=WEEKS,
    off=st.sets(DAYS_OF_SPRING, max_size=15),
    on=st.sets(DAYS_OF_SPRING, max_size=5),
    offset=st.integers(0, 40 * 24 * 60),
    n=st.integers(1, 12),
)
def test_any_week_and_any_exceptions_equal_the_walk(
    week: dict[int, list[tuple[int, int]]], off: set[date], on: set[date], offset: int, n: int
) -> None:
    office = tuple(Session(_clock(opens), _clock(closes)) for opens, closes in OFFICE)
    rows = [SpecialDay(day, DayKind.HOLIDAY, "nghỉ", "thử") for day in off - on]
    rows += [SpecialDay(day, DayKind.SWAPPED_ON, "làm bù", "thử", sessions=office) for day in on]
    sessions = {weekday: [Session(_clock(a), _clock(b)) for a, b in hours] for weekday, hours in week.items()}
    calendar = WorkingCalendar.from_rows(name="thử", weekly=sessions, days=rows, years=(2025, 2026))
    walk = Walk({day.isoformat() for day in off}, {day.isoformat() for day in on}, week)
    start = datetime(2025, 3, 1, tzinfo=HANOI) + timedelta(minutes=offset)

    assert due_after_days(calendar, start, n).due_at == walk.end_of_nth_day(start, n)
    assert due_by_next_morning(calendar, start).due_at == walk.end_of_nth_day(start, 1, session=0)
    few_minutes = sum(closes - opens for hours in week.values() for opens, closes in hours) < 300
    if not few_minutes:  # a week of a few minutes would make the minute walk years long
        assert due_after_hours(calendar, start, n).due_at == walk.after_minutes(start, n * 60)
