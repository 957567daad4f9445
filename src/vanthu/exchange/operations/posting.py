"""Packets: what leaves over the axis is composed once, stored by its digest and committed before any call is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import BinaryIO

from django.conf import settings

from vanthu.documents.queries import answered_by, record_of, urgency_of
from vanthu.edxml.message import BusinessInfo, Organization, ResponseFor
from vanthu.edxml.writing import Attachment, Unwritable, edoc_bytes, status_bytes
from vanthu.exchange.channel import Envelope, EnvelopeFile, StatusMessage
from vanthu.exchange.channels import VXP
from vanthu.exchange.channels.vxp.mapping_out import (
    DEPARTMENT,
    Answered,
    SendingAgency,
    content_id_of,
    edoc_of,
    header_id_of,
    report_of,
)
from vanthu.exchange.models import Arrival, Delivery, Packet, PacketKind
from vanthu.exchange.operations.failing import fail_deliveries
from vanthu.exchange.operations.send import addressed_to, envelope_of
from vanthu.exchange.rules.carrying import apart
from vanthu.exchange.rules.identity import document_id_of
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation import jobs
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.errors import Violation
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import agency, units_of

KIND = "documents.document"
TAKE_BACK = "13"
STATUS_PRIORITY = 3
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class NewPacket:
    """Gói tin đã soạn: the bytes lie in the store; what is left is to say so."""

    agency_id: int
    kind: PacketKind
    edxml_document_id: str
    sha256: str
    size: int
    document_id: int | None = None
    business: int = 0


@steps("composes and stores outside a transaction; each packet and its deliveries are one act")
def compose_packets(*, document_id: int, now: datetime) -> None:
    """One message for all receivers of the document over the axis; several only where they are more than one may name.

    Composing again gives the same bytes, so a worker that died at any line is simply repeated.
    """
    waiting = Delivery.objects.filter(
        document_id=document_id, channel=VXP, state=DeliveryState.TO_SEND, packet=None
    )
    rows = list(waiting.order_by("id"))
    if not rows:
        return
    envelope = envelope_of(document_id)
    actor = system_actor(rows[0].agency_id)
    obstacle = _too_large(envelope)
    for part in _parts(rows):
        if obstacle is None:
            obstacle = _compose(actor, envelope, part, now)
        if obstacle is not None:
            fail_deliveries(actor=actor, deliveries=part, why=obstacle, now=now)


@steps("composes and stores outside a transaction; each packet and its deliveries are one act")
def split_packet(*, packet_id: int, said: str, now: datetime) -> None:
    """Compose anew for part of the receivers each: the axis refused the packet for the sake of one of them (18, 23).

    Repeated until the one stands alone; the others get the document at once.
    """
    rows = list(Delivery.objects.filter(packet_id=packet_id, state=DeliveryState.TO_SEND).order_by("id"))
    if not rows:
        return
    envelope, actor = envelope_of(rows[0].document_id), system_actor(rows[0].agency_id)
    for codes in apart([row.recipient_code for row in rows], said):
        part = [row for row in rows if row.recipient_code in codes]
        obstacle = _compose(actor, envelope, part, now, moved_from=packet_id)
        if obstacle is not None:
            fail_deliveries(actor=actor, deliveries=part, why=obstacle, now=now)


def _parts(rows: list[Delivery]) -> list[list[Delivery]]:
    """Those who were added after issue are told otherwise: they go by themselves."""
    most = settings.VANTHU_LINE_RECEIVERS
    kinds = [[row for row in rows if row.is_added is added] for added in (False, True)]
    return [part[start : start + most] for part in kinds for start in range(0, len(part), most)]


def _too_large(envelope: Envelope) -> Violation | None:
    most = settings.VANTHU_LINE_FILE_MB
    heavy = next((file for file in envelope.files if file.size > most * MEGABYTE), None)
    if heavy is None:
        return None
    size = f"{heavy.size / MEGABYTE:.1f}".replace(".", ",")
    return Violation("exchange.packet.too-large", (("most", str(most)), ("name", heavy.name), ("size", size)))


def _compose(
    actor: Actor,
    envelope: Envelope,
    rows: Sequence[Delivery],
    now: datetime,
    *,
    moved_from: int | None = None,
) -> Violation | None:
    """Compose, store, commit one packet; what stands against it, in words, if it cannot be written."""
    first = rows[0]
    envelope = addressed_to(envelope, rows)
    message = edoc_of(
        envelope,
        sender=sending_agency(first.agency_id),
        receivers=[Organization(row.recipient_code, row.recipient_name) for row in rows],
        planned_at=first.planned_at,
        responses=_responses(first.document_id),
    )
    try:
        data = edoc_bytes(message, attachments_of(envelope))
    except Unwritable as trouble:
        return Violation("exchange.packet.unwritable", (("why", str(trouble)),))
    packet = NewPacket(
        agency_id=first.agency_id,
        kind=PacketKind.EDOC,
        edxml_document_id=header_id_of(envelope),
        sha256=blobs().put(data),
        size=len(data),
        document_id=first.document_id,
        business=envelope.business.type,
    )
    ids = [row.pk for row in rows]
    commit_packet(actor=actor, packet=packet, delivery_ids=ids, moved_from=moved_from, now=now)
    return None


@steps("composes and stores outside a transaction; the packet is one act")
def post_business(
    *,
    document_id: int,
    business: BusinessInfo,
    recipients: Sequence[Organization],
    enclosed: Sequence[EnvelopeFile] = (),
    at: datetime,
    now: datetime,
) -> int:
    """Lay a revocation or an update of an issued document into the outbox (edXML types 1, 2); the packet's id.

    The header repeats the document that is meant; `enclosed` is what goes along (a notice, newer contents), `at` the
    instant of the order. Called again with the same values it is the same packet. Raises `Unwritable`.
    """
    issued = envelope_of(document_id)
    envelope = replace(
        issued,
        business=replace(business, document_id=business.document_id or issued.document_id),
        files=tuple(enclosed),
    )
    agency_id = record_of(document_id).agency_id
    message = edoc_of(envelope, sender=sending_agency(agency_id), receivers=tuple(recipients), planned_at=at)
    data = edoc_bytes(message, attachments_of(envelope))
    packet = NewPacket(
        agency_id=agency_id,
        kind=PacketKind.EDOC,
        edxml_document_id=header_id_of(envelope),
        sha256=blobs().put(data),
        size=len(data),
        document_id=document_id,
        business=business.type,
    )
    return commit_packet(actor=system_actor(agency_id), packet=packet, delivery_ids=[], now=now)


def attachments_of(envelope: Envelope) -> list[Attachment]:
    """The files of a package as they are written into the message: the document itself, then its annexes."""
    return [
        Attachment(content_id_of(envelope.document_id, file.sha256, ordinal), file.name, _opens(file.sha256))
        for ordinal, file in enumerate(envelope.files)
    ]


def _opens(sha256: str) -> Callable[[], BinaryIO]:
    return partial(_open, sha256)


def _open(sha256: str) -> BinaryIO:
    return BytesIO(blobs().read(sha256))


def sending_agency(agency_id: int, *, code: str = "") -> SendingAgency:
    """The agency as a message names it; `code` where an old one of it was addressed."""
    row = agency(agency_id)
    office = next((unit.name for unit in units_of(agency_id) if unit.is_records_office), DEPARTMENT)
    return SendingAgency(code or row.code, row.name, row.governing_name, row.place_name, office)


def _responses(document_id: int) -> tuple[ResponseFor, ...]:
    """The document that this one answers, as its sender called it."""
    other = answered_by(document_id)
    if other is None:
        return ()
    card = record_of(other)
    arrival = Arrival.objects.filter(document_id=other).first()
    their_id, their_code = (arrival.their_document_id, arrival.their_code) if arrival else ("", "")
    if not their_id and card.issued_on:
        their_id = document_id_of(card.issuer_code, card.issued_on, card.full_number)
    return (ResponseFor(card.issuer_code, their_code or card.full_number, their_id, card.issued_on),)


@operation("exchange.packet.commit")
def commit_packet(
    *,
    actor: Actor,
    packet: NewPacket,
    delivery_ids: Sequence[int],
    moved_from: int | None = None,
    now: datetime,
) -> int:
    """The packet, its deliveries and the reminder to send it; nothing where that was done before."""
    row, is_new = Packet.objects.get_or_create(
        agency_id=packet.agency_id,
        kind=packet.kind,
        sha256=packet.sha256,
        defaults={
            "business": packet.business,
            "document_id": packet.document_id,
            "edxml_document_id": packet.edxml_document_id,
            "size": packet.size,
            "created_at": now,
        },
    )
    linked = Delivery.objects.filter(pk__in=list(delivery_ids), packet=moved_from).update(packet=row)
    if not is_new and not linked:
        nothing_changed()
        return row.pk
    remind(row, now=now)
    record(
        ObjectRef.of("exchange.packet", row.pk),
        agency_id=packet.agency_id,
        document=packet.document_id,
        kind=packet.kind,
        receivers=linked,
        sha256=packet.sha256,
    )
    return row.pk


def remind(packet: Packet, *, now: datetime, run_at: datetime | None = None) -> None:
    """Owe the sending of a packet, in the open transaction; urgent documents first."""
    priority = STATUS_PRIORITY
    if packet.kind == PacketKind.EDOC and packet.document_id is not None:
        priority = 10 * urgency_of(packet.document_id)
    jobs.named("exchange.send_packet").enqueue(now=now, run_at=run_at, priority=priority, packet_id=packet.pk)


@dataclass(frozen=True, slots=True)
class _Told:
    """Who tells what about which document: the same for each code that speaks."""

    agency_id: int
    document_id: int | None
    about: Answered
    codes: tuple[str, ...]


@steps("composes and stores outside a transaction; each packet is one act")
def post_status(status: StatusMessage, *, now: datetime) -> tuple[int, ...]:
    """Lay a status into the outbox, one packet for each code of ours that was addressed; their ids.

    13 goes from the sender to the receiver, all others from the receiver to the sender (edxml.md §4).
    """
    told = _asked_back(status) if status.code == TAKE_BACK else _answered(status)
    found = []
    for code in told.codes:
        report = report_of(
            sender=sending_agency(told.agency_id, code=code),
            about=told.about,
            code=status.code,
            description=status.description,
            at=status.at,
        )
        data = status_bytes(report)
        packet = NewPacket(
            agency_id=told.agency_id,
            kind=PacketKind.STATUS,
            edxml_document_id=told.about.document_id,
            sha256=blobs().put(data),
            size=len(data),
            document_id=told.document_id,
        )
        found.append(
            commit_packet(actor=system_actor(told.agency_id), packet=packet, delivery_ids=[], now=now)
        )
    return tuple(found)


def _answered(status: StatusMessage) -> _Told:
    arrival = Arrival.objects.get(message_id=status.message_id, recipient_code=status.recipient_code)
    about = Answered(
        arrival.sender_code,
        arrival.their_code,
        arrival.their_document_id,
        issued_on_raw=arrival.their_issued_on,
    )
    codes = tuple(arrival.addressed_codes) or (arrival.recipient_code,)
    return _Told(arrival.agency_id, arrival.document_id, about, codes)


def _asked_back(status: StatusMessage) -> _Told:
    delivery = Delivery.objects.get(message_id=status.message_id, recipient_code=status.recipient_code)
    card = record_of(delivery.document_id)
    assert card.issued_on is not None
    about = Answered(
        delivery.recipient_code,
        card.full_number,
        document_id_of(card.issuer_code, card.issued_on, card.full_number),
        card.issued_on,
    )
    return _Told(delivery.agency_id, delivery.document_id, about, (card.issuer_code,))
