"""Number, fill, seal, issue: four committed steps; a failure keeps the number and resumes (decision D10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from vanthu.documents import operations as documents
from vanthu.documents.queries import DocumentCard, document_card, recipients_of, record_of
from vanthu.documents.rules.kinds import FileStage
from vanthu.documents.rules.notation import full
from vanthu.drafting.queries import DraftCard, draft_card
from vanthu.drafting.rules.readiness import RecipientFacts, unmet_for_recipients
from vanthu.foundation import jobs
from vanthu.foundation.db import require_version, save_changes
from vanthu.foundation.operation import operation, publish, record, steps
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor, Urgency, system_actor
from vanthu.kernel.due import local, trace_to_json
from vanthu.kernel.errors import NotReady, NotVisible, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations import queries as organizations
from vanthu.organizations.rules.calendars import URGENT_MINUTES
from vanthu.registry.events import OutgoingIssued, OutgoingMoved
from vanthu.registry.models import OutgoingEntry
from vanthu.registry.operations.numbering import take_number
from vanthu.registry.queries import OutgoingCard, locked_outgoing, outgoing_card, outgoing_series
from vanthu.registry.rules import policy, readiness
from vanthu.registry.rules.deadlines import issue_limit
from vanthu.registry.rules.states import OUTGOING, OutgoingMove, OutgoingState
from vanthu.renditions.stamps import seal_appearance
from vanthu.signing.operations import (
    SignatureRequest,
    Signed,
    Signer,
    check_file,
    fill_number_and_date,
    record_signature,
    sign,
)
from vanthu.signing.queries import known_verdict
from vanthu.signing.rules.kinds import SignatureKind

KIND = "documents.document"
FIRST_PAGE_SEAL = "CoQuan_1"


@operation("registry.outgoing.open")
def open_outgoing(
    *, actor: Actor, document_id: int, agency_id: int, signed_at: datetime, urgency: int, now: datetime
) -> None:
    """Lay a signed document before the records office, with the limit until which it must leave (M11)."""
    due = issue_limit(
        organizations.calendar_of(agency_id=agency_id), signed_at, Urgency(urgency), URGENT_MINUTES
    )
    entry = OutgoingEntry.objects.create(
        document_id=document_id,
        agency_id=agency_id,
        signed_at=signed_at,
        due_at=due.due_at,
        due_trace=trace_to_json(due.trace),
    )
    record(ObjectRef.of(KIND, document_id), agency_id=agency_id, after={"state": entry.state}, to=entry.state)
    _tell(entry, urgency, now)


def _tell(entry: OutgoingEntry, urgency: int, now: datetime) -> None:
    publish(OutgoingMoved(entry.document_id, entry.agency_id, entry.state, urgency, entry.due_at, now))


def _begin(actor: Actor, document_id: int, move: OutgoingMove, version: int | None = None) -> OutgoingEntry:
    entry = locked_outgoing(actor, document_id)
    OUTGOING.after(OutgoingState(entry.state), move)
    policy.may_handle_outgoing(actor, move, entry.agency_id).or_refuse()
    require_version(entry, version)
    return entry


def _finish(entry: OutgoingEntry, move: OutgoingMove, now: datetime, *fields: str, **detail: object) -> None:
    before = OutgoingState(entry.state)
    entry.state = OUTGOING.after(before, move)
    save_changes(entry, "state", *fields)
    document = record_of(entry.document_id)
    record(
        ObjectRef.of(KIND, entry.document_id),
        agency_id=entry.agency_id,
        before={"state": before},
        after={"state": entry.state, "sha256": document.main_sha256},
        to=entry.state,
        **detail,
    )
    _tell(entry, document.urgency, now)


@operation("registry.outgoing.number")
def give_number(*, actor: Actor, document_id: int, version: int | None = None, now: datetime) -> str:
    """Give number and date; the full number. Norm: NĐ30 Đ.15 (M3, M5), D10.

    Refuses: not the clerk, given already, a date before the last of the series.
    """
    entry = _begin(actor, document_id, OutgoingMove.NUMBER, version)
    document = record_of(document_id)
    today = local(now).date()
    series = outgoing_series(entry.agency_id, document.type_code)
    number = take_number(series_id=series.pk, year=today.year, today=today)
    full_number = full(number, document.notation)
    documents.describe(
        actor=actor, document_id=document_id, now=now, number=number, full_number=full_number, issued_on=today
    )
    entry.series, entry.year, entry.number, entry.numbered_on = series, today.year, number, today
    _finish(entry, OutgoingMove.NUMBER, now, "series", "year", "number", "numbered_on", number=full_number)
    return full_number


@steps("the file is filled before the transaction opens; `_record_filled` records it in one act")
def fill_outgoing(*, actor: Actor, document_id: int, now: datetime) -> None:
    """Write number and date into the two fields that the personal signature permits (law.md §6.6, D22)."""
    card, document = _look(actor, document_id, OutgoingMove.FILL)
    agency = organizations.agency(card.agency_id)
    assert card.numbered_on is not None
    on = card.numbered_on
    # NĐ30 PL I (II.4): day below 10 and months 1 and 2 get a leading zero.
    month = f"{on.month:02d}" if on.month <= 2 else str(on.month)
    pdf = fill_number_and_date(
        blobs().read(document.main_sha256),
        number=document.full_number,
        dated=f"{agency.place_name}, ngày {on.day:02d} tháng {month} năm {on.year}",
    )
    file = documents.store_file(
        pdf, name=_file_name(document), stage=FileStage.NUMBERED, page_count=document.page_count
    )
    _record_filled(actor=actor, document_id=document_id, file=file, now=now)


def _file_name(document: DocumentCard) -> str:
    return f"{document.full_number.replace('/', '-')}.pdf"


@operation("registry.outgoing.fill")
def _record_filled(*, actor: Actor, document_id: int, file: documents.NewFile, now: datetime) -> None:
    entry = _begin(actor, document_id, OutgoingMove.FILL)
    documents.add_file(actor=actor, document_id=document_id, file=file, now=now)
    _finish(entry, OutgoingMove.FILL, now)


@steps(
    "check, sign with the agency's key, check again, then record: nothing of this belongs into a transaction"
)
def seal_outgoing(*, actor: Actor, document_id: int, now: datetime) -> None:
    """Put the agency's signature, personally by the clerk, only behind a valid personal one. Norm: NĐ30 Đ.32.2 (M6)."""
    card, document = _look(actor, document_id, OutgoingMove.SEAL)
    draft = draft_card(document_id)
    assert draft is not None
    before = blobs().read(document.main_sha256)
    refuse_if(readiness.unmet_for_sealing(check_file(actor=actor, sha256=document.main_sha256, now=now)))
    agency = organizations.agency(card.agency_id)
    signed = sign(
        signer=Signer(f"agency:{agency.id}", agency.code, agency.name, agency.name),
        pdf=before,
        request=_seal_request(draft, agency, now),
        now=now,
    )
    file = documents.store_file(
        signed.pdf, name=_file_name(document), stage=FileStage.SEALED, page_count=document.page_count
    )
    verdict = check_file(actor=actor, sha256=file.sha256, now=now)
    _record_sealed(
        actor=actor,
        document_id=document_id,
        before=before,
        signed=signed,
        file=file,
        verdict=verdict.verdict,
        now=now,
    )


