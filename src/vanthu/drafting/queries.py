"""Reads of drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vanthu.documents.queries import require_visible
from vanthu.drafting.models import Draft, DraftStep
from vanthu.drafting.rules import policy
from vanthu.drafting.rules.policy import DraftFacts
from vanthu.drafting.rules.readiness import RecipientFacts
from vanthu.drafting.rules.states import DRAFT, Move, State
from vanthu.foundation.db import load_locked
from vanthu.kernel.actor import Actor
from vanthu.kernel.decisions import Decision
from vanthu.organizations.queries import addressees, successor_names


def locked_draft(actor: Actor, document_id: int) -> Draft:
    """The draft of a visible document, locked for an act. Refuses: `NotVisible`."""
    require_visible(actor, document_id)
    return load_locked(Draft.objects.all(), document_id=document_id)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One line of the phiếu trình."""

    move: Move
    person_name: str
    title: str
    note: str
    at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class DraftCard:
    """A draft as a screen shows it."""

    document_id: int
    state: State
    facts: DraftFacts
    content: dict[str, Any]
    boxes: dict[str, list[float]]
    summary: str
    form_report: list[dict[str, str]]
    approved_sha256: str
    holder_post_id: int | None
    signed_at: datetime | None
    version: int


def draft_card(document_id: int) -> DraftCard | None:
    """The draft beside a document that the caller may see; None for a received document."""
    row = Draft.objects.filter(document_id=document_id).first()
    if row is None:
        return None
    return DraftCard(
        row.document_id,
        State(row.state),
        row.facts(),
        row.content,
        row.boxes,
        row.summary,
        row.form_report,
        row.approved_sha256,
        row.holder_post_id(),
        row.signed_at,
        row.version,
    )


def steps_of(document_id: int) -> tuple[StepRow, ...]:
    rows = DraftStep.objects.filter(draft__document_id=document_id).order_by("id")
    return tuple(StepRow(Move(r.move), r.person_name, r.title, r.note, r.at, r.sha256) for r in rows)


def available_moves(actor: Actor, card: DraftCard) -> tuple[tuple[Move, Decision], ...]:
    """The legal moves from here, each with the policy's answer: a denied one is shown disabled with its reason."""
    return tuple((move, policy.may(actor, move, card.facts)) for move in DRAFT.moves_from(card.state))


def recipient_facts(codes: Sequence[str]) -> list[RecipientFacts]:
    """What the rules ask of recipients, ours and outside; a code that nobody knows is left out.

    An agency outside that is closed is no obstacle: it gets paper, and the list says why (QĐ28 Đ.7).
    """
    return [
        RecipientFacts(
            asked,
            row.name,
            row.is_active or not row.is_ours,
            f"{row.closed_on:%d/%m/%Y}" if row.closed_on else "",
            () if row.is_active or row.agency_id is None else successor_names(row.agency_id),
        )
        for asked, row in addressees(codes).items()
    ]
