"""The clerk's panel for an arrival: one primary act for each state, the others named beside it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard, document_type
from vanthu.kernel.actor import Role
from vanthu.organizations.queries import PostRow, posts_with_role
from vanthu.registry.queries import IncomingCard, incoming_card, incoming_moves
from vanthu.registry.rules.states import INCOMING_LABELS, REFUSAL_LABELS, IncomingState, RefusalReason
from vanthu.signing.rules.acceptance import Acceptance, acceptance
from vanthu.signing.rules.sentences import ACCEPTANCE_TEXT
from vanthu.web.documents.panel import Panel, disabled_reason
from vanthu.web.incoming.forms import (
    AcceptForm,
    ReasonForm,
    RefusalForm,
    RegistrationForm,
    SubmitForm,
    registration_initial,
)
from vanthu.web.recall.panel import build as recalled
from vanthu.web.request import PersonRequest, verdict_on
from vanthu.web.words import due_words, moment, trace_words

TEMPLATES = {
    IncomingState.ARRIVED: "incoming/_arrived.html",
    IncomingState.REFUSED: "incoming/_refused.html",
    IncomingState.ACCEPTED: "incoming/_accepted.html",
    IncomingState.REGISTERED: "incoming/_registered.html",
}


def build(request: PersonRequest, card: DocumentCard, bound: forms.Form | None) -> Panel | None:
    """None for what is not an arrival, or has left the records office."""
    entry = incoming_card(card.id)
    if entry is not None and entry.state is IncomingState.RECALLED:
        return recalled(request, card, entry)
    if entry is None or entry.state not in TEMPLATES:
        return None
    moves = {str(move): disabled_reason(decision) for move, decision in incoming_moves(request.actor, entry)}
    context: dict[str, Any] = {
        "id": card.id,
        "entry": entry,
        "reasons": moves,
        "due_at": moment(entry.due_at),
        "why": trace_words(entry.due_trace),
    }
    context |= _forms(request, card, entry, bound)
    open_states = (IncomingState.ARRIVED, IncomingState.ACCEPTED, IncomingState.REGISTERED)
    due = due_words(entry.due_at if entry.state in open_states else None, request.now)
    return Panel(TEMPLATES[entry.state], context, _(INCOMING_LABELS[entry.state]), due)


def _forms(
    request: PersonRequest, card: DocumentCard, entry: IncomingCard, bound: forms.Form | None
) -> dict[str, Any]:
    def shown(kind: type[forms.Form], **options: Any) -> forms.Form:
        return bound if type(bound) is kind else kind(auto_id=f"{kind.__name__}-%s", **options)

    plain = {"version": entry.version}
    filled = registration_initial(card, entry.version)
    match entry.state:
        case IncomingState.ARRIVED:
            return {
                "accept": shown(AcceptForm, initial=filled),
                "refuse": shown(RefusalForm, initial=plain),
                "ask": shown(ReasonForm, initial=plain),
                "advice": _advice(request, card, entry),
                "said": _said(card),
            }
        case IncomingState.REFUSED:
            return {"refusal": _(REFUSAL_LABELS[RefusalReason(entry.refusal)])}
        case IncomingState.ACCEPTED:
            return {"register": shown(RegistrationForm, initial=filled)}
    return {"submit": shown(SubmitForm, initial=plain, leaders=leaders_of(request))}


def leaders_of(request: PersonRequest) -> tuple[PostRow, ...]:
    """Before whom a document may be laid (NĐ30 Đ.23.1)."""
    assert request.actor.agency_id is not None
    return posts_with_role(
        request.actor.agency_id, Role.LEADER, Role.DEPUTY, Role.OFFICE_CHIEF, now=request.now
    )


def _said(card: DocumentCard) -> list[tuple[str, str]]:
    """What the sender says of the document: registered as it stands unless the clerk mends it."""
    kind = document_type(card.type_code)
    return [
        (_("Số, ký hiệu"), card.full_number),
        (_("Ngày văn bản"), f"{card.issued_on:%d/%m/%Y}" if card.issued_on else "—"),
        (_("Cơ quan ban hành"), card.issuer_name),
        (_("Loại văn bản"), kind.name if kind else card.type_code),
        (_("Người ký"), card.signer_name or "—"),
    ]


def _advice(request: PersonRequest, card: DocumentCard, entry: IncomingCard) -> dict[str, Any]:
    """What the verdict allows, before anything is pressed (D40)."""
    verdict = verdict_on(request, card)
    if verdict is None:
        return {"kind": "info", "text": _("Hệ thống đang kiểm tra chữ ký số."), "needs_consent": False}
    answer = acceptance(verdict)
    kinds = {Acceptance.OK: "ok", Acceptance.MUST_REFUSE: "error"}
    return {
        "kind": kinds.get(answer, "warn"),
        "text": _(ACCEPTANCE_TEXT[answer]),
        "needs_consent": answer is Acceptance.NEEDS_CONSENT and not entry.consent_by,
        "is_reference": answer is Acceptance.REFERENCE_ONLY,
    }
