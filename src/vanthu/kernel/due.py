"""Due times (thời hạn) as instants, each with the trace that explains it and computes it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from vanthu.kernel.calendar import DayKind, Reason, WorkingCalendar

HANOI = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Việt Nam keeps UTC+7 all year; a fixed offset needs no time zone data on the host."""


class Step(StrEnum):
    """What one line of a trace says."""

    ARRIVED = "arrived"
    MOVED = "moved"
    FROM = "from"
    COUNT_DAYS = "count-days"
    COUNT_HOURS = "count-hours"
    NEXT_MORNING = "next-morning"
    NEXT_DAY_END = "next-day-end"
    CLOCK = "clock"
    SKIPPED = "skipped"
    COUNTED = "counted"
    WORKED = "worked"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of the reckoning: a code, the instant or the day it speaks of, and its values as text."""

    rule: Step
    at: datetime | None = None
    day: date | None = None
    params: tuple[tuple[str, str], ...] = ()

    def param(self, name: str) -> str:
        return dict(self.params).get(name, "")

    def to_json(self) -> dict[str, str]:
        moment = {"at": self.at.isoformat()} if self.at else {}
        day = {"day": self.day.isoformat()} if self.day else {}
        return {"rule": self.rule.value, **moment, **day, **dict(self.params)}

    @classmethod
    def from_json(cls, row: Mapping[str, str]) -> TraceStep:
        rest = tuple((name, text) for name, text in row.items() if name not in {"rule", "at", "day"})
        return cls(
            Step(row["rule"]),
            at=datetime.fromisoformat(row["at"]) if "at" in row else None,
            day=date.fromisoformat(row["day"]) if "day" in row else None,
            params=rest,
        )


Trace = tuple[TraceStep, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """The instant a due time is counted from, and the steps that led to it."""

    at: datetime
    trace: Trace = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A due time in +07:00 and how it came about."""

    due_at: datetime
    trace: Trace

    @property
    def rests_on_projection(self) -> bool:
        """True when a day on the way was not announced yet."""
        return any(step.param("projected") for step in self.trace)

    def to_json(self) -> dict[str, object]:
        return {"due": self.due_at.isoformat(), "trace": trace_to_json(self.trace)}


