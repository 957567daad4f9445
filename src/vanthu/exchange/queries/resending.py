"""Which deliveries can be sent again by a press, and by which packet."""

from __future__ import annotations

from datetime import datetime

from vanthu.documents.queries import require_visible
from vanthu.exchange.models import Delivery, Packet, PacketState
from vanthu.exchange.rules.resending import against, may_resend
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, NotVisible, Violation

QUEUED = (PacketState.TO_SEND, PacketState.UNKNOWN)
IDLE = (PacketState.FAILED, *QUEUED)


def is_resendable(state: str, packet: Packet | None) -> bool:
    """Whether a delivery failed and the identical bytes of its packet may fare better; asks nothing."""
    if state != DeliveryState.FAILED or packet is None or packet.state not in IDLE:
        return False
    return against(packet.error_code) is None


def awaits_first_try(state: str, attempts: int, next_at: datetime | None) -> bool:
    """As a packet stands when it has just been queued, until the worker takes it up."""
    return state in QUEUED and not attempts and next_at is None


def packet_to_resend(*, actor: Actor, document_id: int, delivery_id: int) -> int:
    """The packet that carries a delivery. Refuses: `NotVisible`, not the sender's clerk, it has no packet."""
    require_visible(actor, document_id)
    row = Delivery.objects.filter(pk=delivery_id, document_id=document_id).first()
    if row is None:
        raise NotVisible
    may_resend(actor, row.agency_id).or_refuse()
    if row.packet_id is None:
        raise NotReady([Violation("exchange.resend.no-packet")])
    return row.packet_id
