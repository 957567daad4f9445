"""From arrival to submission: verify, refuse or accept, register, lay before a leader. Norm: NĐ30 Đ.20–23."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vanthu.documents import operations as documents
from vanthu.documents.queries import record_of, urgency_of
from vanthu.documents.rules.kinds import Direction
from vanthu.foundation.db import insert, require_version, save_changes
from vanthu.foundation.operation import nothing_changed, operation, publish, record, steps
from vanthu.kernel.actor import Actor, Role, Urgency, holder_of_office, holder_of_post
from vanthu.kernel.due import local, trace_to_json
from vanthu.kernel.errors import NotReady, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations import queries as organizations
from vanthu.organizations.rules.calendars import URGENT_MINUTES
from vanthu.registry.events import (
    ConsentAsked,
    ConsentGiven,
    IncomingAccepted,
    IncomingMoved,
    IncomingRefused,
    IncomingSubmitted,
)
from vanthu.registry.models import IncomingEntry
from vanthu.registry.operations.numbering import take_number
from vanthu.registry.queries import arrival_series, locked_incoming, registered_twin
from vanthu.registry.rules import policy, readiness
from vanthu.registry.rules.deadlines import registration_limit
from vanthu.registry.rules.states import INCOMING, REFUSAL_LABELS, IncomingMove, IncomingState, RefusalReason
from vanthu.signing.operations import check_file
from vanthu.signing.queries import verdict_for

KIND = "documents.document"


@dataclass(frozen=True, slots=True)
class RegistrationOrder:
    """The fields the clerk confirms at registration (NĐ30 PL VI); None keeps what the sender said."""

    subject: str | None = None
    full_number: str | None = None
    issued_on: date | None = None
    issuer_name: str | None = None
    type_code: str | None = None
    urgency: Urgency | None = None

    def changes(self) -> dict[str, object]:
        names = ("subject", "full_number", "issued_on", "issuer_name", "type_code", "urgency")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What taking in needs to know of a record that was made in the same act."""

    agency_id: int
    urgency: Urgency
    main_sha256: str


@operation("registry.incoming.take")
def take_arrival(
    *,
    actor: Actor,
    document_id: int,
    newcomer: Newcomer | None = None,
    is_scan: bool = False,
    now: datetime,
) -> None:
    """Lay an arrival before the records office, with its limit (M12); a scan is accepted as it is taken in."""
    document = newcomer or record_of(document_id)
    calendar = organizations.calendar_of(agency_id=document.agency_id)
    due = registration_limit(calendar, now, Urgency(document.urgency), URGENT_MINUTES)
    entry = insert(
        IncomingEntry(
            document_id=document_id,
            agency_id=document.agency_id,
            state=IncomingState.ACCEPTED if is_scan else IncomingState.ARRIVED,
            is_scan=is_scan,
            arrived_at=now,
            accepted_at=now if is_scan else None,
            due_at=due.due_at,
            due_trace=trace_to_json(due.trace),
        )
    )
    documents.grant_access(
        actor=actor,
        document_id=document_id,
        agency_id=document.agency_id,
        holders=[holder_of_office(document.agency_id)],
        because="registry.incoming",
        now=now,
    )
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=document.agency_id,
        after={"state": entry.state, "sha256": document.main_sha256},
        to=entry.state,
    )
    _tell(entry, document.urgency, now, is_new=True)


def _tell(entry: IncomingEntry, urgency: int, now: datetime, *, is_new: bool = False) -> None:
    place = (entry.document_id, entry.agency_id, entry.state, urgency, entry.due_at)
    publish(IncomingMoved(*place, now, is_new))


@operation("registry.incoming.intake-scan")
def intake_scan(
    *, actor: Actor, order: RegistrationOrder, issuer_code: str = "", file: documents.NewFile, now: datetime
) -> int:
    """Take in a paper document with its scan (law.md b.1). Refuses: not the clerk, secret, fields missing."""
    assert actor.agency_id is not None
    policy.may_handle_incoming(actor, IncomingMove.REGISTER, actor.agency_id).or_refuse()
    refuse_if(
        readiness.unmet_for_registering(
            subject=order.subject or "", full_number=order.full_number or "", duplicate_number=None
        )
    )
    document_id = documents.create_document(
        actor=actor,
        agency_id=actor.agency_id,
        order=documents.RecordOrder(
            direction=Direction.INCOMING,
            type_code=order.type_code or "cong_van",
            subject=order.subject or "",
            issuer_code=issuer_code,
            issuer_name=order.issuer_name or "",
            urgency=order.urgency or Urgency.NORMAL,
            full_number=order.full_number or "",
            issued_on=order.issued_on,
        ),
        files=[file],
        now=now,
    )
    take_arrival(actor=actor, document_id=document_id, is_scan=True, now=now)
    record(ObjectRef.of(KIND, document_id), agency_id=actor.agency_id, sha256=file.sha256)
    return document_id


