"""What was left lying: packets, deliveries and statuses whose job gave up are owed anew; a hint from the axis' own list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from vanthu.edxml.answers import SentItem
from vanthu.exchange.channels import VXP
from vanthu.exchange.channels.vxp.client import LineTrouble
from vanthu.exchange.models import Delivery, Packet, PacketState, StatusOut, StatusState
from vanthu.exchange.operations.carrying import OPEN
from vanthu.exchange.operations.line import NoLine, open_line
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation import jobs
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.refs import ObjectRef

LEFT = timedelta(hours=1)
"""So long after its time a row counts as forgotten by its job."""
MOST = 1000
FAILED_AT_RECEIVER = "FAIL"


@operation("exchange.packet.remind")
def remind_of_packets(*, actor: Actor, now: datetime) -> int:
    """Owe anew what is still to leave over the axis and has no living job any more; how many."""
    before = now - LEFT
    late = Q(next_at__lt=before) | Q(next_at=None, created_at__lt=before)
    packets = Packet.objects.filter(late, state__in=OPEN).order_by("id").values_list("pk", flat=True)
    uncomposed = Delivery.objects.filter(
        channel=VXP, state=DeliveryState.TO_SEND, packet=None, planned_at__lt=before
    )
    documents = uncomposed.order_by("document_id").values_list("document_id", flat=True).distinct()
    statuses = StatusOut.objects.filter(state=StatusState.DUE, packet=None, at__lt=before)
    unsplit = Packet.objects.filter(
        state=PacketState.FAILED, deliveries__state=DeliveryState.TO_SEND, created_at__lt=before
    )
    owed = [
        (
            "exchange.split_packet",
            "packet_id",
            unsplit.order_by("id").values_list("pk", flat=True).distinct(),
        ),
        ("exchange.send_packet", "packet_id", packets),
        ("exchange.compose", "document_id", documents),
        ("exchange.send_status", "status_id", statuses.order_by("id").values_list("pk", flat=True)),
    ]
    count = 0
    for name, argument, ids in owed:
        for row_id in ids[:MOST]:
            key = f"{name}:{row_id}@{now:%Y-%m-%d %H}"
            given: dict[str, Any] = {argument: row_id}
            jobs.named(name).enqueue(now=now, key=key, **given)
            count += 1
    nothing_changed()
    return count


@steps("one call, then one act with what it showed")
def watch_packet(*, packet_id: int, now: datetime) -> None:
    """Ask the axis which receiver has not taken a packet. Only a hint beside the receiver: the truth is status 01."""
    packet = Packet.objects.get(pk=packet_id)
    waiting = Delivery.objects.filter(packet=packet, state=DeliveryState.SENT)
    if packet.state != PacketState.TAKEN or not packet.axis_id or not waiting.exists():
        return
    try:
        items = open_line(now=now, packet_id=packet_id).sent(packet.kind, packet.axis_id)
    except (LineTrouble, NoLine):
        return  # a hint is not worth a second call
    failed = [item for item in items if item.receive_status.upper() == FAILED_AT_RECEIVER]
    if failed:
        _note_hints(actor=system_actor(packet.agency_id), packet_id=packet_id, failed=failed, now=now)


@operation("exchange.packet.watch")
def _note_hints(*, actor: Actor, packet_id: int, failed: list[SentItem], now: datetime) -> None:
    for item in failed:
        hint = f"Trục báo hệ thống của nơi nhận chưa nhận được: {item.receive_text or item.receive_status}"
        Delivery.objects.filter(
            packet_id=packet_id, recipient_code=item.receiver, state=DeliveryState.SENT
        ).update(last_error=hint[:400])
    record(
        ObjectRef.of("exchange.packet", packet_id),
        agency_id=actor.agency_id,
        receivers=[item.receiver for item in failed],
    )
