"""Until when the records office must act. Norm: NĐ30 Đ.4.2c, Đ.18.1, Đ.23.1; QĐ28 Đ.6; law.md §1.7."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from vanthu.kernel.actor import Urgency
from vanthu.kernel.calendar import WorkingCalendar
from vanthu.kernel.due import (
    Due,
    due_by_clock,
    due_by_next_morning,
    due_by_next_working_day_end,
    effective_start,
)


def issue_limit(
    calendar: WorkingCalendar, signed_at: datetime, urgency: Urgency, minutes: Mapping[Urgency, int]
) -> Due:
    """M11: the day it is signed, at the latest the next working morning; urgent ones right after signing."""
    start = effective_start(calendar, signed_at, urgency > Urgency.NORMAL)
    if urgency > Urgency.NORMAL:
        return due_by_clock(start, minutes[urgency])
    return due_by_next_morning(calendar, start)


def registration_limit(
    calendar: WorkingCalendar, arrived_at: datetime, urgency: Urgency, minutes: Mapping[Urgency, int]
) -> Due:
    """M12: the day it arrives, at the latest the end of the next working day; urgent ones at once."""
    start = effective_start(calendar, arrived_at, urgency > Urgency.NORMAL)
    if urgency > Urgency.NORMAL:
        return due_by_clock(start, minutes[urgency])
    return due_by_next_working_day_end(calendar, start)
