"""Who may ask the line now, when it answered last, and every call that was made: one row, and one row a call."""

from __future__ import annotations

import secrets
import time
from datetime import datetime, timedelta

from django.db.models import Q

from vanthu.exchange.channels import VXP
from vanthu.exchange.channels.vxp.client import CallRecord, LineTrouble
from vanthu.exchange.models import LineCall, LineWatch
from vanthu.foundation.operation import nothing_changed, operation, record, unit_of_work
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef

KIND = "exchange.line"


class Elapsing:
    """The instant an act was given, going on as time passes: what lasts minutes stamps its calls rightly."""

    def __init__(self, now: datetime) -> None:
        self._now, self._started = now, time.monotonic()

    def __call__(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._started)


def claim_line(*, now: datetime, lasting: timedelta, ignore_schedule: bool = False) -> str | None:
    """The right to ask the line until the lease ends; None while somebody else has it, or it is not time yet."""
    token = secrets.token_hex(16)
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    due = Q() if ignore_schedule else Q(next_at=None) | Q(next_at__lte=now)
    with unit_of_work():
        LineWatch.objects.bulk_create([LineWatch(name=VXP)], ignore_conflicts=True)
        taken = LineWatch.objects.filter(free, due, name=VXP).update(lease=token, leased_until=now + lasting)
    return token if taken else None


def left_something_behind() -> bool:
    """Whether the last poll could not bring everything that it was shown."""
    return LineWatch.objects.filter(name=VXP).exclude(detail="", diagnosis="").exists()


def renew_lease(token: str, *, until: datetime) -> bool:
    """Go on asking; False where the lease was lost to another poller."""
    return bool(LineWatch.objects.filter(name=VXP, lease=token).update(leased_until=until))


def release_line(token: str, *, next_at: datetime) -> None:
    LineWatch.objects.filter(name=VXP, lease=token).update(lease="", leased_until=None, next_at=next_at)


@operation("exchange.line.note")
def note_line(*, actor: Actor, trouble: LineTrouble | None, left_behind: str = "", now: datetime) -> None:
    """Remember how the line answered; only a change is told to the log.

    `left_behind`: the line is well, but some packet could not be fetched or acknowledged, for this diagnosis.
    """
    LineWatch.objects.bulk_create([LineWatch(name=VXP)], ignore_conflicts=True)
    watch = LineWatch.objects.get(name=VXP)
    before = watch.diagnosis
    watch.diagnosis = str(trouble.diagnosis) if trouble else ""
    watch.detail = (trouble.detail if trouble else left_behind)[:400]
    if trouble is None:
        watch.well_at, watch.down_since = now, None
    else:
        watch.down_since = watch.down_since or now
    watch.save(update_fields=["diagnosis", "detail", "well_at", "down_since"])
    if before == watch.diagnosis:
        nothing_changed()
        return
    record(ObjectRef.of(KIND, watch.pk), agency_id=None, before={"line": before}, diagnosis=watch.diagnosis)


class CallBook:
    """Writes every call down as it was made; `link` says afterwards which packet the last ones were about."""

    def __init__(self) -> None:
        self._unlinked: list[int] = []

    def __call__(self, call: CallRecord) -> None:
        row = LineCall.objects.create(
            call=call.call,
            at=call.at,
            elapsed_ms=max(call.elapsed_ms, 0),
            request=dict(call.request),
            http_status=call.http_status,
            answer=call.answer[:4000],
            diagnosis=call.diagnosis,
        )
        self._unlinked.append(row.pk)

    def link(self, inbound_id: int) -> None:
        LineCall.objects.filter(pk__in=self._unlinked).update(inbound_id=inbound_id)
        self.forget()

    def forget(self) -> None:
        self._unlinked.clear()


def forget_calls(*, before: datetime) -> int:
    """Delete calls that were about no packet, such as asking an empty list; those of packets stay."""
    deleted, _ = LineCall.objects.filter(packet=None, inbound=None, at__lt=before).delete()
    return deleted
