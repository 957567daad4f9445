"""Planning deliveries in the issuing transaction, and carrying them out: claim, call, record in three short steps."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import F

from vanthu.documents.queries import concern_of, current_files, document_type, record_of, urgency_of
from vanthu.documents.rules.kinds import RelationKind
from vanthu.edxml.message import Business, BusinessInfo, Receiver, Replacement
from vanthu.exchange.channel import NEW_PACKAGE, Channel, Envelope, EnvelopeFile, Outcome, Receipt
from vanthu.exchange.channels import LOCAL, PAPER, VXP, channel
from vanthu.exchange.events import DeliveryRefused, PaperOwed
from vanthu.exchange.models import Delivery, StatusIn
from vanthu.exchange.queries.ways import PlannedRecipient, planned_recipients
from vanthu.exchange.rules.identity import document_id_of
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode, after_status
from vanthu.exchange.rules.ways import WayKind
from vanthu.foundation import jobs
from vanthu.foundation.operation import nothing_changed, operation, publish, record, steps, unit_of_work
from vanthu.foundation.refusals import spoken
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.errors import Violation
from vanthu.kernel.refs import ObjectRef

KIND = "documents.document"
CHANNELS = {WayKind.LOCAL: LOCAL, WayKind.AXIS: VXP, WayKind.PAPER: PAPER}
BATCH = 50
"""Deliveries per job: one claim and one record for so many receivers' transactions."""


@operation("exchange.delivery.plan")
def plan_deliveries(*, actor: Actor, document_id: int, agency_id: int, urgency: int, now: datetime) -> int:
    """One delivery per recipient, in the transaction that issues; the number planned.

    Who cannot receive electronically gets paper, and the list says why (product.md, principle 1).
    """
    rows = plan(document_id, agency_id, planned_recipients(document_id), urgency, now)
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=agency_id,
        deliveries=len(rows),
        electronic=sum(row.state == DeliveryState.TO_SEND for row in rows),
        over_axis=sum(row.channel == VXP for row in rows),
    )
    return len(rows)


def plan(
    document_id: int,
    agency_id: int,
    recipients: Sequence[PlannedRecipient],
    urgency: int,
    now: datetime,
    *,
    is_added: bool = False,
) -> list[Delivery]:
    """Inside an act: the deliveries to these recipients, and the reminders to send them."""
    message_id = str(uuid.uuid4())
    rows = [
        Delivery(
            document_id=document_id,
            agency_id=agency_id,
            message_id=message_id,
            recipient_code=planned.code,
            recipient_name=planned.name,
            channel=CHANNELS[planned.way.kind],
            state=DeliveryState.PAPER if planned.way.kind is WayKind.PAPER else DeliveryState.TO_SEND,
            last_error=planned.way.why,
            planned_at=now,
            is_added=is_added,
        )
        for planned in recipients
    ]
    Delivery.objects.bulk_create(rows, batch_size=500)
    ids = [row.pk for row in rows if row.channel == LOCAL]
    batches = [{"delivery_ids": ids[start : start + BATCH]} for start in range(0, len(ids), BATCH)]
    jobs.named("exchange.deliver").enqueue_many(batches, now=now, priority=10 * urgency)
    if any(row.channel == VXP for row in rows):
        jobs.named("exchange.compose").enqueue(now=now, priority=10 * urgency, document_id=document_id)
    if any(row.state == DeliveryState.PAPER for row in rows):
        publish(PaperOwed(document_id, agency_id, urgency, now))
    return rows


@steps("claim, call each receiver, record: never a transaction over the line (architecture.md §2.5)")
def send_deliveries(*, delivery_ids: Sequence[int], now: datetime) -> None:
    """Send what is still to be sent of these deliveries. Trouble on the line is raised and the job retries."""
    claimed = claim_deliveries(delivery_ids)
    if not claimed:
        return
    envelope = envelope_of(claimed[0].document_id)
    trouble: list[Exception] = []
    for batch in _batches(claimed):
        lines = _lines(batch)
        receipts: list[tuple[Delivery, Receipt]] = []
        for delivery in batch:
            try:
                receipts.append((delivery, _send(lines[delivery.channel], delivery, envelope, now)))
            except (
                Exception
            ) as error:  # the line may fail in any way; the delivery stays claimed and is retried
                trouble.append(error)
        if receipts:
            _record(actor=system_actor(batch[0].agency_id), receipts=receipts, now=now)
    if trouble:
        raise trouble[0]


def _batches(rows: list[Delivery]) -> list[list[Delivery]]:
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]


def _lines(batch: list[Delivery]) -> dict[str, Channel]:
    """One line per channel of the batch, told whom it goes to."""
    lines = {name: channel(name) for name in {row.channel for row in batch}}
    for name, line in lines.items():
        line.expect([row.recipient_code for row in batch if row.channel == name])
    return lines


def claim_deliveries(delivery_ids: Sequence[int]) -> list[Delivery]:
    """Mark the deliveries as being sent; those left SENDING by a killed worker are taken up again."""
    open_states = [DeliveryState.TO_SEND, DeliveryState.SENDING]
    with unit_of_work():
        rows = list(Delivery.objects.filter(pk__in=delivery_ids, state__in=open_states).order_by("id"))
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            attempts=F("attempts") + 1, state=DeliveryState.SENDING
        )
    for row in rows:
        row.attempts, row.state = row.attempts + 1, DeliveryState.SENDING
    return rows


