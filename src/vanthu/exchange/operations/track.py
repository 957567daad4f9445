"""Statuses: answered by the receiver through an outbox, taken in by the sender once each (M16; D9, D25)."""

from __future__ import annotations

from datetime import datetime

from vanthu.documents.queries import require_visible, urgency_of
from vanthu.exchange.channel import StatusMessage
from vanthu.exchange.channels import status_line
from vanthu.exchange.events import DeliveryRefused, RefusalAcknowledged
from vanthu.exchange.models import (
    Arrival,
    Delivery,
    Packet,
    PacketState,
    StatusIn,
    StatusOut,
    StatusState,
)
from vanthu.exchange.operations.recall import acknowledge_declined, settle_asks
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode, state_after
from vanthu.foundation import jobs
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import nothing_changed, operation, publish, record, steps
from vanthu.kernel.actor import Actor, Role, system_actor
from vanthu.kernel.decisions import allowed_if
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef

KIND = "documents.document"
TROUBLED = (DeliveryState.REFUSED, DeliveryState.RETURNED_LATE, DeliveryState.FAILED)


@operation("exchange.status.answer")
def answer(*, actor: Actor, document_id: int, code: StatusCode, description: str = "", now: datetime) -> None:
    """Owe the sender a status about a received document; one that came on paper has nobody to answer."""
    arrival = Arrival.objects.filter(document_id=document_id).first()
    if arrival is None:
        nothing_changed()
        return
    queue_status(arrival, code, description, now)
    record(ObjectRef.of(KIND, document_id), agency_id=arrival.agency_id, code=code)


def queue_status(arrival: Arrival, code: StatusCode, description: str, now: datetime) -> None:
    """The outbox row and the reminder to send it, in the transaction of the act."""
    status = StatusOut.objects.create(
        arrival=arrival, agency_id=arrival.agency_id, code=code, at=now, description=description[:500]
    )
    jobs.named("exchange.send_status").enqueue(now=now, status_id=status.pk)


@steps("claim, call the line, record; a status sent twice is taken in once")
def deliver_status(*, status_id: int, now: datetime) -> None:
    """Send one status that is owed; nothing when it was sent meanwhile, or when a packet carries it already."""
    status = StatusOut.objects.select_related("arrival").filter(pk=status_id, state=StatusState.DUE).first()
    if status is None or status.packet_id is not None:
        return
    arrival = status.arrival
    message = StatusMessage(
        arrival.message_id,
        arrival.sender_code,
        arrival.recipient_code,
        status.code,
        status.description,
        status.at,
    )
    carried = status_line(arrival.channel).send_status(message, now=now)
    actor = system_actor(arrival.agency_id)
    if carried:
        _leave_to_packet(actor=actor, status_id=status_id, packet_id=carried[-1], now=now)
    else:
        _mark_sent(actor=actor, status_id=status_id, now=now)


@operation("exchange.status.post")
def _leave_to_packet(*, actor: Actor, status_id: int, packet_id: int, now: datetime) -> None:
    """From here on the packet is tried; the status counts as sent when the axis has taken it (`record_taken`).

    Of several packets the last is kept: those of one document leave in their order.
    """
    packet = load_locked(Packet.objects.all(), pk=packet_id)
    state = StatusState.SENT if packet.state == PacketState.TAKEN else StatusState.DUE
    changed = StatusOut.objects.filter(pk=status_id, state=StatusState.DUE, packet=None)
    if not changed.update(packet=packet, state=state):
        nothing_changed()
        return
    record(ObjectRef.of("exchange.status", status_id), agency_id=packet.agency_id, packet=packet_id)


@operation("exchange.status.sent")
def _mark_sent(*, actor: Actor, status_id: int, now: datetime) -> None:
    status = StatusOut.objects.get(pk=status_id)
    if StatusOut.objects.filter(pk=status_id, state=StatusState.DUE).update(state=StatusState.SENT):
        record(ObjectRef.of("exchange.status", status_id), agency_id=status.agency_id, code=status.code)
    else:
        nothing_changed()


@steps("finds the sender's delivery, then takes the status in by one act in its name")
def receive_status(status: StatusMessage, *, now: datetime) -> None:
    """Take a status in for the agency that sent the package. Unknown packages are a mistake of the line and are raised.

    A code that nobody knows is kept and shown; it changes nothing (edxml.md §4).
    """
    delivery = Delivery.objects.get(message_id=status.message_id, recipient_code=status.recipient_code)
    _take_in(actor=system_actor(delivery.agency_id), delivery_id=delivery.pk, status=status, now=now)


@operation("exchange.status.receive")
def _take_in(*, actor: Actor, delivery_id: int, status: StatusMessage, now: datetime) -> None:
    delivery = load_locked(Delivery.objects.all(), pk=delivery_id)
    known = StatusCode(status.code) if status.code in set(StatusCode) else None
    if StatusIn.objects.filter(delivery=delivery, code=status.code, at=status.at).exists():
        nothing_changed()
        return
    StatusIn.objects.create(
        delivery=delivery,
        agency_id=delivery.agency_id,
        code=status.code,
        at=status.at,
        description=status.description[:500],
        received_at=now,
    )
    before = DeliveryState(delivery.state)
    delivery.state = state_after(before, _told(delivery))
    # A 03 that comes behind a 02 may make a return of the refusal: the clerk was told of that by the 02.
    is_news = known is StatusCode.REFUSED and delivery.state in TROUBLED and delivery.state != before
    if is_news:
        delivery.last_error, delivery.is_acknowledged = status.description[:400], False
    delivery.save(update_fields=["state", "last_error", "is_acknowledged"])
    if known:
        settle_asks(delivery, known, status.description, now)
    record(
        ObjectRef.of(KIND, delivery.document_id),
        agency_id=delivery.agency_id,
        before={"state": before},
        after={"state": delivery.state, "recall": delivery.recall},
        code=status.code,
        recipient=delivery.recipient_code,
    )
    if is_news:
        urgency = urgency_of(delivery.document_id)
        publish(DeliveryRefused(delivery.document_id, delivery.agency_id, urgency, status.description, now))


def _told(delivery: Delivery) -> list[tuple[datetime, StatusCode]]:
    """What the receiver has told so far, by his own clock; codes that nobody knows count for nothing."""
    rows = StatusIn.objects.filter(delivery=delivery, code__in=list(StatusCode))
    return [(at, StatusCode(code)) for at, code in rows.values_list("at", "code")]


@operation("exchange.refusal.acknowledge")
def acknowledge_refusals(*, actor: Actor, document_id: int, now: datetime) -> None:
    """The sender's clerk has taken note of who refused and why. Refuses: not the clerk, nothing is refused."""
    require_visible(actor, document_id)
    allowed_if(actor.has(Role.CLERK), "registry.not-clerk").or_refuse()
    changed = Delivery.objects.filter(
        document_id=document_id, state__in=TROUBLED, is_acknowledged=False
    ).update(is_acknowledged=True)
    changed += acknowledge_declined(document_id)
    if not changed:
        raise NotReady([Violation("exchange.delivery.not-refused")])
    record(ObjectRef.of(KIND, document_id), agency_id=actor.agency_id, refusals=changed)
    assert actor.agency_id is not None
    publish(RefusalAcknowledged(document_id, actor.agency_id, now))