@steps("the check runs in a child process; `_note` records its verdict in one act")
def note_verdict(*, actor: Actor, document_id: int, now: datetime) -> None:
    """Check the signatures of an arrival and write the verdict beside it (M14)."""
    document = record_of(document_id)
    check_file(actor=actor, sha256=document.main_sha256, agency_code=document.issuer_code, now=now)
    _note(actor=actor, document_id=document_id, now=now)


@operation("registry.incoming.note-recheck")
def note_recheck(*, actor: Actor, sha256: str, now: datetime) -> None:
    """A file was checked again with another answer: each arrival with these bytes says so (M14)."""
    arrivals = IncomingEntry.objects.filter(document__main_sha256=sha256).order_by("document_id")
    for document_id in arrivals.values_list("document_id", flat=True):
        _note(actor=actor, document_id=document_id, now=now)
    nothing_changed()


@operation("registry.incoming.note-verdict")
def _note(*, actor: Actor, document_id: int, now: datetime) -> None:
    document = record_of(document_id)
    found = verdict_for(document.main_sha256, sender_code=document.issuer_code)
    verdict = found.verdict if found else ""
    if document.verdict == verdict:
        nothing_changed()
        return
    documents.describe(actor=actor, document_id=document_id, now=now, verdict=verdict)
    record(ObjectRef.of(KIND, document_id), agency_id=document.agency_id, verdict=verdict)


def begin_incoming(
    actor: Actor, document_id: int, move: IncomingMove, version: int | None = None
) -> IncomingEntry:
    entry = locked_incoming(actor, document_id)
    INCOMING.after(IncomingState(entry.state), move)
    policy.may_handle_incoming(actor, move, entry.agency_id).or_refuse()
    require_version(entry, version)
    return entry


def finish_incoming(
    entry: IncomingEntry, move: IncomingMove, now: datetime, *fields: str, **detail: object
) -> None:
    before = IncomingState(entry.state)
    entry.state = INCOMING.after(before, move)
    save_changes(entry, "state", *fields)
    record(
        ObjectRef.of(KIND, entry.document_id),
        agency_id=entry.agency_id,
        before={"state": before},
        after={"state": entry.state, "number": entry.arrival_number},
        to=entry.state,
        **detail,
    )
    urgency = urgency_of(entry.document_id)
    _tell(entry, urgency, now)


@operation("registry.incoming.refuse")
def refuse_arrival(
    *,
    actor: Actor,
    document_id: int,
    reason: RefusalReason,
    text: str,
    version: int | None = None,
    now: datetime,
) -> None:
    """Refuse with a reason that reaches the sender (status 02). Norm: NĐ30 Đ.21.2b, QĐ28 Đ.9 (M15)."""
    entry = begin_incoming(actor, document_id, IncomingMove.REFUSE, version)
    refuse_if(readiness.unmet_for_refusing(text))
    entry.refusal, entry.refusal_text = reason, text.strip()[:500]
    finish_incoming(entry, IncomingMove.REFUSE, now, "refusal", "refusal_text", reason=reason)
    spoken = f"{REFUSAL_LABELS[reason]}: {entry.refusal_text}"
    publish(IncomingRefused(document_id, entry.agency_id, spoken, now))


@operation("registry.incoming.ask-consent")
def ask_consent(
    *, actor: Actor, document_id: int, question: str, version: int | None = None, now: datetime
) -> None:
    """Ask the office chief whether a doubtful signature may be accepted. Refuses: no question. Norm: D40."""
    entry = begin_incoming(actor, document_id, IncomingMove.ASK_CONSENT, version)
    refuse_if(readiness.unmet_for_refusing(question))
    chiefs = organizations.posts_with_role(entry.agency_id, Role.OFFICE_CHIEF, now=now)
    if not chiefs:
        raise NotReady([Violation("registry.incoming.no-chief")])
    documents.grant_access(
        actor=actor,
        document_id=document_id,
        agency_id=entry.agency_id,
        holders=[holder_of_post(chiefs[0].id)],
        because="registry.consent",
        now=now,
    )
    # Asking again takes an earlier consent back: its reason would answer another question.
    entry.consent_by, entry.consent_reason = "", question.strip()[:500]
    finish_incoming(entry, IncomingMove.ASK_CONSENT, now, "consent_by", "consent_reason")
    urgency = urgency_of(document_id)
    publish(ConsentAsked(document_id, entry.agency_id, chiefs[0].id, urgency, now))


