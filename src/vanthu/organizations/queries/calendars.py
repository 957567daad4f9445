"""The calendars that working time is counted by: the city's, and what an agency lays over it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from secrets import token_hex

from django.core.cache import cache
from django.db.models import Q

from vanthu.kernel.calendar import DayKind, Session, SpecialDay, WorkingCalendar
from vanthu.kernel.errors import NotVisible
from vanthu.organizations.models import Agency, CalendarDay, WeeklySession

CALENDAR_CACHE = "calendar:{}"
CALENDAR_SECONDS = 60
CITY_NAME = "Thành phố Hà Nội"


def calendar_of(*, agency_id: int | None = None, agency_code: str | None = None) -> WorkingCalendar:
    """The city's calendar, overlaid by the agency's own days and hours; fresh within a minute on every host."""
    if agency_code is not None:
        agency_id = Agency.objects.filter(code=agency_code).values_list("pk", flat=True).first()
        if agency_id is None:
            raise NotVisible("organizations.agency.not-found")
    reading = cache.get_or_set(CALENDAR_CACHE.format("city"), lambda: token_hex(8), CALENDAR_SECONDS)
    if agency_id is None or agency_id not in _agencies_with_own_calendar(reading):
        return _built_calendar(reading, None)
    return _built_calendar(reading, agency_id)


@lru_cache(maxsize=2)
def _agencies_with_own_calendar(reading: str) -> frozenset[int]:
    """Read once per `reading`, the token that a change or a minute's end replaces."""
    own = Q(agency__isnull=False)
    sessions = WeeklySession.objects.filter(own).values_list("agency_id", flat=True)
    days = CalendarDay.objects.filter(own).values_list("agency_id", flat=True)
    return frozenset(agency for agency in sessions.union(days) if agency is not None)


@lru_cache(maxsize=256)
def _built_calendar(reading: str, agency_id: int | None) -> WorkingCalendar:
    return _to_calendar(*_read_calendar(agency_id))


Weekly = dict[int, tuple[Session, ...]]


def _read_calendar(
    agency_id: int | None,
) -> tuple[Weekly, tuple[SpecialDay, ...], Weekly, tuple[SpecialDay, ...]]:
    mine = Q(agency=None) | Q(agency_id=agency_id) if agency_id else Q(agency=None)
    weekly: dict[bool, defaultdict[int, list[Session]]] = {True: defaultdict(list), False: defaultdict(list)}
    for row in WeeklySession.objects.filter(mine).order_by("weekday", "starts"):
        weekly[row.agency_id is None][row.weekday].append(Session(row.starts, row.ends))
    days: dict[bool, list[SpecialDay]] = {True: [], False: []}
    for day in CalendarDay.objects.filter(mine).order_by("day"):
        days[day.agency_id is None].append(_special_day(day))
    frozen = {city: {weekday: tuple(s) for weekday, s in weekly[city].items()} for city in (True, False)}
    return frozen[True], tuple(days[True]), frozen[False], tuple(days[False])


def _special_day(row: CalendarDay) -> SpecialDay:
    sessions = tuple(
        Session(time.fromisoformat(start), time.fromisoformat(end)) for start, end in row.sessions
    )
    return SpecialDay(row.day, DayKind(row.kind), row.name, row.source, row.projected, sessions)


def _to_calendar(
    city_week: Weekly, city_days: tuple[SpecialDay, ...], own_week: Weekly, own_days: tuple[SpecialDay, ...]
) -> WorkingCalendar:
    city = WorkingCalendar.from_rows(name=CITY_NAME, weekly=city_week, days=city_days)
    if not own_week and not own_days:
        return city
    return city.overlaid_by(WorkingCalendar.from_rows(name="cơ quan", weekly=own_week, days=own_days))


@dataclass(frozen=True, slots=True)
class CalendarDayRow:
    day: date
    kind: str
    name: str
    source: str
    projected: bool


def city_days(year: int) -> tuple[CalendarDayRow, ...]:
    rows = CalendarDay.objects.filter(agency=None, day__year=year).order_by("day")
    return tuple(CalendarDayRow(row.day, row.kind, row.name, row.source, row.projected) for row in rows)