def _seal_request(draft: DraftCard, agency: organizations.AgencyRow, now: datetime) -> SignatureRequest:
    page, x0, y0, x1, y1 = draft.boxes["seal"]
    return SignatureRequest(
        field_name=FIRST_PAGE_SEAL,
        signed_at=now,
        signer_name=agency.name,
        reason="Phát hành văn bản",
        page=int(page),
        box=(x0, y0, x1, y1),
        appearance=seal_appearance(agency.name, agency.seal_diameter_mm),
        lock_all=True,
    )


@operation("registry.outgoing.seal")
def _record_sealed(
    *,
    actor: Actor,
    document_id: int,
    before: bytes,
    signed: Signed,
    file: documents.NewFile,
    verdict: str,
    now: datetime,
) -> None:
    entry = _begin(actor, document_id, OutgoingMove.SEAL)
    documents.add_file(actor=actor, document_id=document_id, file=file, now=now)
    documents.describe(actor=actor, document_id=document_id, now=now, verdict=verdict)
    record_signature(
        actor=actor,
        document_id=document_id,
        agency_id=entry.agency_id,
        kind=SignatureKind.AGENCY,
        signed=signed,
        responsibility=f"{actor.name}, {actor.title}",
        before=before,
        now=now,
    )
    entry.sealed_at = now
    _finish(entry, OutgoingMove.SEAL, now, "sealed_at")


def _look(actor: Actor, document_id: int, move: OutgoingMove) -> tuple[OutgoingCard, DocumentCard]:
    """Ask the first two questions before work outside a transaction; the recording act asks them again under lock."""
    card = outgoing_card(document_id)
    document = document_card(actor=actor, document_id=document_id)
    if card is None:
        raise NotVisible
    OUTGOING.after(card.state, move)
    policy.may_handle_outgoing(actor, move, card.agency_id).or_refuse()
    return card, document


@operation("registry.outgoing.issue")
def issue_outgoing(*, actor: Actor, document_id: int, version: int | None = None, now: datetime) -> None:
    """Let the document leave; from here it never changes. Norm: NĐ30 Đ.18.1 (M7, M11, M18).

    Refuses: a closed or missing recipient, not both signatures valid, issued already.
    """
    entry = _begin(actor, document_id, OutgoingMove.ISSUE, version)
    document = record_of(document_id)
    recipients = recipients_of(document_id)
    refuse_if(
        readiness.unmet_for_issuing(
            named=[row.agency_code for row in recipients],
            known=_recipient_facts([row.agency_code for row in recipients]),
            verdict=known_verdict(document.main_sha256),
        )
    )
    entry.issued_at, entry.leaves_at = now, None
    _finish(entry, OutgoingMove.ISSUE, now, "issued_at", "leaves_at", recipients=len(recipients))
    publish(OutgoingIssued(document_id, entry.agency_id, document.urgency, now))