def local(instant: datetime) -> datetime:
    """The same instant on Hà Nội's clock; a time without a zone is refused."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("an instant carries its time zone")
    return instant.astimezone(HANOI)


def effective_start(calendar: WorkingCalendar, arrived_at: datetime, urgent: bool) -> Start:
    """Move a non-urgent arrival after office hours or on a day off to the next working day (decision D12).

    An arrival at the very end of the last session still belongs to its day.
    Norm: NĐ30 Đ.4.2c, Đ.23.1 (law.md §7)
    """
    at = local(arrived_at)
    arrived = TraceStep(Step.ARRIVED, at=at, params=(("urgent", "yes" if urgent else "no"),))
    if urgent:
        return Start(at, (arrived,))
    sessions = calendar.sessions_on(at.date())
    if sessions and at.time() <= sessions[-1].end:
        return Start(at, (arrived,))
    reason = "after-hours" if sessions else "day-off"
    skipped = () if sessions else (_skipped(calendar, at.date()),)
    day, more = _walk_to_working_day(calendar, at.date())
    moved_at = _at(day, calendar.sessions_on(day)[0].start)
    moved = TraceStep(Step.MOVED, at=moved_at, params=(("reason", reason),))
    return Start(moved_at, (arrived, *skipped, *more, moved))


def due_after_days(calendar: WorkingCalendar, start: datetime | Start, n: int) -> Due:
    """The end of the last session of the n-th working day after the day of `start`."""
    _refuse_less_than_one(n)
    at, trace = _begin(start, calendar.name)
    trace.append(TraceStep(Step.COUNT_DAYS, params=(("n", str(n)),)))
    day = at.date()
    for nth in range(1, n + 1):
        day, skipped = _walk_to_working_day(calendar, day)
        trace += [*skipped, _counted(calendar, day, nth)]
    return _done(trace, _at(day, calendar.sessions_on(day)[-1].end))


def due_after_hours(calendar: WorkingCalendar, start: datetime | Start, n: int) -> Due:
    """The instant at which n hours of office time have passed since `start`.

    Hours that run out exactly with a session end there, not at the opening of the next one.
    """
    _refuse_less_than_one(n)
    at, trace = _begin(start, calendar.name)
    trace.append(TraceStep(Step.COUNT_HOURS, params=(("n", str(n)),)))
    left = timedelta(hours=n)
    day = at.date()
    while True:
        sessions = calendar.sessions_on(day)
        if not sessions:
            trace.append(_skipped(calendar, day))
        for session in sessions:
            opens, closes = max(at, _at(day, session.start)), _at(day, session.end)
            if closes <= opens:
                continue
            worked = min(left, closes - opens)
            left -= worked
            trace.append(_worked(calendar, opens, opens + worked, left))
            if not left:
                return _done(trace, opens + worked)
        day += timedelta(days=1)


def due_by_next_morning(calendar: WorkingCalendar, start: datetime | Start) -> Due:
    """Within the day, at the latest the morning: the end of the first session of the next working day.

    Norm: QĐ28 Đ.6, QĐ 4729 (law.md §1.7, M11)
    """
    return _due_on_next_working_day(calendar, start, Step.NEXT_MORNING)


def due_by_next_working_day_end(calendar: WorkingCalendar, start: datetime | Start) -> Due:
    """Within the day, at the latest the next working day: the end of its office hours. Norm: NĐ30 Đ.4.2c"""
    return _due_on_next_working_day(calendar, start, Step.NEXT_DAY_END)


def due_by_clock(start: datetime | Start, minutes: int) -> Due:
    """Urgent documents: `minutes` of the clock, office hours or not. Norm: NĐ30 Đ.4.2c"""
    _refuse_less_than_one(minutes)
    at, trace = _begin(start, "")
    trace.append(TraceStep(Step.CLOCK, params=(("minutes", str(minutes)),)))
    return _done(trace, at + timedelta(minutes=minutes))


def trace_to_json(trace: Iterable[TraceStep]) -> list[dict[str, str]]:
    return [step.to_json() for step in trace]


def trace_from_json(rows: Iterable[Mapping[str, str]]) -> Trace:
    return tuple(TraceStep.from_json(row) for row in rows)


def replay(trace_json: Sequence[Mapping[str, str]], calendar: WorkingCalendar) -> Due:
    """Compute a due time again from what its stored trace says was asked.

    With the calendar unchanged the result equals the stored one, step by step; a difference shows
    which announcement came in between.
    """
    start: datetime | Start | None = None
    for step in trace_from_json(trace_json):
        if step.rule is Step.ARRIVED and step.at:
            start = effective_start(calendar, step.at, urgent=step.param("urgent") == "yes")
        elif step.rule is Step.FROM and start is None:
            start = step.at
        elif start is not None:
            due = _replay_rule(step, calendar, start)
            if due is not None:
                return due
    raise ValueError("the trace names no start or no rule")


def _replay_rule(step: TraceStep, calendar: WorkingCalendar, start: datetime | Start) -> Due | None:
    match step.rule:
        case Step.COUNT_DAYS:
            return due_after_days(calendar, start, int(step.param("n")))
        case Step.COUNT_HOURS:
            return due_after_hours(calendar, start, int(step.param("n")))
        case Step.NEXT_MORNING | Step.NEXT_DAY_END:
            return _due_on_next_working_day(calendar, start, step.rule)
        case Step.CLOCK:
            return due_by_clock(start, int(step.param("minutes")))
        case _:
            return None


def _due_on_next_working_day(calendar: WorkingCalendar, start: datetime | Start, rule: Step) -> Due:
    at, trace = _begin(start, calendar.name)
    day, skipped = _walk_to_working_day(calendar, at.date())
    sessions = calendar.sessions_on(day)
    trace += [TraceStep(rule), *skipped, _counted(calendar, day, 1)]
    return _done(trace, _at(day, (sessions[0] if rule is Step.NEXT_MORNING else sessions[-1]).end))


def _begin(start: datetime | Start, calendar: str) -> tuple[datetime, list[TraceStep]]:
    given = start if isinstance(start, Start) else Start(start)
    at = local(given.at)
    params = (("calendar", calendar),) if calendar else ()
    return at, [*given.trace, TraceStep(Step.FROM, at=at, params=params)]


def _done(trace: list[TraceStep], due_at: datetime) -> Due:
    return Due(due_at, (*trace, TraceStep(Step.DUE, at=due_at)))


def _walk_to_working_day(calendar: WorkingCalendar, day: date) -> tuple[date, list[TraceStep]]:
    """The first working day after `day`, and one step for each day passed over."""
    found = calendar.next_working_day(day)
    between = (day + timedelta(days=step) for step in range(1, (found - day).days))
    return found, [_skipped(calendar, off) for off in between]


def _skipped(calendar: WorkingCalendar, day: date) -> TraceStep:
    return TraceStep(Step.SKIPPED, day=day, params=_reason(calendar, day))


def _counted(calendar: WorkingCalendar, day: date, nth: int) -> TraceStep:
    return TraceStep(Step.COUNTED, day=day, params=(("nth", str(nth)), *_make_up(calendar, day)))


def _worked(calendar: WorkingCalendar, opens: datetime, until: datetime, left: timedelta) -> TraceStep:
    figures = (
        ("start", opens.strftime("%H:%M")),
        ("end", until.strftime("%H:%M")),
        ("worked", _hours(until - opens)),
        ("left", _hours(left)),
    )
    return TraceStep(Step.WORKED, day=opens.date(), params=(*figures, *_make_up(calendar, opens.date())))


def _make_up(calendar: WorkingCalendar, day: date) -> tuple[tuple[str, str], ...]:
    return _reason(calendar, day) if calendar.why(day).reason is DayKind.SWAPPED_ON else ()


def _reason(calendar: WorkingCalendar, day: date) -> tuple[tuple[str, str], ...]:
    why = calendar.why(day)
    if why.reason is Reason.WEEKLY_REST:
        return (("reason", why.reason.value),)
    said = (("reason", why.reason.value), ("name", why.name), ("source", why.source))
    return (*said, ("projected", "yes")) if why.projected else said


def _hours(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    text = f"{minutes // 60}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=HANOI)


def _refuse_less_than_one(n: int) -> None:
    if n < 1:
        raise ValueError("a term is at least one")
