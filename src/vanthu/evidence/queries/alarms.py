"""Reads of what the machinery found and nobody has settled yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vanthu.evidence.models import Alarm


@dataclass(frozen=True, slots=True)
class AlarmRow:
    code: str
    subject: str
    why: str
    at: datetime


def open_alarms() -> tuple[AlarmRow, ...]:
    """Open alarms, newest first."""
    rows = Alarm.objects.filter(ended_at=None).order_by("-id")
    return tuple(AlarmRow(row.code, row.subject, str(row.detail.get("why", "")), row.at) for row in rows)
