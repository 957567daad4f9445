"""A document message from the axis is taken in: for each agency of ours that it names, once, or put before a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from vanthu.edxml.message import Business, Edoc, Unreadable
from vanthu.exchange.channel import Envelope
from vanthu.exchange.channels.vxp.mapping_in import (
    Opened,
    envelope_from,
    hints_in,
    is_document,
    open_message,
    package_of,
    sealed_files,
    unread_envelope,
)
from vanthu.exchange.models import Arrival, Inbound, InboundState, PacketKind
from vanthu.exchange.operations.admitting import Admission, admit, limits
from vanthu.exchange.operations.asides import AsideCase, decline, set_aside
from vanthu.exchange.operations.receive import receive_envelope, successors_of
from vanthu.exchange.rules.identity import is_same, package_id_of
from vanthu.exchange.rules.inbox import (
    UNREADABLE_WORDS,
    AsideReason,
    looks_new,
    same_apart_from_transit,
)
from vanthu.foundation.operation import steps
from vanthu.foundation.refusals import spoken
from vanthu.foundation.storage import MissingBlob, blobs
from vanthu.kernel.actor import system_actor
from vanthu.kernel.errors import Violation
from vanthu.organizations.queries import (
    AgencyRow,
    addressees,
    agencies_by_code,
    aliases_of,
    canonical_code,
    canonical_codes,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """How a packet ended: `code` and `text` say why where it was refused."""

    state: InboundState
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Case:
    """A message under way: what it says, what lies in it, and who of us it names."""

    opened: Opened
    edoc: Edoc
    envelope: Envelope
    admission: Admission
    sender_codes: tuple[str, ...]


@steps("each receiver's record is an act of its own")
def take_package(inbound: Inbound, opened: Opened, *, now: datetime) -> Taken:
    """Take a document message in. Each receiver's record is an act of its own; repeating changes nothing."""
    edoc = opened.reading.edoc
    assert edoc is not None
    sender = canonical_code(edoc.sender.code)
    _name(inbound, sender, edoc)
    if _twin_of(inbound):
        return Taken(InboundState.DUPLICATE)
    ours = _ours(edoc)
    if not ours:
        named = ", ".join(row.code for row in edoc.receivers[:5])
        return Taken(
            InboundState.REFUSED, "not-ours", f"Không có cơ quan nhận nào thuộc hệ thống này: {named}"
        )
    case = _case(inbound, opened, edoc, sender)
    ends = [_take_for(case, receiver, codes, inbound, now) for receiver, codes in ours]
    return _worst(ends)


def _name(inbound: Inbound, sender: str, edoc: Edoc) -> None:
    inbound.sender_code = sender[:35]
    inbound.edxml_document_id = edoc.document_id[:200]
    inbound.business = edoc.business.type


def _twin_of(inbound: Inbound) -> bool:
    """The same message under another id of the axis (edxml.md §3). One that was refused doesn't count."""
    twins = Inbound.objects.filter(
        kind=PacketKind.EDOC,
        sender_code=inbound.sender_code,
        edxml_document_id=inbound.edxml_document_id,
        business=inbound.business,
        sha256=inbound.sha256,
    ).exclude(state=InboundState.REFUSED)
    settled = twins.exclude(state=InboundState.STORED) | twins.filter(pk__lt=inbound.pk)
    return settled.exclude(pk=inbound.pk).exists()


def _ours(edoc: Edoc) -> list[tuple[AgencyRow, tuple[str, ...]]]:
    """Our agencies among the receivers, each with the codes that named it (edxml.md §6.12)."""
    in_force = canonical_codes(row.code for row in edoc.receivers)
    rows = agencies_by_code(set(in_force.values()))
    named: dict[str, list[str]] = {}
    for code, current in in_force.items():
        if current in rows:
            named.setdefault(current, []).append(code)
    return [(rows[code], tuple(codes)) for code, codes in named.items()]


def envelope_for(inbound: Inbound, receiver: AgencyRow) -> tuple[Envelope, Admission]:
    """The package of a stored packet for one receiver, put together again for the clerk's decision."""
    opened = open_message(blobs().read(inbound.sha256), limits())
    edoc = opened.reading.edoc
    assert edoc is not None
    case = _case(inbound, opened, edoc, inbound.sender_code)
    codes = next((codes for row, codes in _ours(edoc) if row.id == receiver.id), (receiver.code,))
    envelope = replace(case.envelope, recipient_code=receiver.code, addressed_codes=codes)
    return envelope, case.admission


def _case(inbound: Inbound, opened: Opened, edoc: Edoc, sender: str) -> _Case:
    known = addressees([edoc.sender.code]).get(edoc.sender.code)
    envelope = envelope_from(
        edoc,
        package_id=package_of(edoc, sender, inbound.sha256),
        inbound_id=inbound.pk,
        sender_name=known.name if known else edoc.sender.code,
    )
    admission = admit(opened)
    files = sealed_files(opened) if admission.is_secret else admission.files
    envelope = replace(envelope, files=files, page_count=admission.page_count)
    names = tuple(dict.fromkeys((edoc.sender.code, sender, *aliases_of(sender))))
    return _Case(opened, edoc, envelope, admission, names)


