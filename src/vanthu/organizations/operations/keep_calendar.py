"""The working calendar as data: loading the seed, confirming projected days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.core.cache import cache

from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.calendar import SpecialDay
from vanthu.kernel.errors import NotVisible, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.models import CalendarDay, WeeklySession
from vanthu.organizations.queries import CALENDAR_CACHE
from vanthu.organizations.rules import policy, readiness
from vanthu.organizations.rules.calendars import default_weekly


@operation("organizations.calendar.load")
def load_calendar(*, actor: Actor, days: Iterable[SpecialDay], now: datetime) -> int:
    """Add the city's seeded days that are not there yet; days that somebody edited stay as they are."""
    _load_week()
    known = set(CalendarDay.objects.filter(agency=None).values_list("day", flat=True))
    rows = [
        CalendarDay(
            day=day.day,
            kind=day.kind,
            name=day.name,
            source=day.source,
            projected=day.projected,
            sessions=[[f"{s.start:%H:%M}", f"{s.end:%H:%M}"] for s in day.sessions],
        )
        for day in days
        if day.day not in known
    ]
    CalendarDay.objects.bulk_create(rows, batch_size=500)
    cache.delete_many([CALENDAR_CACHE.format("city")])
    if rows:
        record(ObjectRef.of("organizations.calendar", "city"), agency_id=None, days=len(rows))
    else:
        nothing_changed()
    return len(rows)


def _load_week() -> None:
    if not WeeklySession.objects.filter(agency=None).exists():
        WeeklySession.objects.bulk_create(
            WeeklySession(weekday=weekday, starts=session.start, ends=session.end)
            for weekday, sessions in default_weekly().items()
            for session in sessions
        )


@operation("organizations.calendar.confirm-day")
def confirm_calendar_day(*, actor: Actor, day: date, source: str, now: datetime) -> None:
    """Confirm a projected day with the announcement that fixed it.

    Refuses: not R11, no such projected day, no announcement named.
    """
    policy.may_keep_calendar(actor).or_refuse()
    row = CalendarDay.objects.filter(agency=None, day=day, projected=True).first()
    if row is None:
        raise NotVisible("organizations.calendar.no-such-day", day=day.isoformat())
    refuse_if(readiness.unmet_for_confirming(source=source))
    before = {"day": day.isoformat(), "projected": True, "source": row.source}
    row.projected, row.source = False, source.strip()
    row.save(update_fields=["projected", "source"])
    cache.delete_many([CALENDAR_CACHE.format("city")])
    record(
        ObjectRef.of("organizations.calendar-day", day.isoformat()),
        agency_id=None,
        before=before,
        after={"day": day.isoformat(), "projected": False, "source": row.source},
        source=row.source,
    )
