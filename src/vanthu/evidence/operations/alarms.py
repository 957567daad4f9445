"""What the machinery finds and a person must look at."""

from __future__ import annotations

from datetime import datetime

from vanthu.evidence.models import Alarm
from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef


@operation("evidence.alarm.raise")
def raise_alarm(*, actor: Actor, code: str, subject: str, detail: dict[str, str], now: datetime) -> None:
    """Open an alarm; one that is open already stays as it is."""
    _, is_new = Alarm.objects.get_or_create(
        code=code, subject=subject, ended_at=None, defaults={"detail": detail, "at": now}
    )
    if not is_new:
        nothing_changed()
        return
    record(ObjectRef.of("evidence.alarm", subject), agency_id=None, code=code)


@operation("evidence.alarm.end")
def end_alarm(*, actor: Actor, code: str, subject: str, now: datetime) -> None:
    """Close an alarm whose cause is gone."""
    ended = Alarm.objects.filter(code=code, subject=subject, ended_at=None).update(ended_at=now)
    if not ended:
        nothing_changed()
        return
    record(ObjectRef.of("evidence.alarm", subject), agency_id=None, code=code, ended=True)
