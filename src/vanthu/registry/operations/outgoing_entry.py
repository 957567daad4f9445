"""What every act on an outgoing entry begins and ends with: the three questions, the next state, audit and fact."""

from __future__ import annotations

from datetime import datetime

from vanthu.documents.queries import DocumentCard, document_card, record_of
from vanthu.foundation import jobs
from vanthu.foundation.db import require_version, save_changes
from vanthu.foundation.operation import operation, publish, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotVisible
from vanthu.kernel.refs import ObjectRef
from vanthu.registry.events import OutgoingMoved
from vanthu.registry.models import OutgoingEntry
from vanthu.registry.queries import OutgoingCard, locked_outgoing, outgoing_card
from vanthu.registry.rules import policy
from vanthu.registry.rules.states import OUTGOING, OutgoingMove, OutgoingState

KIND = "documents.document"


def tell(entry: OutgoingEntry, urgency: int, now: datetime) -> None:
    publish(OutgoingMoved(entry.document_id, entry.agency_id, entry.state, urgency, entry.due_at, now))


def begin(actor: Actor, document_id: int, move: OutgoingMove, version: int | None = None) -> OutgoingEntry:
    entry = locked_outgoing(actor, document_id)
    OUTGOING.after(OutgoingState(entry.state), move)
    policy.may_handle_outgoing(actor, move, entry.agency_id).or_refuse()
    require_version(entry, version)
    return entry


def finish(entry: OutgoingEntry, move: OutgoingMove, now: datetime, *fields: str, **detail: object) -> None:
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
    tell(entry, document.urgency, now)


def look(actor: Actor, document_id: int, move: OutgoingMove) -> tuple[OutgoingCard, DocumentCard]:
    """Ask the first two questions before work outside a transaction; the recording act asks them again under lock."""
    card = outgoing_card(document_id)
    document = document_card(actor=actor, document_id=document_id)
    if card is None:
        raise NotVisible
    OUTGOING.after(card.state, move)
    policy.may_handle_outgoing(actor, move, card.agency_id).or_refuse()
    return card, document


def file_name(document: DocumentCard) -> str:
    return f"{document.full_number.replace('/', '-')}.pdf"


@operation("registry.outgoing.hold")
def hold_back(*, actor: Actor, document_id: int, until: datetime, now: datetime) -> None:
    """Set the instant at which the document leaves by itself (D28)."""
    entry = begin(actor, document_id, OutgoingMove.HOLD)
    entry.leaves_at = until
    finish(entry, OutgoingMove.HOLD, now, "leaves_at", until=until)
    jobs.named("registry.leave").enqueue(
        now=now, run_at=until, document_id=document_id, leaves_at=until.isoformat()
    )
