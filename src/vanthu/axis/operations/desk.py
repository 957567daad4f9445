"""What the operator does to one parcel: have it delivered again, or stop it with a reason that its sender reads."""

from __future__ import annotations

from datetime import datetime

from vanthu.axis.models import AxisEvent, Parcel
from vanthu.axis.operations import systems
from vanthu.axis.rules.policy import may_operate_axis
from vanthu.axis.rules.states import OPEN_STATES, EventKind, ParcelState, Route
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import operation, record, steps
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import DomainError, IllegalMove
from vanthu.kernel.refs import ObjectRef

AGAIN, STOPPED = "desk.again", "desk.stop"
"""What stands as `call` in the events of these acts."""
CHANGED = ("state", "description", "updated_at", "settled_at", "attempts", "next_at")


@operation("axis.parcel.again")
def deliver_again(*, actor: Actor, parcel_id: str, now: datetime) -> str:
    """Put a settled parcel back into its receiver's list, or send it on anew; the DocId of its message.

    Refuses: a parcel that waits already, one whose bytes are forgotten.
    """
    may_operate_axis(actor).or_refuse()
    row = _locked(parcel_id)
    before = ParcelState(row.state)
    if before is ParcelState.INITIAL and not row.attempts:
        raise IllegalMove("axis.parcel.waiting")
    if row.message.forgotten_at is not None:
        raise DomainError("axis.parcel.forgotten")
    row.state, row.description, row.settled_at, row.attempts = ParcelState.INITIAL, "", None, 0
    row.next_at = now if row.route == Route.FORWARD or row.upstream_id else None
    _save(row, actor, before, AGAIN, "", now)
    return row.message_id


@operation("axis.parcel.stop")
def stop_delivery(*, actor: Actor, parcel_id: str, reason: str, now: datetime) -> str:
    """Take an open parcel out of its receiver's list; its sender sees FAIL and the reason. The DocId of its message.

    Refuses: a settled parcel, no reason.
    """
    may_operate_axis(actor).or_refuse()
    row = _locked(parcel_id)
    before = ParcelState(row.state)
    if before not in OPEN_STATES:
        raise IllegalMove("axis.parcel.settled")
    if not reason.strip():
        raise DomainError("axis.parcel.no-reason")
    row.state, row.description, row.settled_at = ParcelState.FAIL, reason.strip()[:500], now
    row.next_at = now if row.route == Route.LOCAL and row.upstream_id else None
    _save(row, actor, before, STOPPED, row.description, now)
    return row.message_id


def _locked(parcel_id: str) -> Parcel:
    found = Parcel.objects.select_related("message")
    return load_locked(found, code="axis.parcel.unknown", pk=parcel_id)


def _save(row: Parcel, actor: Actor, before: ParcelState, call: str, words: str, now: datetime) -> None:
    row.updated_at = now
    row.save(update_fields=CHANGED)
    AxisEvent.objects.create(
        at=now,
        kind=EventKind.SETTLED,
        message_id=row.message_id,
        parcel_id=row.pk,
        system_code=actor.name[:60],
        call=call,
        outcome=row.state,
        detail=words,
    )
    record(
        ObjectRef.of("axis.parcel", row.pk),
        agency_id=None,
        before={"state": before.value},
        after={"state": row.state},
        reason=words,
    )


@steps("the act is that of the command line; here the operator must say why")
def close_system(*, actor: Actor, code: str, reason: str, now: datetime) -> None:
    """Take a system off the axis from its page. Refuses: no reason."""
    may_operate_axis(actor).or_refuse()
    if not reason.strip():
        raise DomainError("axis.system.no-reason")
    systems.close_system(actor=actor, code=code, reason=reason.strip(), now=now)
