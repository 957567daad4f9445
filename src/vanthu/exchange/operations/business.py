"""The receiver's side: what a sender revokes, asks back, changes or replaces (edXML types 1–3; status 13).

Norm: NĐ30 Đ.18.4b, QĐ28 Đ.9 (M17); edxml.md §3, §4; decisions.md D27.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from vanthu.documents import operations as documents
from vanthu.documents.queries import urgency_of
from vanthu.documents.rules.kinds import Concern, FileRole, FileStage, RelationKind
from vanthu.edxml.message import Business
from vanthu.exchange.channel import Envelope, StatusMessage
from vanthu.exchange.events import DemandOpened
from vanthu.exchange.models import Arrival, Demand
from vanthu.exchange.operations.demands import grant_demands
from vanthu.exchange.queries.matching import Named, arrival_named, names_of_sender
from vanthu.exchange.rules.identity import is_same, package_id_of
from vanthu.exchange.rules.states import DEMAND, AskKind, DemandMove, DemandState
from vanthu.foundation.db import insert
from vanthu.foundation.operation import nothing_changed, operation, publish, record, steps
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import AgencyRow, agencies_by_code, canonical_code
from vanthu.registry.queries import incoming_state
from vanthu.registry.rules.states import IncomingState

KIND = "documents.document"
GONE = frozenset({IncomingState.REFUSED, IncomingState.RECALLED, None})
"""Nothing lies in the house any more that could be withdrawn."""
WITHDRAWING = frozenset({AskKind.TAKE_BACK, AskKind.REVOKE, AskKind.REMOVE})


@dataclass(frozen=True, slots=True)
class AskedBack:
    """Mã 13 as it came: who asks, whom of us, about which document. `message_id` where the line knows it."""

    sender_code: str
    recipient_code: str
    reason: str
    at: datetime
    message_id: str = ""
    document_id: str = ""
    code: str = ""
    issued_on: str = ""
    sender_name: str = ""
    inbound_id: int | None = None


@operation("exchange.business.take")
def take_business(*, actor: Actor, envelope: Envelope, receiver: AgencyRow, now: datetime) -> bool:
    """Take in what a package of type 1 or 2 asks of the receiver; True when there is nothing else to take in.

    Called inside the act that takes the package in, before an arrival is made. False: a package that brings a document
    (new, replacing, added to its receivers by an update, or newer content of one that is not here): receive it, then
    call `note_arrival`.
    """
    named = _named(envelope, receiver.id)
    arrival = arrival_named(named)
    kind = _asked_of(envelope, receiver, arrival)
    if kind is None:
        nothing_changed()
        return _is_about_others(envelope, receiver, arrival)
    _note(_demand(named, kind, envelope.message_id, envelope.business.reason, envelope), arrival, actor, now)
    return True


def _asked_of(envelope: Envelope, receiver: AgencyRow, arrival: Arrival | None) -> AskKind | None:
    business = envelope.business
    if business.type is Business.REVOKE:
        return AskKind.REVOKE
    if business.type is not Business.UPDATE or _is_added(envelope, receiver):
        return None
    if any(
        is_same(each.code, _our_codes(envelope, receiver)) and not each.is_added
        for each in business.receivers
    ):
        return AskKind.REMOVE
    is_here = arrival is not None and _is_here(arrival)
    return AskKind.CHANGE if envelope.files and is_here and business.content_changed is not False else None


def _is_about_others(envelope: Envelope, receiver: AgencyRow, arrival: Arrival | None) -> bool:
    """An update that changes nothing for us: other receivers, and no content or the one that is here."""
    business = envelope.business
    if business.type is not Business.UPDATE or _is_added(envelope, receiver):
        return False
    return not envelope.files or (arrival is not None and business.content_changed is False)


def _is_added(envelope: Envelope, receiver: AgencyRow) -> bool:
    ours = _our_codes(envelope, receiver)
    return any(is_same(each.code, ours) and each.is_added for each in envelope.business.receivers)


def _our_codes(envelope: Envelope, receiver: AgencyRow) -> frozenset[str]:
    return frozenset({receiver.code, envelope.recipient_code, *envelope.addressed_codes})


def _named(envelope: Envelope, agency_id: int) -> Named:
    return Named(
        agency_id,
        envelope.sender_code,
        document_id=envelope.business.document_id or envelope.document_id,
        code=envelope.full_number,
        issued_on=envelope.issued_on_as_written,
    )


def _demand(named: Named, kind: AskKind, key: str, reason: str, envelope: Envelope | None = None) -> Demand:
    files = envelope.files if envelope is not None else ()
    return Demand(
        agency_id=named.agency_id,
        key=key[:120],
        kind=kind,
        sender_code=named.sender_code,
        sender_name=envelope.sender_name[:200] if envelope is not None else "",
        message_id=named.message_id,
        their_document_id=named.document_id[:200],
        their_code=named.code[:200],
        their_issued_on=named.issued_on[:30],
        reason=reason.strip()[:500],
        files=[
            {"name": f.name, "media_type": f.media_type, "size": f.size, "sha256": f.sha256, "role": f.role}
            for f in files
        ],
        inbound_id=envelope.inbound_id if envelope is not None else None,
    )


def _note(demand: Demand, arrival: Arrival | None, actor: Actor, now: datetime) -> None:
    """Store it once, however often it comes, and lay it before the clerk when its document is here."""
    if Demand.objects.filter(agency_id=demand.agency_id, key=demand.key).exists():
        nothing_changed()
        return
    demand.received_at = now
    insert(demand)
    record(
        ObjectRef.of("exchange.demand", demand.pk),
        agency_id=demand.agency_id,
        kind=demand.kind,
        sender=demand.sender_code,
        document=demand.their_document_id,
        is_parked=arrival is None,
    )
    if arrival is not None:
        _open(demand, arrival, actor, now)


def _open(demand: Demand, arrival: Arrival, actor: Actor, now: datetime) -> None:
    demand.arrival, demand.state = arrival, DEMAND.after(DemandState(demand.state), DemandMove.MATCH)
    demand.save(update_fields=["arrival", "state"])
    if demand.kind == AskKind.REPLACE:
        _replace(demand, arrival, actor, now)
        return
    if not _is_here(arrival):
        # Nothing lies here to be withdrawn: the sender is told so at once (D27: always 15).
        grant_demands(
            [demand], arrival, by="Hệ thống", words="Văn bản không còn được xử lý tại nơi nhận.", now=now
        )
        return
    assert arrival.document_id is not None
    for file in demand.files:
        documents.add_file(actor=actor, document_id=arrival.document_id, file=_enclosed(file), now=now)
    urgency = urgency_of(arrival.document_id)
    publish(DemandOpened(arrival.document_id, arrival.agency_id, urgency, now))


def _is_here(arrival: Arrival) -> bool:
    return arrival.document_id is not None and incoming_state(arrival.document_id) not in GONE


def _enclosed(file: dict[str, object]) -> documents.NewFile:
    """A file that came with a demand: it lies beside the document, which stays as it came."""
    return documents.NewFile(
        name=str(file["name"]),
        media_type=str(file["media_type"]),
        size=int(str(file["size"])),
        sha256=str(file["sha256"]),
        role=FileRole.ENCLOSURE,
        stage=FileStage.RECEIVED,
    )


def _replace(demand: Demand, arrival: Arrival, actor: Actor, now: datetime) -> None:
    demand.state, demand.decided_at = DEMAND.after(DemandState.OPEN, DemandMove.AGREE), now
    demand.save(update_fields=["state", "decided_at"])
    if arrival.document_id is None or demand.by_id is None:
        return
    concern = Concern(RelationKind.REPLACES, arrival.document_id)
    documents.add_concern(
        actor=actor, document_id=demand.by_id, agency_id=demand.agency_id, concern=concern, now=now
    )


@operation("exchange.business.note-arrival")
def note_arrival(*, actor: Actor, arrival_id: int, envelope: Envelope, now: datetime) -> None:
    """Call after an arrival with a document was inserted, in the same act.

    Links it with what it replaces (type 3), and applies what was asked about it before it came: a 13 or a revocation
    that overtook its document waits here, not in the inbox.
    """
    nothing_changed()
    assert actor.agency_id is not None
    waiting = Demand.objects.filter(agency_id=actor.agency_id, state=DemandState.PARKED)
    if envelope.business.type is not Business.REPLACE and not waiting.exists():
        return  # almost always: a document to a thousand agencies lives on this
    arrival = Arrival.objects.get(pk=arrival_id)
    if envelope.business.type is Business.REPLACE:
        _note_replaced(actor, arrival, envelope, now)
    parked = waiting.filter(sender_code__in=names_of_sender(arrival.sender_code))
    for demand in parked.exclude(by=arrival.document_id).order_by("id"):
        if _is_about(demand, arrival):
            _open(demand, arrival, actor, now)


def _is_about(demand: Demand, arrival: Arrival) -> bool:
    named = Named(
        demand.agency_id,
        demand.sender_code,
        demand.message_id,
        demand.their_document_id,
        demand.their_code,
        demand.their_issued_on,
    )
    found = arrival_named(named)
    return found is not None and found.pk == arrival.pk


def _note_replaced(actor: Actor, arrival: Arrival, envelope: Envelope, now: datetime) -> None:
    """Type 3: whatever it names, for us or for everybody, is marked as replaced; what is not here yet is when it comes."""
    ours = frozenset({arrival.recipient_code, envelope.recipient_code, *envelope.addressed_codes})
    for number, replaced in enumerate(envelope.business.replaces):
        if replaced.organ_codes and not any(is_same(code, ours) for code in replaced.organ_codes):
            continue
        named = Named(arrival.agency_id, arrival.sender_code, document_id=replaced.document_id)
        key = f"{envelope.message_id}#{number}"
        demand = _demand(named, AskKind.REPLACE, key, envelope.business.reason)
        demand.by_id = arrival.document_id
        _note(demand, arrival_named(named), actor, now)


@steps("finds whom it asks, then takes it in by one act in his name")
def receive_take_back(status: StatusMessage, *, now: datetime) -> None:
    """A 13 that came next door: the line's id names the document."""
    asked = AskedBack(
        status.sender_code,
        status.recipient_code,
        status.description,
        status.at,
        message_id=status.message_id,
    )
    take_asked_back(asked, now=now)


