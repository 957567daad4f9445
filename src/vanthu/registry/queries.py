"""Reads of the records office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from vanthu.documents.queries import DocumentCard, card_of, require_visible, same_document_ids, visible_to
from vanthu.documents.rules.kinds import Direction
from vanthu.foundation.db import load_locked
from vanthu.kernel.actor import Actor
from vanthu.kernel.decisions import Decision
from vanthu.registry.models import IncomingEntry, NumberSeries, OutgoingEntry, SeriesKind, SeriesYear
from vanthu.registry.rules import policy
from vanthu.registry.rules.states import (
    INCOMING,
    OUTGOING,
    IncomingMove,
    IncomingState,
    OutgoingMove,
    OutgoingState,
)


def locked_outgoing(actor: Actor, document_id: int) -> OutgoingEntry:
    """Refuses: `NotVisible`."""
    require_visible(actor, document_id)
    return load_locked(OutgoingEntry.objects.all(), document_id=document_id)


def locked_incoming(actor: Actor, document_id: int) -> IncomingEntry:
    """Refuses: `NotVisible`."""
    require_visible(actor, document_id)
    return load_locked(IncomingEntry.objects.all(), document_id=document_id)


@dataclass(frozen=True, slots=True)
class OutgoingCard:
    document_id: int
    agency_id: int
    state: OutgoingState
    number: int | None
    numbered_on: date | None
    signed_at: datetime
    sealed_at: datetime | None
    leaves_at: datetime | None
    issued_at: datetime | None
    due_at: datetime
    due_trace: list[dict[str, Any]]
    void_reason: str
    ended_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class IncomingCard:
    document_id: int
    agency_id: int
    state: IncomingState
    is_scan: bool
    as_reference: bool
    arrived_at: datetime
    accepted_at: datetime | None
    registered_at: datetime | None
    arrival_number: int | None
    refusal: str
    refusal_text: str
    consent_by: str
    consent_reason: str
    recalled_at: datetime | None
    due_at: datetime
    due_trace: list[dict[str, Any]]
    version: int


def outgoing_card(document_id: int) -> OutgoingCard | None:
    row = OutgoingEntry.objects.filter(document_id=document_id).first()
    if row is None:
        return None
    return OutgoingCard(
        row.document_id,
        row.agency_id,
        OutgoingState(row.state),
        row.number,
        row.numbered_on,
        row.signed_at,
        row.sealed_at,
        row.leaves_at,
        row.issued_at,
        row.due_at,
        row.due_trace,
        row.void_reason,
        row.ended_at,
        row.version,
    )


def incoming_card(document_id: int) -> IncomingCard | None:
    row = IncomingEntry.objects.filter(document_id=document_id).first()
    if row is None:
        return None
    return IncomingCard(
        row.document_id,
        row.agency_id,
        IncomingState(row.state),
        row.is_scan,
        row.as_reference,
        row.arrived_at,
        row.accepted_at,
        row.registered_at,
        row.arrival_number,
        row.refusal,
        row.refusal_text,
        row.consent_by,
        row.consent_reason,
        row.recalled_at,
        row.due_at,
        row.due_trace,
        row.version,
    )


def outgoing_state(document_id: int) -> OutgoingState | None:
    """None for what has not reached the records office on its way out."""
    state = OutgoingEntry.objects.filter(document_id=document_id).values_list("state", flat=True).first()
    return OutgoingState(state) if state else None


def incoming_state(document_id: int) -> IncomingState | None:
    state = IncomingEntry.objects.filter(document_id=document_id).values_list("state", flat=True).first()
    return IncomingState(state) if state else None


def issued_documents(actor: Actor, *, limit: int = 200) -> tuple[DocumentCard, ...]:
    """What the actor may see of the documents that were issued and are in force, newest first."""
    issued = OutgoingEntry.objects.filter(document=OuterRef("pk"), state=OutgoingState.ISSUED)
    rows = visible_to(actor).filter(Exists(issued), direction=Direction.OUTGOING)
    return tuple(card_of(row) for row in rows.order_by("-id")[:limit])


def outgoing_moves(actor: Actor, card: OutgoingCard) -> tuple[tuple[OutgoingMove, Decision], ...]:
    """The legal moves from here with the policy's answer to each."""
    return tuple(
        (move, policy.may_handle_outgoing(actor, move, card.agency_id))
        for move in OUTGOING.moves_from(card.state)
    )


def incoming_moves(actor: Actor, card: IncomingCard) -> tuple[tuple[IncomingMove, Decision], ...]:
    return tuple(
        (move, policy.may_handle_incoming(actor, move, card.agency_id))
        for move in INCOMING.moves_from(card.state)
    )


def arrival_series(agency_id: int) -> NumberSeries:
    """The one series of số đến of an agency. Norm: NĐ30 Đ.22.2 (M2)."""
    return NumberSeries.objects.get(agency_id=agency_id, kind=SeriesKind.ARRIVAL)


def outgoing_series(agency_id: int, doc_type: str) -> NumberSeries:
    """The series that names the type, else the one that takes every other type."""
    rows = list(NumberSeries.objects.filter(agency_id=agency_id, kind=SeriesKind.OUTGOING).order_by("id"))
    named = [row for row in rows if doc_type in row.doc_types]
    return (named or [row for row in rows if not row.doc_types])[0]


def next_number(series_id: int, year: int) -> int:
    """The number that would be given now; it is only given by the act itself."""
    last = SeriesYear.objects.filter(series_id=series_id, year=year).values_list("last", flat=True).first()
    return (last or 0) + 1


def registered_twin(agency_id: int, document: DocumentCard) -> int | None:
    """The số đến under which the same document stands already (sender, number, notation, date), if any."""
    return (
        IncomingEntry.objects.filter(
            agency_id=agency_id, document_id__in=same_document_ids(document), arrival_number__isnull=False
        )
        .values_list("arrival_number", flat=True)
        .first()
    )