def _unmet_for_recipients(document_id: int) -> tuple[Violation, ...]:
    codes = [row.agency_code for row in recipients_of(document_id) if row.agency_code]
    return unmet_for_recipients(codes, _recipient_facts(codes))


def _recipient_facts(codes: list[str]) -> list[RecipientFacts]:
    return [
        RecipientFacts(
            row.code,
            row.name,
            row.is_active,
            f"{row.closed_on:%d/%m/%Y}" if row.closed_on else "",
            () if row.is_active else organizations.successor_names(row.id),
        )
        for row in organizations.agencies_by_code(codes).values()
    ]


@operation("registry.outgoing.hold")
def _hold(*, actor: Actor, document_id: int, until: datetime, now: datetime) -> None:
    """Set the instant at which the document leaves by itself (D28)."""
    entry = _begin(actor, document_id, OutgoingMove.HOLD)
    entry.leaves_at = until
    _finish(entry, OutgoingMove.HOLD, now, "leaves_at", until=until)
    jobs.named("registry.leave").enqueue(
        now=now, run_at=until, document_id=document_id, leaves_at=until.isoformat()
    )


@operation("registry.outgoing.stop")
def stop_leaving(*, actor: Actor, document_id: int, now: datetime) -> None:
    """Stop a document that is held back; number, date and seal stay (D28). Refuses: it has left already."""
    entry = _begin(actor, document_id, OutgoingMove.STOP)
    if entry.leaves_at is None:
        raise NotReady([Violation("registry.outgoing.not-leaving")])
    entry.leaves_at = None
    _finish(entry, OutgoingMove.STOP, now, "leaves_at")


@steps("looks whether the hold still stands, then issues in one act")
def leave_when_due(*, document_id: int, leaves_at: str, now: datetime) -> None:
    """Carry out the clerk's order when the hold ran out; nothing when it was stopped or issued meanwhile."""
    card = outgoing_card(document_id)
    # Instants are compared, not spellings: the clerk's hour may have been written in another time zone.
    if card is None or card.leaves_at != datetime.fromisoformat(leaves_at):
        return
    issue_outgoing(actor=system_actor(card.agency_id), document_id=document_id, now=now)


@steps("plays the four committed steps and resumes where an earlier try stopped (D10)")
def issue_in_one_act(
    *,
    actor: Actor,
    document_id: int,
    version: int | None = None,
    hold: timedelta = timedelta(0),
    now: datetime,
) -> None:
    """Cấp số, ký số cơ quan, phát hành: one act on the screen; `hold` keeps non-urgent documents back so long (D28)."""
    card, document = _look_at_any(actor, document_id, version)
    state = card.state
    if state is OutgoingState.SIGNED:
        # Before a number is spent: a recipient that closed meanwhile would stop the document afterwards.
        refuse_if(_unmet_for_recipients(document_id))
        give_number(actor=actor, document_id=document_id, version=version, now=now)
        state = OutgoingState.NUMBERED
    if state is OutgoingState.NUMBERED:
        fill_outgoing(actor=actor, document_id=document_id, now=now)
        state = OutgoingState.FILLED
    if state is OutgoingState.FILLED:
        seal_outgoing(actor=actor, document_id=document_id, now=now)
    if hold and document.urgency == Urgency.NORMAL:
        _hold(actor=actor, document_id=document_id, until=now + hold, now=now)
    else:
        issue_outgoing(actor=actor, document_id=document_id, now=now)


def _look_at_any(actor: Actor, document_id: int, version: int | None) -> tuple[OutgoingCard, DocumentCard]:
    card = outgoing_card(document_id)
    document = document_card(actor=actor, document_id=document_id)
    if card is None:
        raise NotVisible
    policy.may_handle_outgoing(actor, OutgoingMove.ISSUE, card.agency_id).or_refuse()
    require_version(card, version)
    return card, document


@operation("registry.outgoing.void")
def void_number(
    *, actor: Actor, document_id: int, reason: str, version: int | None = None, now: datetime
) -> None:
    """Void a document that has a number but has not left; the number is kept as "số hủy". Refuses: no reason."""
    entry = _begin(actor, document_id, OutgoingMove.VOID, version)
    if not reason.strip():
        raise NotReady([Violation("registry.outgoing.void-reason-missing")])
    entry.void_reason, entry.leaves_at = reason.strip()[:300], None
    _finish(entry, OutgoingMove.VOID, now, "void_reason", "leaves_at", reason=reason[:200])
