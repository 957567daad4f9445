"""Hộp đen liên thông: what happened on the line to one delivery or arrival, call by call (peers.md B 18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vanthu.documents.queries import require_visible
from vanthu.exchange.models import Arrival, Delivery, Inbound, LineCall, Packet, StatusOut
from vanthu.exchange.queries.resending import awaits_first_try, is_resendable
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotVisible

SHOWN_CALLS = 200
"""So many calls of one packet are shown, the newest of them; a packet that failed for a day has far fewer."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """Cuộc gọi: request and answer as they were kept; `diagnosis` empty: it went well."""

    id: int
    call: str
    at: datetime
    elapsed_ms: int
    request: dict[str, Any]
    http_status: int | None
    answer: str
    diagnosis: str


@dataclass(frozen=True, slots=True)
class PacketRow:
    """Gói tin as it was sent or fetched: `state` is one of `PacketState` or `InboundState`."""

    id: int
    kind: str
    state: str
    axis_id: str
    document_id: str
    sha256: str
    size: int
    attempts: int
    next_at: datetime | None
    error_code: str
    last_error: str
    begun_at: datetime
    ended_at: datetime | None
    calls: tuple[CallRow, ...]
    warnings: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_queued_again(self) -> bool:
        """It failed before and waits for its first try since it was sent again."""
        return bool(self.error_code) and awaits_first_try(self.state, self.attempts, self.next_at)


@dataclass(frozen=True, slots=True)
class StatusFact:
    """One status that came or went, with the packet that carried it when there was one."""

    code: str
    at: datetime
    description: str
    seen_at: datetime | None
    packet: PacketRow | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What is known of one way: to one recipient, or from one sender."""

    document_id: int
    party_code: str
    party_name: str
    channel: str
    message_id: str
    state: DeliveryState | None
    begun_at: datetime
    attempts: int
    last_error: str
    packet: PacketRow | None
    statuses: tuple[StatusFact, ...]
    addressed_codes: tuple[str, ...] = ()
    delivery_id: int | None = None
    can_be_resent: bool = False


def recording_of_delivery(*, actor: Actor, document_id: int, delivery_id: int) -> Recording:
    """The way of an issued document to one recipient. Refuses: `NotVisible`."""
    require_visible(actor, document_id)
    row = Delivery.objects.select_related("packet").filter(pk=delivery_id, document_id=document_id).first()
    if row is None:
        raise NotVisible
    statuses = tuple(
        StatusFact(each.code, each.at, each.description, each.received_at)
        for each in row.statuses.order_by("received_at", "id")
    )
    return Recording(
        document_id,
        row.recipient_code,
        row.recipient_name,
        row.channel,
        row.message_id,
        DeliveryState(row.state),
        row.planned_at,
        row.attempts,
        row.last_error,
        _sent(row.packet),
        statuses,
        delivery_id=row.pk,
        can_be_resent=is_resendable(row.state, row.packet),
    )


def recording_of_arrival(*, actor: Actor, document_id: int) -> Recording | None:
    """How a received document came, and what was answered; None for what came on no line. Refuses: `NotVisible`."""
    require_visible(actor, document_id)
    row = Arrival.objects.select_related("inbound", "document").filter(document_id=document_id).first()
    if row is None:
        return None
    out = StatusOut.objects.select_related("packet").filter(arrival=row).order_by("at", "id")
    statuses = tuple(
        StatusFact(each.code, each.at, each.description, None, _sent(each.packet)) for each in out
    )
    assert row.document is not None
    return Recording(
        document_id,
        row.sender_code,
        row.document.issuer_name,
        row.channel,
        row.message_id,
        None,
        row.arrived_at,
        0,
        "",
        _fetched(row.inbound),
        statuses,
        tuple(row.addressed_codes),
    )


def _sent(packet: Packet | None) -> PacketRow | None:
    if packet is None:
        return None
    return PacketRow(
        packet.pk,
        packet.kind,
        packet.state,
        packet.axis_id,
        packet.edxml_document_id,
        packet.sha256,
        packet.size,
        packet.attempts,
        packet.next_at,
        packet.error_code,
        packet.last_error,
        packet.created_at,
        packet.taken_at,
        _calls(LineCall.objects.filter(packet=packet)),
    )


def _fetched(inbound: Inbound | None) -> PacketRow | None:
    if inbound is None:
        return None
    return PacketRow(
        inbound.pk,
        inbound.kind,
        inbound.state,
        inbound.axis_id,
        inbound.edxml_document_id,
        inbound.sha256,
        inbound.size,
        inbound.attempts,
        None,
        inbound.error_code,
        inbound.last_error,
        inbound.fetched_at,
        inbound.settled_at,
        _calls(LineCall.objects.filter(inbound=inbound)),
        tuple((str(kind), str(element), str(raw)) for kind, element, raw in inbound.warnings),
    )


def _calls(rows: Any) -> tuple[CallRow, ...]:
    """The newest calls, told in the order in which they happened."""
    newest = list(rows.order_by("-at", "-id")[:SHOWN_CALLS])
    return tuple(
        CallRow(
            row.pk,
            row.call,
            row.at,
            row.elapsed_ms,
            row.request,
            row.http_status,
            row.answer,
            row.diagnosis,
        )
        for row in reversed(newest)
    )