def envelope_of(document_id: int) -> Envelope:
    """The package of an issued document, without its recipient; the same at every retry (it can't change any more)."""
    document = record_of(document_id)
    kind = document_type(document.type_code)
    issued_on, number = document.issued_on, document.full_number
    return Envelope(
        message_id="",
        sender_code=document.issuer_code,
        sender_name=document.issuer_name,
        recipient_code="",
        type_code=document.type_code,
        subject=document.subject,
        number=document.number,
        notation=document.notation,
        full_number=document.full_number,
        issued_on=document.issued_on,
        signer_name=document.signer_name,
        signer_position=document.signer_position,
        urgency=document.urgency,
        page_count=document.page_count,
        verdict=document.verdict,
        files=tuple(
            EnvelopeFile(file.name, file.media_type, file.size, file.sha256, file.role)
            for file in current_files(document_id)
        ),
        document_id=document_id_of(document.issuer_code, issued_on, number) if issued_on else "",
        type_name=kind.name if kind else "",
        business=_replacing(document_id),
    )


def _replacing(document_id: int) -> BusinessInfo:
    """A document that replaces another one names it, and for whom (edXML type 3). Norm: NĐ30 Đ.18.3."""
    concern = concern_of(document_id)
    if concern is None or concern.kind is not RelationKind.REPLACES:
        return NEW_PACKAGE
    other = record_of(concern.document_id)
    assert other.issued_on is not None
    sent = Delivery.objects.filter(document_id=other.id)
    replaced = Replacement(
        document_id_of(other.issuer_code, other.issued_on, other.full_number),
        tuple(sent.order_by("id").values_list("recipient_code", flat=True)),
    )
    reason = f"Thay thế văn bản số {other.full_number}"
    return BusinessInfo(type=Business.REPLACE, reason=reason, replaces=(replaced,))


def addressed_to(envelope: Envelope, deliveries: Sequence[Delivery]) -> Envelope:
    """Whoever was added after issue gets the document as an update that names him (edXML type 2)."""
    if not deliveries[0].is_added:
        return envelope
    added = tuple(Receiver(row.recipient_code, is_added=True) for row in deliveries)
    business = BusinessInfo(
        Business.UPDATE,
        "Bổ sung nơi nhận",
        envelope.document_id,
        content_changed=False,
        receivers_changed=True,
        receivers=added,
    )
    return replace(envelope, business=business)


def _send(line: Channel, delivery: Delivery, envelope: Envelope, now: datetime) -> Receipt:
    addressed = replace(
        addressed_to(envelope, [delivery]),
        message_id=delivery.message_id,
        recipient_code=delivery.recipient_code,
    )
    return line.send(addressed, now=now)


@operation("exchange.delivery.record")
def _record(*, actor: Actor, receipts: list[tuple[Delivery, Receipt]], now: datetime) -> None:
    locked = {row.pk: row for row in Delivery.objects.filter(pk__in=[d.pk for d, _ in receipts])}
    changed = []
    for delivery, receipt in receipts:
        row = locked[delivery.pk]
        if row.state == DeliveryState.SENDING:
            _apply(row, receipt)
            changed.append((row, receipt))
    if not changed:
        nothing_changed()
        return
    _save([row for row, _ in changed])
    arrived = [(row, receipt) for row, receipt in changed if receipt.outcome is Outcome.ARRIVED]
    StatusIn.objects.bulk_create(
        [
            StatusIn(
                delivery=row, agency_id=row.agency_id, code=StatusCode.ARRIVED, at=receipt.at, received_at=now
            )
            for row, receipt in arrived
        ],
        ignore_conflicts=True,
    )
    first = changed[0][0]
    record(
        ObjectRef.of(KIND, first.document_id),
        agency_id=first.agency_id,
        sent=len(changed),
        arrived=len(arrived),
    )
    _tell_of_failures([row for row, receipt in changed if receipt.outcome is Outcome.REFUSED], now)


def _save(rows: list[Delivery]) -> None:
    """Deliveries that ended alike, most of a batch, are written by one statement."""
    alike: dict[tuple[str, datetime | None, str], list[int]] = defaultdict(list)
    for row in rows:
        alike[row.state, row.sent_at, row.last_error].append(row.pk)
    for (state, sent_at, last_error), ids in alike.items():
        Delivery.objects.filter(pk__in=ids).update(state=state, sent_at=sent_at, last_error=last_error)


def _apply(row: Delivery, receipt: Receipt) -> None:
    row.sent_at = receipt.at
    match receipt.outcome:
        case Outcome.ARRIVED:
            row.state = after_status(DeliveryState.SENT, StatusCode.ARRIVED)
        case Outcome.SENT:
            row.state = DeliveryState.SENT
        case Outcome.REFUSED:
            row.state = DeliveryState.FAILED
            row.last_error = str(spoken(Violation(receipt.code, receipt.details)))[:400]


def _tell_of_failures(rows: list[Delivery], now: datetime) -> None:
    for row in rows:
        urgency = urgency_of(row.document_id)
        publish(DeliveryRefused(row.document_id, row.agency_id, urgency, row.last_error, now))