@operation("registry.incoming.consent")
def give_consent(
    *, actor: Actor, document_id: int, reason: str, version: int | None = None, now: datetime
) -> None:
    """The office chief consents, with the reason (D40). Refuses: no reason, not the office chief."""
    entry = begin_incoming(actor, document_id, IncomingMove.CONSENT, version)
    refuse_if(readiness.unmet_for_refusing(reason))
    entry.consent_by, entry.consent_reason = f"{actor.name}, {actor.title}", reason.strip()[:500]
    finish_incoming(entry, IncomingMove.CONSENT, now, "consent_by", "consent_reason")
    publish(ConsentGiven(document_id, entry.agency_id, now))


@operation("registry.incoming.accept")
def accept_arrival(
    *,
    actor: Actor,
    document_id: int,
    as_reference: bool = False,
    registration: RegistrationOrder | None = None,
    version: int | None = None,
    now: datetime,
) -> int | None:
    """Accept; with `registration`, register in the same act. The số đến, if given.

    Refuses: a verdict that must be returned (D40), no consent, not verified yet (M14).
    Status 03 leaves in this transaction and carries the số đến when there is one (D25). Norm: NĐ30 Đ.21.2.
    """
    entry = begin_incoming(actor, document_id, IncomingMove.ACCEPT, version)
    document = record_of(document_id)
    refuse_if(
        readiness.unmet_for_accepting(
            readiness.ArrivalFacts(
                verdict_for(document.main_sha256, sender_code=document.issuer_code),
                entry.is_scan,
                bool(entry.consent_by),
                as_reference,
            )
        )
    )
    entry.accepted_at, entry.as_reference = now, as_reference
    finish_incoming(entry, IncomingMove.ACCEPT, now, "accepted_at", "as_reference", verdict=document.verdict)
    number = None
    if registration is not None:
        number = register_arrival(actor=actor, document_id=document_id, order=registration, now=now)
    publish(IncomingAccepted(document_id, entry.agency_id, number, now))
    return number


@operation("registry.incoming.register")
def register_arrival(
    *, actor: Actor, document_id: int, order: RegistrationOrder, version: int | None = None, now: datetime
) -> int:
    """Give the số đến and fix the fields. Norm: NĐ30 Đ.22 (M1, M2).

    Refuses: mandatory fields missing, registered already under another số đến.
    """
    entry = begin_incoming(actor, document_id, IncomingMove.REGISTER, version)
    changes = order.changes()
    if changes:
        documents.describe(actor=actor, document_id=document_id, now=now, **changes)
    document = record_of(document_id)
    refuse_if(
        readiness.unmet_for_registering(
            subject=document.subject,
            full_number=document.full_number,
            duplicate_number=registered_twin(entry.agency_id, document),
        )
    )
    today = local(now).date()
    series = arrival_series(entry.agency_id)
    entry.series, entry.year, entry.registered_at = series, today.year, now
    entry.arrival_number = take_number(series_id=series.pk, year=today.year, today=today)
    fields = ("series", "year", "arrival_number", "registered_at")
    finish_incoming(entry, IncomingMove.REGISTER, now, *fields, number=entry.arrival_number)
    return entry.arrival_number


@operation("registry.incoming.submit")
def submit_incoming(
    *,
    actor: Actor,
    document_id: int,
    leader_post_id: int,
    proposal: str = "",
    version: int | None = None,
    now: datetime,
) -> None:
    """Lay a registered document before a leader. Refuses: nobody holds the post. Norm: NĐ30 Đ.23.1 (M12)."""
    entry = begin_incoming(actor, document_id, IncomingMove.SUBMIT, version)
    leaders = organizations.posts_with_role(
        entry.agency_id, Role.LEADER, Role.DEPUTY, Role.OFFICE_CHIEF, now=now
    )
    if leader_post_id not in {row.id for row in leaders}:
        raise NotReady([Violation("registry.incoming.no-such-leader")])
    finish_incoming(entry, IncomingMove.SUBMIT, now, leader=leader_post_id)
    urgency = urgency_of(document_id)
    publish(
        IncomingSubmitted(document_id, entry.agency_id, leader_post_id, urgency, proposal, actor.name, now)
    )


@operation("registry.incoming.take-back")
def take_back(*, actor: Actor, document_id: int, now: datetime) -> None:
    """A leader returned the document to the records office: it waits to be submitted again."""
    entry = locked_incoming(actor, document_id)
    policy.may_handle_incoming(actor, IncomingMove.TAKE_BACK, entry.agency_id).or_refuse()
    finish_incoming(entry, IncomingMove.TAKE_BACK, now)
