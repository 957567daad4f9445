"""A package arrives: the receiver's own record, its place in the records office, its verdict; once, however often sent."""

from __future__ import annotations

from datetime import datetime

from vanthu.documents import operations as documents
from vanthu.documents.rules.intake import secrecy_marks_in
from vanthu.documents.rules.kinds import Direction, FileRole, FileStage
from vanthu.edxml.message import Business
from vanthu.exchange.channel import Envelope
from vanthu.exchange.channels import LOCAL
from vanthu.exchange.models import Arrival
from vanthu.exchange.operations.business import note_arrival, take_business
from vanthu.exchange.operations.track import queue_status
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.foundation import jobs
from vanthu.foundation.db import insert
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.kernel.actor import Actor, Urgency, system_actor
from vanthu.kernel.errors import DomainError
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import AgencyRow, agencies_by_code, canonical_code, successor_names
from vanthu.registry.operations import Newcomer, take_arrival
from vanthu.signing.queries import fresh_verdict


class CannotReceive(DomainError):
    """The addressed agency will never take this package."""


@steps("finds the receiver, then takes the package in by one act in its name")
def receive_envelope(
    envelope: Envelope,
    *,
    receiver: AgencyRow | None = None,
    checked: str | None = None,
    is_secret: bool = False,
    now: datetime,
) -> None:
    """Take a package in for the agency it is addressed to; one that is there already changes nothing.

    `receiver` is its row, `checked` the fresh verdict on the main file, where the line has just read them;
    `is_secret`: the content is marked secret, whatever the subject says (D44).

    Refuses: `exchange.recipient.closed`, `….unknown`.
    """
    receiver = receiver or agencies_by_code([envelope.recipient_code]).get(envelope.recipient_code)
    if receiver is None:
        raise CannotReceive("exchange.recipient.unknown", code=envelope.recipient_code)
    if not receiver.is_active:
        raise CannotReceive(
            "exchange.recipient.closed", name=receiver.name, successors=successors_of(receiver)
        )
    is_secret = is_secret or bool(secrecy_marks_in(envelope.subject))
    if checked is None and not is_secret and envelope.files:
        sender = _sender_in_force(envelope)
        checked = fresh_verdict(envelope.main.sha256, sender_code=sender, now=now)
    _take_in(
        actor=system_actor(receiver.id),
        envelope=envelope,
        receiver=receiver,
        checked=checked or "",
        is_secret=is_secret,
        now=now,
    )


def successors_of(closed: AgencyRow) -> str:
    """Who has followed a closed agency, in words (D49)."""
    return ", ".join(successor_names(closed.id)) or "chưa xác định"


@operation("exchange.envelope.receive")
def _take_in(
    *, actor: Actor, envelope: Envelope, receiver: AgencyRow, checked: str, is_secret: bool, now: datetime
) -> None:
    known = Arrival.objects.filter(message_id=envelope.message_id, recipient_code=receiver.code)
    if known.exists():
        nothing_changed()
        return
    arrival = arrival_of(envelope, receiver, now)
    if is_secret:
        _quarantine(actor, arrival, envelope, now)
        return
    if envelope.business.type is not Business.NEW and take_business(
        actor=actor, envelope=envelope, receiver=receiver, now=now
    ):
        nothing_changed()  # beyond what the business itself has told the log
        return
    arrival.document_id = _create_record(actor, envelope, receiver, checked, now)
    insert(arrival)
    newcomer = Newcomer(receiver.id, _urgency_of(envelope), envelope.main.sha256)
    take_arrival(actor=actor, document_id=arrival.document_id, newcomer=newcomer, now=now)
    record(
        ObjectRef.of("documents.document", arrival.document_id),
        agency_id=receiver.id,
        message=envelope.message_id,
        sender=envelope.sender_code,
    )
    if envelope.channel != LOCAL:  # next door, the sender has seen it arrive
        queue_status(arrival, StatusCode.ARRIVED, "", now)
    note_arrival(actor=actor, arrival_id=arrival.pk, envelope=envelope, now=now)


def arrival_of(envelope: Envelope, receiver: AgencyRow, now: datetime) -> Arrival:
    """The row that remembers whom to answer, and by which words; not stored yet."""
    return Arrival(
        agency_id=receiver.id,
        message_id=envelope.message_id,
        sender_code=envelope.sender_code,
        recipient_code=receiver.code,
        channel=envelope.channel,
        addressed_codes=list(envelope.addressed_codes),
        their_document_id=envelope.document_id[:200],
        their_code=envelope.full_number[:200],
        their_issued_on=envelope.issued_on_as_written[:30],
        inbound_id=envelope.inbound_id,
        arrived_at=now,
    )


def _sender_in_force(envelope: Envelope) -> str:
    """A line may name the sender by an old code."""
    return envelope.sender_code if envelope.channel == LOCAL else canonical_code(envelope.sender_code)


def _urgency_of(envelope: Envelope) -> Urgency:
    """Hỏa tốc hẹn giờ (4) is hỏa tốc here."""
    return Urgency(min(envelope.urgency, Urgency.EXPRESS))


def _create_record(actor: Actor, envelope: Envelope, receiver: AgencyRow, checked: str, now: datetime) -> int:
    document_id = documents.create_document(
        actor=actor,
        agency_id=receiver.id,
        order=documents.RecordOrder(
            direction=Direction.INCOMING,
            type_code=envelope.type_code,
            subject=envelope.subject[:1000],
            issuer_code=_sender_in_force(envelope),
            issuer_name=envelope.sender_name[:200],
            urgency=_urgency_of(envelope),
            number=envelope.number,
            notation=envelope.notation[:60],
            full_number=envelope.full_number[:80],
            issued_on=envelope.issued_on,
            signer_name=envelope.signer_name[:100],
            signer_position=envelope.signer_position[:150],
            verdict=checked,
        ),
        files=[
            documents.NewFile(
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                role=FileRole(file.role),
                stage=FileStage.RECEIVED,
                page_count=envelope.page_count if file.role == FileRole.MAIN else 0,
            )
            for file in envelope.files
        ],
        now=now,
    )
    if not checked:
        jobs.named("registry.verify").enqueue(now=now, document_id=document_id, agency_id=receiver.id)
    return document_id


def _quarantine(actor: Actor, arrival: Arrival, envelope: Envelope, now: datetime) -> None:
    """D44: content is never opened or copied on; digest, sender and time remain; the sender is told (02)."""
    documents.quarantine(
        actor=actor,
        agency_id=arrival.agency_id,
        sha256=envelope.main.sha256,
        sender=f"{envelope.sender_name} ({envelope.sender_code})",
        reason="Văn bản mật gửi trên hệ thống",
        now=now,
    )
    arrival.save()
    queue_status(arrival, StatusCode.REFUSED, "Văn bản mật gửi trên hệ thống", now)
    record(
        ObjectRef.of("exchange.arrival", arrival.pk), agency_id=arrival.agency_id, message=envelope.message_id
    )
