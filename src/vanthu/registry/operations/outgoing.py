"""Number, fill, seal, issue: four committed steps; a failure keeps the number and resumes (decision D10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from vanthu.documents import operations as documents
from vanthu.documents.queries import DocumentCard, concern_of, document_card, recipients_of, record_of
from vanthu.documents.rules.kinds import FileStage
from vanthu.documents.rules.notation import full
from vanthu.drafting.queries import recipient_facts
from vanthu.drafting.rules.readiness import unmet_for_recipients
from vanthu.foundation.db import require_version
from vanthu.foundation.operation import operation, publish, record, steps
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor, Urgency, system_actor
from vanthu.kernel.due import local, trace_to_json
from vanthu.kernel.errors import NotReady, NotVisible, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations import queries as organizations
from vanthu.organizations.rules.calendars import URGENT_MINUTES
from vanthu.registry.events import OutgoingIssued
from vanthu.registry.models import OutgoingEntry
from vanthu.registry.operations.numbering import take_number
from vanthu.registry.operations.outgoing_entry import begin, file_name, finish, hold_back, look, tell
from vanthu.registry.operations.sealing import seal_outgoing
from vanthu.registry.queries import OutgoingCard, outgoing_card, outgoing_series, outgoing_state
from vanthu.registry.rules import policy, readiness
from vanthu.registry.rules.deadlines import issue_limit
from vanthu.registry.rules.states import OutgoingMove, OutgoingState
from vanthu.signing.operations import NO_SECRETS, KeySecrets, fill_number_and_date
from vanthu.signing.queries import known_verdict
from vanthu.signing.rules.kinds import SigningOutcome

KIND = "documents.document"


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
    tell(entry, urgency, now)


@operation("registry.outgoing.number")
def give_number(*, actor: Actor, document_id: int, version: int | None = None, now: datetime) -> str:
    """Give number and date; the full number. Norm: NĐ30 Đ.15 (M3, M5), D10.

    Refuses: not the clerk, given already, a date before the last of the series.
    """
    entry = begin(actor, document_id, OutgoingMove.NUMBER, version)
    document = record_of(document_id)
    today = local(now).date()
    series = outgoing_series(entry.agency_id, document.type_code)
    number = take_number(series_id=series.pk, year=today.year, today=today)
    full_number = full(number, document.notation)
    documents.describe(
        actor=actor, document_id=document_id, now=now, number=number, full_number=full_number, issued_on=today
    )
    entry.series, entry.year, entry.number, entry.numbered_on = series, today.year, number, today
    finish(entry, OutgoingMove.NUMBER, now, "series", "year", "number", "numbered_on", number=full_number)
    return full_number


@steps("the file is filled before the transaction opens; `_record_filled` records it in one act")
def fill_outgoing(*, actor: Actor, document_id: int, now: datetime) -> None:
    """Write number and date into the two fields that the personal signature permits (law.md §6.6, D22)."""
    card, document = look(actor, document_id, OutgoingMove.FILL)
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
        pdf, name=file_name(document), stage=FileStage.NUMBERED, page_count=document.page_count
    )
    _record_filled(actor=actor, document_id=document_id, file=file, now=now)


@operation("registry.outgoing.fill")
def _record_filled(*, actor: Actor, document_id: int, file: documents.NewFile, now: datetime) -> None:
    entry = begin(actor, document_id, OutgoingMove.FILL)
    documents.add_file(actor=actor, document_id=document_id, file=file, now=now)
    finish(entry, OutgoingMove.FILL, now)


@operation("registry.outgoing.issue")
def issue_outgoing(*, actor: Actor, document_id: int, version: int | None = None, now: datetime) -> None:
    """Let the document leave; from here it never changes. Norm: NĐ30 Đ.18.1 (M7, M11, M18).

    Refuses: a closed or missing recipient, not both signatures valid, issued already.
    """
    entry = begin(actor, document_id, OutgoingMove.ISSUE, version)
    document = record_of(document_id)
    recipients = recipients_of(document_id)
    refuse_if(
        (
            *_unmet_for_concern(document_id),
            *readiness.unmet_for_issuing(
                named=[row.agency_code for row in recipients],
                known=recipient_facts([row.agency_code for row in recipients]),
                verdict=known_verdict(document.main_sha256),
            ),
        )
    )
    entry.issued_at, entry.leaves_at = now, None
    finish(entry, OutgoingMove.ISSUE, now, "issued_at", "leaves_at", recipients=len(recipients))
    publish(OutgoingIssued(document_id, entry.agency_id, document.urgency, now))


def _unmet_for_concern(document_id: int) -> tuple[Violation, ...]:
    """What this document revokes or replaces is still in force."""
    concern = concern_of(document_id)
    if concern is None:
        return ()
    other = record_of(concern.document_id)
    return readiness.unmet_for_ending(
        number=other.full_number or other.subject, state=outgoing_state(concern.document_id)
    )


def _unmet_for_recipients(document_id: int) -> tuple[Violation, ...]:
    codes = [row.agency_code for row in recipients_of(document_id) if row.agency_code]
    return unmet_for_recipients(codes, recipient_facts(codes))


@operation("registry.outgoing.stop")
def stop_leaving(*, actor: Actor, document_id: int, now: datetime) -> None:
    """Stop a document that is held back; number, date and seal stay (D28). Refuses: it has left already."""
    entry = begin(actor, document_id, OutgoingMove.STOP)
    if entry.leaves_at is None:
        raise NotReady([Violation("registry.outgoing.not-leaving")])
    entry.leaves_at = None
    finish(entry, OutgoingMove.STOP, now, "leaves_at")


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
    typed: KeySecrets = NO_SECRETS,
    now: datetime,
) -> SigningOutcome:
    """Cấp số, ký số cơ quan, phát hành: one act on the screen; `hold` keeps non-urgent documents back so long (D28).

    WAITING where the agency's key lies elsewhere: the answer resumes the act, and a repeated call asks again.
    """
    card, document = _look_at_any(actor, document_id, version)
    state = card.state
    hold = hold if document.urgency == Urgency.NORMAL else timedelta(0)
    if state is OutgoingState.SIGNED:
        # Before a number is spent: a recipient that closed meanwhile would stop the document afterwards.
        refuse_if((*_unmet_for_recipients(document_id), *_unmet_for_concern(document_id)))
        give_number(actor=actor, document_id=document_id, version=version, now=now)
        state = OutgoingState.NUMBERED
    if state is OutgoingState.NUMBERED:
        fill_outgoing(actor=actor, document_id=document_id, now=now)
        state = OutgoingState.FILLED
    if state is OutgoingState.FILLED:
        outcome = seal_outgoing(actor=actor, document_id=document_id, typed=typed, hold=hold, now=now)
        if outcome is SigningOutcome.WAITING:
            return outcome
    if hold:
        hold_back(actor=actor, document_id=document_id, until=now + hold, now=now)
    else:
        issue_outgoing(actor=actor, document_id=document_id, now=now)
    return SigningOutcome.SIGNED


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
    entry = begin(actor, document_id, OutgoingMove.VOID, version)
    if not reason.strip():
        raise NotReady([Violation("registry.outgoing.void-reason-missing")])
    entry.void_reason, entry.leaves_at = reason.strip()[:300], None
    finish(entry, OutgoingMove.VOID, now, "void_reason", "leaves_at", reason=reason[:200])
