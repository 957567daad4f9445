"""Which days and hours are worked: a week, its exceptions, and nothing guessed outside the seeded years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from vanthu.kernel.errors import DomainError


class DayKind(StrEnum):
    """Why a day differs from its week. Norm: BLLĐ 2019 Đ.111, Đ.112 (law.md §7)."""

    HOLIDAY = "holiday"  # nghỉ lễ, tết
    COMPENSATORY = "compensatory"  # nghỉ bù
    SWAPPED_OFF = "swapped_off"  # nghỉ hoán đổi
    SWAPPED_ON = "swapped_on"  # làm bù


class Reason(StrEnum):
    """Why a day is worked or not when no announcement speaks of it."""

    ORDINARY = "ordinary"  # ngày làm việc trong tuần
    WEEKLY_REST = "weekly_rest"  # nghỉ hằng tuần


class CalendarNotSeeded(DomainError):
    """The calendar holds no announcements for this year, so any answer would be a guess."""

    def __init__(self, year: int, calendar: str) -> None:
        super().__init__("organizations.calendar.not-seeded", year=year, calendar=calendar)


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """One stretch of office hours (buổi làm việc): from `start` up to `end`."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a session ends after it starts: {self.start}–{self.end}")

    @property
    def length(self) -> timedelta:
        return timedelta(hours=self.end.hour - self.start.hour, minutes=self.end.minute - self.start.minute)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that an announcement takes out of the week or puts into it."""

    day: date
    kind: DayKind
    name: str
    source: str
    """The announcement: số, ký hiệu, ngày; or the clause the day follows from."""
    projected: bool = False
    """Not announced yet: expected, and to be confirmed by an administrator."""
    sessions: tuple[Session, ...] = ()
    """Only for a make-up day whose hours are not those of a full working day."""

    def __post_init__(self) -> None:
        if self.sessions and self.kind is not DayKind.SWAPPED_ON:
            raise ValueError(f"{self.day} is a day off and has no sessions")


@dataclass(frozen=True, slots=True)
class Why:
    """The reason a day is worked or not, with the words and the source of it."""

    reason: DayKind | Reason
    name: str = ""
    source: str = ""
    projected: bool = False


@dataclass(frozen=True)
class WorkingCalendar:
    """The working time (thời giờ làm việc) of a city or an agency; weekdays are numbered from Monday = 0."""

    weekly: Mapping[int, tuple[Session, ...]]
    days: Mapping[date, SpecialDay]
    name: str
    years: frozenset[int] = field(default=frozenset())
    """The years whose announcements are known; left empty, the years that have a holiday in `days`."""

    def __post_init__(self) -> None:
        for sessions in (*self.weekly.values(), *(day.sessions for day in self.days.values())):
            _refuse_overlap(sessions)
        years = self.years or frozenset(d.day.year for d in self.days.values() if d.kind is DayKind.HOLIDAY)
        object.__setattr__(self, "weekly", MappingProxyType(dict(self.weekly)))
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))
        object.__setattr__(self, "years", years)

    @classmethod
    def from_rows(
        cls,
        *,
        name: str,
        weekly: Mapping[int, Iterable[Session]],
        days: Iterable[SpecialDay],
        years: Iterable[int] = (),
    ) -> WorkingCalendar:
        """Build a calendar from stored rows; two rows for one day are a mistake of the data."""
        by_day: dict[date, SpecialDay] = {}
        for row in days:
            if row.day in by_day:
                raise ValueError(f"{row.day} stands twice in the calendar {name!r}")
            by_day[row.day] = row
        week = {weekday: tuple(sorted(sessions)) for weekday, sessions in weekly.items()}
        return cls(weekly=week, days=by_day, name=name, years=frozenset(years))

    def overlaid_by(self, agency: WorkingCalendar) -> WorkingCalendar:
        """The agency's weekdays and days stand over the city's; what it leaves unsaid stays the city's."""
        return WorkingCalendar(
            weekly={**self.weekly, **agency.weekly},
            days={**self.days, **agency.days},
            name=agency.name,
            # One day off in an agency's own list does not make the city's year known.
            years=self.years,
        )

    def sessions_on(self, day: date) -> tuple[Session, ...]:
        """The office hours of a day, empty on a day off. Refuses: a year that is not seeded."""
        if day.year not in self.years:
            raise CalendarNotSeeded(day.year, self.name)
        special = self.days.get(day)
        if special is None:
            return self.weekly.get(day.weekday(), ())
        if special.kind is DayKind.SWAPPED_ON:
            return special.sessions or self._full_day()
        return ()

    def is_working_day(self, day: date) -> bool:
        return bool(self.sessions_on(day))

    def why(self, day: date) -> Why:
        """Why the day is worked or not; an announcement is named before the weekly rest."""
        special = self.days.get(day)
        if special is not None:
            return Why(special.kind, special.name, special.source, special.projected)
        return Why(Reason.ORDINARY if self.is_working_day(day) else Reason.WEEKLY_REST)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        following = day + timedelta(days=1)
        while not self.is_working_day(following):
            following += timedelta(days=1)
        return following

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after `day`; `day` itself is never counted."""
        if n < 0:
            raise ValueError("working days are counted forwards")
        for _ in range(n):
            day = self.next_working_day(day)
        return day

    def workdays_between(self, after: date, upto: date) -> int:
        """The working days after `after`, up to and including `upto`; negative when `upto` lies before."""
        if upto < after:
            return -self.workdays_between(upto, after)
        span = (upto - after).days
        return sum(self.is_working_day(after + timedelta(days=step)) for step in range(1, span + 1))

    def _full_day(self) -> tuple[Session, ...]:
        # A make-up Saturday replaces a full working day, also where Saturday mornings are worked anyway.
        return max(
            self.weekly.values(),
            key=lambda sessions: sum((s.length for s in sessions), timedelta()),
            default=(),
        )


def _refuse_overlap(sessions: tuple[Session, ...]) -> None:
    for earlier, later in pairwise(sessions):
        if later.start < earlier.end:
            raise ValueError(f"sessions overlap: {earlier.end} is after {later.start}")
