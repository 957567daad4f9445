"""The sheet of issue, the hold before it leaves, and what became of it at each recipient."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard
from vanthu.documents.rules.notation import full
from vanthu.drafting.queries import draft_card
from vanthu.drafting.rules.states import State
from vanthu.exchange.operations import has_line
from vanthu.exchange.queries import deliveries_of
from vanthu.exchange.queries.recall import asks_of
from vanthu.exchange.rules.resending import may_resend
from vanthu.kernel.actor import Role, Urgency
from vanthu.kernel.decisions import allowed_if
from vanthu.kernel.due import local
from vanthu.registry.queries import OutgoingCard, next_number, outgoing_card, outgoing_moves, outgoing_series
from vanthu.registry.rules.states import OUTGOING_LABELS, OutgoingMove, OutgoingState
from vanthu.signing.rules.kinds import SignatureKind
from vanthu.web.desk_agent.waiting import waiting_agent
from vanthu.web.devices.waiting import secrets_asked, waiting_device
from vanthu.web.documents.panel import Panel, disabled_reason
from vanthu.web.drafts.panel import way_to
from vanthu.web.drafts.places import place_of
from vanthu.web.forms import KeyForm
from vanthu.web.outgoing.forms import VoidForm
from vanthu.web.outgoing.ways import followed, paper_part, planned_ways
from vanthu.web.recall.sending import sender_part
from vanthu.web.request import PersonRequest
from vanthu.web.words import due_words, moment, trace_words

ISSUING = (OutgoingMove.NUMBER, OutgoingMove.FILL, OutgoingMove.SEAL, OutgoingMove.ISSUE)
"""The one act on the sheet is whichever of the four steps comes next (D10)."""
LEFT = (OutgoingState.ISSUED, OutgoingState.RECALLED, OutgoingState.REPLACED)
"""Issued, whatever became of it."""
CLOSED = (*LEFT, OutgoingState.VOIDED)


def build(request: PersonRequest, card: DocumentCard, bound: forms.Form | None) -> Panel | None:
    """None for what has not reached the records office on its way out."""
    entry = outgoing_card(card.id)
    if entry is None:
        return None
    context: dict[str, Any] = {
        "id": card.id,
        "version": entry.version,
        "state": str(entry.state),
        "number": card.full_number,
        "voided_because": entry.void_reason,
        "numbered_on": f"{entry.numbered_on:%d/%m/%Y}" if entry.numbered_on else "",
    }
    context |= _acts(request, entry, bound)
    context |= _of_state(request, card, entry) | _paper(request, card, entry, bound, context["know_reason"])
    label = _(OUTGOING_LABELS[entry.state])
    due = due_words(None if entry.state in CLOSED else entry.due_at, request.now)
    return Panel(_template(entry), context, label, due)


def _template(entry: OutgoingCard) -> str:
    match entry.state:
        case state if state in LEFT:
            return "outgoing/_issued.html"
        case OutgoingState.VOIDED:
            return "outgoing/_voided.html"
    return "outgoing/_held.html" if entry.leaves_at else "outgoing/_sheet.html"


def _acts(request: PersonRequest, entry: OutgoingCard, bound: forms.Form | None) -> dict[str, Any]:
    reasons = {move: disabled_reason(decision) for move, decision in outgoing_moves(request.actor, entry)}
    is_clerk = allowed_if(request.actor.has(Role.CLERK), "registry.not-clerk")
    return {
        "issue_reason": next((reasons[move] for move in ISSUING if move in reasons), ""),
        "stop_reason": reasons.get(OutgoingMove.STOP, ""),
        "may_be_voided": OutgoingMove.VOID in reasons,
        "void_reason": reasons.get(OutgoingMove.VOID, ""),
        "know_reason": disabled_reason(is_clerk),
        "void": bound if isinstance(bound, VoidForm) else VoidForm(auto_id="VoidForm-%s"),
        "is_void_open": isinstance(bound, VoidForm),
    }


def _of_state(request: PersonRequest, card: DocumentCard, entry: OutgoingCard) -> dict[str, Any]:
    match entry.state:
        case state if state in LEFT:
            assert entry.issued_at is not None
            return {"issued_at": moment(entry.issued_at)} | sender_part(request, card, entry.state)
        case OutgoingState.VOIDED:
            return {}
    if entry.leaves_at is not None:
        return _hold(request, entry) | planned_ways(card.id)
    return _sheet(request, card, entry) | planned_ways(card.id)


def _paper(
    request: PersonRequest, card: DocumentCard, entry: OutgoingCard, bound: forms.Form | None, reason: str
) -> dict[str, Any]:
    """What became of an issued document at each receiver; those on paper stand apart."""
    if entry.state not in LEFT:
        return {}
    rows = deliveries_of(card.id)
    return followed(rows, asks_of(card.id)) | {
        "paper_part": paper_part(request, rows, bound, reason),
        "may_resend": entry.state is OutgoingState.ISSUED
        and has_line()
        and bool(may_resend(request.actor, card.agency_id)),
    }


def _sheet(request: PersonRequest, card: DocumentCard, entry: OutgoingCard) -> dict[str, Any]:
    draft = draft_card(card.id)
    is_new = entry.state is OutgoingState.SIGNED
    return {
        "way": way_to(State.SIGNED),
        "is_new": is_new,
        "expected": _expected(request, card) if is_new else None,
        "place": place_of(card, draft.boxes, "signature", "seal") if draft and _is_unsealed(entry) else None,
        "due_at": moment(entry.due_at),
        "why": trace_words(entry.due_trace),
        "hold_seconds": 0 if card.urgency > Urgency.NORMAL else settings.VANTHU_HOLD_SECONDS,
        "is_urgent": card.urgency > Urgency.NORMAL,
        "agent": waiting_agent(request, card.id, SignatureKind.AGENCY),
        "device": waiting_device(request, card.id, SignatureKind.AGENCY),
        "asks": secrets_asked(f"agency:{card.agency_id}") if _is_unsealed(entry) else (),
        "key": KeyForm(auto_id="KeyForm-%s"),
    }


def _is_unsealed(entry: OutgoingCard) -> bool:
    return entry.state is not OutgoingState.SEALED


def _expected(request: PersonRequest, card: DocumentCard) -> dict[str, str]:
    """Number and date as they would be given now; another clerk may take the number first."""
    today = local(request.now).date()
    series = outgoing_series(card.agency_id, card.type_code)
    number = next_number(series.pk, today.year)
    return {
        "number": full(number, card.notation),
        "day": f"{today:%d/%m/%Y}",
        "series": series.label,
    }


def _hold(request: PersonRequest, entry: OutgoingCard) -> dict[str, Any]:
    assert entry.leaves_at is not None
    left = int((entry.leaves_at - request.now).total_seconds())
    return {"leaves_at": f"{local(entry.leaves_at):%H:%M:%S}", "look_again_in": max(left, 1) + 2}