@steps("finds whom it asks, then takes it in by one act in his name")
def take_asked_back(asked: AskedBack, *, now: datetime) -> bool:
    """Take a 13 in; one whose document is not here yet waits for it. False: it asks nobody of ours.

    Some clients write number and receiver the other way round (edxml.md §4): then `code` names the receiver.
    """
    receiver = _agency_of(asked.recipient_code)
    code = asked.code
    if receiver is None:
        receiver, code = _agency_of(asked.code), asked.recipient_code
    if receiver is None:
        return False
    named = Named(
        receiver.id,
        asked.sender_code,
        message_id=asked.message_id,
        document_id=asked.document_id,
        code=code,
        issued_on=asked.issued_on,
    )
    _take_asked(actor=system_actor(receiver.id), asked=asked, named=named, now=now)
    return True


def _agency_of(code: str) -> AgencyRow | None:
    if not code:
        return None
    found = agencies_by_code([code]).get(code)
    return found or agencies_by_code([canonical_code(code)]).get(canonical_code(code))


@operation("exchange.business.take-back")
def _take_asked(*, actor: Actor, asked: AskedBack, named: Named, now: datetime) -> None:
    about = asked.message_id or asked.document_id or named.code
    # Instants are compared, not spellings: 13s are equal by document, receiver, code and time (D25).
    key = f"{asked.at.astimezone(UTC).isoformat()} {package_id_of('', about, 13, '')}"
    demand = _demand(named, AskKind.TAKE_BACK, key, asked.reason)
    demand.sender_name, demand.inbound_id = asked.sender_name[:200], asked.inbound_id
    _note(demand, arrival_named(named), actor, now)
