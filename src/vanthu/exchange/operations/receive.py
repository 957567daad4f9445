"""A package arrives: the receiver's own record, its place in the records office, its verdict; once, however often sent."""

from __future__ import annotations

from datetime import datetime

from vanthu.documents import operations as documents
from vanthu.documents.rules.intake import secrecy_marks_in
from vanthu.documents.rules.kinds import Direction, FileRole, FileStage
from vanthu.exchange.channel import Envelope
from vanthu.exchange.channels import LOCAL
from vanthu.exchange.models import Arrival
from vanthu.exchange.operations.track import queue_status
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.foundation import jobs
from vanthu.foundation.db import insert
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.kernel.actor import Actor, Urgency, system_actor
from vanthu.kernel.errors import DomainError
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import AgencyRow, agencies_by_code, successor_names
from vanthu.registry.operations import Newcomer, take_arrival
from vanthu.signing.queries import fresh_verdict


class CannotReceive(DomainError):
    """The addressed agency will never take this package."""


@steps("finds the receiver, then takes the package in by one act in its name")
def receive_envelope(
    envelope: Envelope, *, receiver: AgencyRow | None = None, checked: str | None = None, now: datetime
) -> None:
    """Take a package in for the agency it is addressed to.

    `receiver` is its row, `checked` the fresh verdict on the main file, where the line has just read them.

    Refuses: `exchange.recipient.closed`, `….unknown`.
    """
    receiver = receiver or agencies_by_code([envelope.recipient_code]).get(envelope.recipient_code)
    if receiver is None:
        raise CannotReceive("exchange.recipient.unknown", code=envelope.recipient_code)
    if not receiver.is_active:
        named = ", ".join(successor_names(receiver.id)) or "chưa xác định"
        raise CannotReceive("exchange.recipient.closed", name=receiver.name, successors=named)
    if checked is None:
        checked = fresh_verdict(envelope.main.sha256, sender_code=envelope.sender_code, now=now)
    _take_in(actor=system_actor(receiver.id), envelope=envelope, receiver=receiver, checked=checked, now=now)


@operation("exchange.envelope.receive")
def _take_in(*, actor: Actor, envelope: Envelope, receiver: AgencyRow, checked: str, now: datetime) -> None:
    known = Arrival.objects.filter(message_id=envelope.message_id, recipient_code=envelope.recipient_code)
    if known.exists():
        nothing_changed()
        return
    arrival = Arrival(
        agency_id=receiver.id,
        message_id=envelope.message_id,
        sender_code=envelope.sender_code,
        recipient_code=envelope.recipient_code,
        channel=LOCAL,
        arrived_at=now,
    )
    if secrecy_marks_in(envelope.subject):
        _quarantine(actor, arrival, envelope, now)
        return
    arrival.document_id = _create_record(actor, envelope, receiver, checked, now)
    insert(arrival)
    newcomer = Newcomer(receiver.id, Urgency(envelope.urgency), envelope.main.sha256)
    take_arrival(actor=actor, document_id=arrival.document_id, newcomer=newcomer, now=now)
    record(
        ObjectRef.of("documents.document", arrival.document_id),
        agency_id=receiver.id,
        message=envelope.message_id,
        sender=envelope.sender_code,
    )


def _create_record(actor: Actor, envelope: Envelope, receiver: AgencyRow, checked: str, now: datetime) -> int:
    document_id = documents.create_document(
        actor=actor,
        agency_id=receiver.id,
        order=documents.RecordOrder(
            direction=Direction.INCOMING,
            type_code=envelope.type_code,
            subject=envelope.subject,
            issuer_code=envelope.sender_code,
            issuer_name=envelope.sender_name,
            urgency=Urgency(envelope.urgency),
            number=envelope.number,
            notation=envelope.notation,
            full_number=envelope.full_number,
            issued_on=envelope.issued_on,
            signer_name=envelope.signer_name,
            signer_position=envelope.signer_position,
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
    main = envelope.main
    documents.quarantine(
        actor=actor,
        agency_id=arrival.agency_id,
        sha256=main.sha256,
        sender=f"{envelope.sender_name} ({envelope.sender_code})",
        reason="Văn bản mật gửi trên hệ thống",
        now=now,
    )
    arrival.save()
    queue_status(arrival, StatusCode.REFUSED, "Văn bản mật gửi trên hệ thống", now)
    record(
        ObjectRef.of("exchange.arrival", arrival.pk), agency_id=arrival.agency_id, message=envelope.message_id
    )
