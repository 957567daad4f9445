"""The seeded calendar against the `holidays` package and law.md §7."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from vanthu.kernel.actor import Urgency
from vanthu.kernel.calendar import DayKind
from vanthu.organizations.reference import read_calendar_seed
from vanthu.organizations.rules.calendars import (
    CULTURE_DAY,
    URGENCY_NAMES,
    URGENT_MINUTES,
    city_calendar,
    seeded_special_days,
)

SEED = read_calendar_seed()
CITY = city_calendar(SEED)

# law.md §7 stands over the package (decision D15): Friday 02/01/2026 was swapped with Saturday 10/01/2026,
# and 24/11 stays a working day until the Labour Code names it.
KNOWN_DIFFERENCES = {date(2026, 1, 2), date(2026, 1, 10), date(2026, 11, 24)}


def days(first: int, last: int) -> list[date]:
    start, end = date(first, 1, 1), date(last, 12, 31)
    return [start + timedelta(days=step) for step in range((end - start).days + 1)]


def test_every_day_of_2023_to_2026_agrees_with_the_package_but_for_the_documented_three() -> None:
    package = holidays.country_holidays("VN", years=range(2023, 2027))
    differing = {day for day in days(2023, 2026) if CITY.is_working_day(day) != package.is_working_day(day)}

    assert differing == KNOWN_DIFFERENCES


def test_the_projection_of_2027_agrees_with_the_package_and_is_marked() -> None:
    package = holidays.country_holidays("VN", years=2027)
    differing = {day for day in days(2027, 2027) if CITY.is_working_day(day) != package.is_working_day(day)}

    assert differing == {date(2027, 11, 24)}
    assert all(row.projected == (row.day.year == 2027) for row in seeded_special_days(SEED))


@pytest.mark.parametrize(("year", "working"), [(2023, 249), (2024, 251), (2025, 250), (2026, 250)])
def test_the_working_days_of_a_year_are_those_counted_by_hand(year: int, working: int) -> None:
    assert sum(CITY.is_working_day(day) for day in days(year, year)) == working


@pytest.mark.parametrize(
    ("off", "on"),
    [
        ("2024-04-29", "2024-05-04"),
        ("2025-05-02", "2025-04-26"),
        ("2026-01-02", "2026-01-10"),
        ("2026-08-31", "2026-08-22"),
    ],
)
def test_a_swap_takes_one_weekday_and_gives_one_saturday(off: str, on: str) -> None:
    assert CITY.why(date.fromisoformat(off)).reason is DayKind.SWAPPED_OFF
    assert CITY.why(date.fromisoformat(on)).reason is DayKind.SWAPPED_ON
    assert CITY.why(date.fromisoformat(off)).source == CITY.why(date.fromisoformat(on)).source
    assert date.fromisoformat(on).weekday() == 5


def test_the_culture_day_is_off_the_calendar_until_it_is_asked_for() -> None:
    asked = city_calendar(SEED, optional=frozenset({CULTURE_DAY}))

    assert CITY.is_working_day(date(2026, 11, 24))
    assert not asked.is_working_day(date(2026, 11, 24))
    assert asked.why(date(2026, 11, 24)).projected


def test_every_seeded_day_names_its_source() -> None:
    assert all(row.name and row.source for row in seeded_special_days(SEED))
    assert CITY.years == frozenset(range(2023, 2028))


def test_every_compensatory_day_follows_a_holiday_on_a_weekend() -> None:
    by_year = {
        year: [row for row in seeded_special_days(SEED) if row.day.year == year] for year in range(2023, 2028)
    }
    for rows in by_year.values():
        on_weekend = [row for row in rows if row.kind is DayKind.HOLIDAY and row.day.weekday() >= 5]
        compensatory = [row for row in rows if row.kind is DayKind.COMPENSATORY]
        assert len(on_weekend) == len(compensatory)
        assert sum(row.kind is DayKind.HOLIDAY for row in rows) == 11  # BLLĐ 2019 Đ.112


def test_the_more_urgent_the_fewer_minutes_of_the_clock() -> None:
    assert [URGENT_MINUTES[URGENCY_NAMES[name]] for name in ("khan", "thuong-khan", "hoa-toc")] == [
        60,
        30,
        15,
    ]
    assert set(URGENCY_NAMES.values()) == set(Urgency)
