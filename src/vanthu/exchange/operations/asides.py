"""Gói tin để riêng and refused ones: what the machine lays before the clerk, and what it must decline itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vanthu.exchange.channel import Envelope
from vanthu.exchange.models import Arrival, Inbound, SetAside
from vanthu.exchange.operations.receive import arrival_of
from vanthu.exchange.operations.track import queue_status
from vanthu.exchange.rules.inbox import AsideReason
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.foundation.db import insert
from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import AgencyRow


@dataclass(frozen=True, slots=True)
class AsideCase:
    """What the clerk is shown of a packet that waits for him."""

    reason: AsideReason
    detail: str
    sender_code: str
    sender_name: str
    their_code: str
    subject: str


@operation("exchange.envelope.set-aside")
def set_aside(*, actor: Actor, case: AsideCase, receiver: AgencyRow, inbound: Inbound, now: datetime) -> None:
    """Lay a packet before the clerk of the agency, once."""
    row, is_new = SetAside.objects.get_or_create(
        inbound=inbound,
        agency_id=receiver.id,
        defaults={
            "reason": case.reason,
            "detail": case.detail[:400],
            "sender_code": case.sender_code[:35],
            "sender_name": case.sender_name[:200],
            "their_code": case.their_code[:200],
            "subject": case.subject[:1000],
            "created_at": now,
        },
    )
    if not is_new:
        nothing_changed()
        return
    record(
        ObjectRef.of("exchange.aside", row.pk),
        agency_id=receiver.id,
        reason=case.reason,
        sender=case.sender_code,
    )


@operation("exchange.envelope.decline")
def decline(*, actor: Actor, envelope: Envelope, receiver: AgencyRow, text: str, now: datetime) -> None:
    """Answer 02 for an agency that takes nothing of this package, once. Norm: QĐ28 Đ.9 (M15: with the reason)."""
    known = Arrival.objects.filter(message_id=envelope.message_id, recipient_code=receiver.code)
    if known.exists():
        nothing_changed()
        return
    arrival = insert(arrival_of(envelope, receiver, now))
    queue_status(arrival, StatusCode.REFUSED, text, now)
    record(
        ObjectRef.of("exchange.arrival", arrival.pk),
        agency_id=receiver.id,
        message=envelope.message_id,
        sender=envelope.sender_code,
    )