def _take_for(
    case: _Case, receiver: AgencyRow, codes: tuple[str, ...], inbound: Inbound, now: datetime
) -> InboundState:
    envelope = replace(case.envelope, recipient_code=receiver.code, addressed_codes=codes)
    if unable := _unable(receiver):
        decline(actor=system_actor(receiver.id), envelope=envelope, receiver=receiver, text=unable, now=now)
        return InboundState.REFUSED
    if case.admission.is_secret:
        receive_envelope(envelope, receiver=receiver, is_secret=True, now=now)
        return InboundState.TAKEN
    earlier = _earlier(case, envelope, receiver)
    if earlier and _is_same_message(case, earlier):
        return InboundState.DUPLICATE
    reason = _question(case, receiver, codes, has_earlier=earlier is not None)
    if reason is not None:
        set_aside(
            actor=system_actor(receiver.id),
            case=_noted(case, reason),
            receiver=receiver,
            inbound=inbound,
            now=now,
        )
        return InboundState.SET_ASIDE
    receive_envelope(envelope, receiver=receiver, now=now)
    return InboundState.TAKEN


def _unable(receiver: AgencyRow) -> str:
    """Why this agency takes nothing electronic; empty where it does."""
    if not receiver.is_active:
        details = (("name", receiver.name), ("successors", successors_of(receiver)))
        return str(spoken(Violation("exchange.recipient.closed", details)))
    if not receiver.can_receive:
        details = (("name", receiver.name), ("reason", receiver.cannot_receive_reason))
        return str(spoken(Violation("exchange.recipient.unable", details)))
    return ""


def _earlier(case: _Case, envelope: Envelope, receiver: AgencyRow) -> Arrival | None:
    """Another package with a document under the same id, for messages that must bring a new one."""
    if not is_document(case.edoc.business.type) or not envelope.document_id:
        return None
    others = Arrival.objects.filter(
        agency_id=receiver.id,
        sender_code__in=case.sender_codes,
        their_document_id=envelope.document_id[:200],
        document__isnull=False,
    ).exclude(message_id=envelope.message_id)
    return others.select_related("inbound").order_by("id").first()


def _is_same_message(case: _Case, earlier: Arrival) -> bool:
    """An axis adds its traces on the way, so that the bytes of one message may differ."""
    if earlier.inbound is None:
        return False
    try:
        other = open_message(blobs().read(earlier.inbound.sha256), limits())
    except (Unreadable, MissingBlob):
        return False
    mine, theirs = case.opened.attachments, other.attachments
    return other.reading.edoc is not None and same_apart_from_transit(
        case.edoc, [row.sha256 for row in mine], other.reading.edoc, [row.sha256 for row in theirs]
    )


def _question(
    case: _Case, receiver: AgencyRow, codes: tuple[str, ...], *, has_earlier: bool
) -> AsideReason | None:
    """What a person must decide before this may be taken in; None: nothing."""
    if has_earlier:
        return AsideReason.OTHER_BYTES
    if looks_new(case.edoc, is_known=_is_known(case, receiver), has_files=case.admission.has_main):
        return AsideReason.LOOKS_NEW
    needs_file = is_document(case.edoc.business.type) or (
        case.edoc.business.type is Business.UPDATE and not _only_receivers(case.edoc, (receiver.code, *codes))
    )
    return case.admission.reason if needs_file else None


def _only_receivers(edoc: Edoc, ours: tuple[str, ...]) -> bool:
    """An update that changes no content and does not add this receiver needs no file."""
    added = any(row.is_added and is_same(row.code, ours) for row in edoc.business.receivers)
    return edoc.business.content_changed is not True and not added


def _is_known(case: _Case, receiver: AgencyRow) -> bool:
    names = {case.edoc.business.document_id, case.edoc.document_id} - {""}
    return Arrival.objects.filter(
        agency_id=receiver.id, sender_code__in=case.sender_codes, their_document_id__in=names
    ).exists()


def _worst(ends: list[InboundState]) -> Taken:
    """The state of the packet after each of its receivers: what a person must look at counts most."""
    for state in (InboundState.SET_ASIDE, InboundState.TAKEN, InboundState.DUPLICATE):
        if state in ends:
            return Taken(state)
    return Taken(InboundState.REFUSED, "receiver-closed", "Cơ quan nhận không còn nhận văn bản điện tử")


def _noted(case: _Case, reason: AsideReason) -> AsideCase:
    text = case.admission.words if reason is case.admission.reason else case.edoc.business.reason
    envelope = case.envelope
    return AsideCase(
        reason, text, envelope.sender_code, envelope.sender_name, envelope.full_number, envelope.subject
    )


@steps("answers where it can; the end of the packet is the act that follows")
def refuse_unreadable(inbound: Inbound, data: bytes, trouble: Unreadable, *, now: datetime) -> Taken:
    """The bytes are kept; 02 is answered where the sender can be told who did not get what (edxml.md §6.6)."""
    hints = hints_in(data)
    inbound.edxml_document_id = hints.document_id[:200]
    text = f"Không đọc được gói tin: {UNREADABLE_WORDS.get(trouble.code, trouble.code)}."
    sender = trouble.sender.code if trouble.sender else ""
    receiver = _listed_receiver(inbound.receiver_code)
    if sender:
        inbound.sender_code = canonical_code(sender)[:35]
    if sender and receiver and (hints.document_id or hints.code):
        package_id = package_id_of(inbound.sender_code, hints.document_id, 0, inbound.sha256)
        seems = unread_envelope(hints, sender, package_id=package_id, inbound_id=inbound.pk)
        envelope = replace(seems, recipient_code=receiver.code, addressed_codes=(inbound.receiver_code,))
        decline(actor=system_actor(receiver.id), envelope=envelope, receiver=receiver, text=text, now=now)
    return Taken(InboundState.REFUSED, f"unreadable-{trouble.code}", f"{text} {trouble.detail}".strip())


def _listed_receiver(code: str) -> AgencyRow | None:
    """The agency of ours for which the axis listed the packet."""
    in_force = canonical_code(code) if code else ""
    return agencies_by_code([in_force]).get(in_force)
