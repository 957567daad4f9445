"""Gửi lại: a person has a packet tried once more, with the identical bytes, after its cause is gone (b.3: LOI_GUI)."""

from __future__ import annotations

from datetime import datetime

from vanthu.documents.queries import require_visible
from vanthu.exchange.models import Delivery, Packet, PacketKind, PacketState
from vanthu.exchange.operations.failing import UNSENT, all_clear
from vanthu.exchange.operations.line import has_line
from vanthu.exchange.operations.posting import remind
from vanthu.exchange.queries.resending import IDLE, awaits_first_try
from vanthu.exchange.rules.resending import Stuck, may_resend, unmet_for_operator, unmet_for_resending
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.registry.queries import outgoing_state
from vanthu.registry.rules.states import OutgoingState

KIND = "documents.document"
NOT_FOUND = "exchange.packet.not-found"


@operation("exchange.packet.resend")
def resend_packet(*, actor: Actor, packet_id: int, now: datetime) -> int:
    """Have the identical bytes sent once more; how many receivers they are on their way to.

    The clerk of the sender sends again what was given up; the operator (R15) whatever is not at the axis. Pressed
    again before the worker came, it changes nothing. Refuses: not visible, not the clerk, nothing failed, not in force
    any more, no line, refused for good.
    """
    row = _packet_for(actor, packet_id)
    may_resend(actor, row.agency_id).or_refuse()
    failed = Delivery.objects.filter(packet=row, state=DeliveryState.FAILED)
    codes = list(failed.order_by("id").values_list("recipient_code", flat=True))
    is_queued = awaits_first_try(row.state, row.attempts, row.next_at)
    if not codes and is_queued and not actor.is_system:
        nothing_changed()  # the same press twice
    else:
        stuck = _stuck(row, has_failed=bool(codes))
        refuse_if(unmet_for_operator(stuck) if actor.is_system else unmet_for_resending(stuck))
        _queue(row, codes, now)
    return Delivery.objects.filter(packet=row, state__in=UNSENT).count()


def _packet_for(actor: Actor, packet_id: int) -> Packet:
    """Statuses are the operator's: a person resends documents that he may see."""
    if actor.is_system:
        return load_locked(Packet.objects.all(), code=NOT_FOUND, pk=packet_id)
    documents = Packet.objects.filter(kind=PacketKind.EDOC, document__isnull=False)
    row = load_locked(documents, code=NOT_FOUND, pk=packet_id)
    assert row.document_id is not None
    require_visible(actor, row.document_id)
    return row


def _stuck(row: Packet, *, has_failed: bool) -> Stuck:
    in_force = row.document_id is not None and outgoing_state(row.document_id) is OutgoingState.ISSUED
    return Stuck(row.state in IDLE, has_failed, row.error_code, in_force, has_line())


def _queue(row: Packet, codes: list[str], now: datetime) -> None:
    """What was doubtful stays so (UNKNOWN): the axis is asked before it is sent to again."""
    if row.state == PacketState.FAILED:
        row.state = PacketState.TO_SEND
    row.attempts, row.next_at = 0, None
    row.save(update_fields=["state", "attempts", "next_at"])
    failed = Delivery.objects.filter(packet=row, state=DeliveryState.FAILED)
    again = failed.update(state=DeliveryState.TO_SEND, next_at=None, is_acknowledged=True)
    remind(row, now=now)
    record(ObjectRef.of("exchange.packet", row.pk), agency_id=row.agency_id, again=again, sha256=row.sha256)
    if again and row.document_id is not None:
        record(ObjectRef.of(KIND, row.document_id), agency_id=row.agency_id, recipients=codes)
        all_clear(row.document_id, row.agency_id, now)
