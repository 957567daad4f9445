"""The panel of a draft: one primary act for whoever has it before him, the same acts disabled for all others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard, current_files
from vanthu.drafting.queries import DraftCard, StepRow, available_moves, draft_card, steps_of
from vanthu.drafting.rules.states import STATE_LABELS, Move, State
from vanthu.foundation.refusals import spoken
from vanthu.kernel.errors import DomainError
from vanthu.organizations.queries import post_holder
from vanthu.signing.rules.kinds import SignatureKind
from vanthu.web.desk_agent.waiting import waiting_agent
from vanthu.web.devices.waiting import secrets_asked, waiting_device
from vanthu.web.documents.panel import Panel, disabled_reason
from vanthu.web.drafts.forms import AttachForm, DiscardForm, NoteForm, ReturnForm, SubmitForm
from vanthu.web.drafts.places import place_of
from vanthu.web.drafts.report import report_on
from vanthu.web.forms import KeyForm
from vanthu.web.request import PersonRequest
from vanthu.web.words import moment

TEMPLATES = {
    State.DRAFT: "drafts/_draft.html",
    State.AWAITING_CONTENT: "drafts/_content.html",
    State.AWAITING_FORM: "drafts/_form.html",
    State.AWAITING_SIGNATURE: "drafts/_signature.html",
    State.DISCARDED: "drafts/_discarded.html",
}
WAY = (
    (State.DRAFT, "Soạn thảo"),
    (State.AWAITING_CONTENT, "Duyệt nội dung"),
    (State.AWAITING_FORM, "Thể thức"),
    (State.AWAITING_SIGNATURE, "Ký"),
    (State.SIGNED, "Phát hành"),
)


PEEK_LABELS = {
    State.DRAFT: "Trình lãnh đạo đơn vị",
    State.AWAITING_CONTENT: "Duyệt nội dung",
    State.AWAITING_FORM: "Kiểm tra thể thức",
    State.AWAITING_SIGNATURE: "Ký số ban hành",
}
"""What the closed sheet of a phone offers to whoever has the draft before him."""


def build(request: PersonRequest, card: DocumentCard, bound: forms.Form | None) -> Panel | None:
    """None for what was not drafted here, or has gone on to the records office."""
    draft = draft_card(card.id)
    if draft is None or draft.state not in TEMPLATES:
        return None
    steps = steps_of(card.id)
    is_mine = draft.holder_post_id == request.actor.post_id
    context: dict[str, Any] = {
        "id": card.id,
        "state": str(draft.state),
        "version": draft.version,
        "way": way_to(draft.state),
        "reasons": {
            str(move): disabled_reason(decision) for move, decision in available_moves(request.actor, draft)
        },
        "where": None if is_mine else _where(request, draft, steps),
        "peek": _(PEEK_LABELS[draft.state]) if is_mine else _("Xem văn bản đang ở đâu"),
        "is_return_open": isinstance(bound, ReturnForm),
        "is_discard_open": isinstance(bound, DiscardForm),
    }
    context |= _forms(bound) | _of_state(request, card, draft, steps)
    return Panel(TEMPLATES[draft.state], context, _(STATE_LABELS[draft.state]))


def way_to(state: State) -> list[dict[str, str]]:
    """How far a document has come, from the first word to the issue; nothing for one that was given up."""
    states = [each for each, _label in WAY]
    if state not in states:
        return []
    now = states.index(state)
    marks = ["done"] * now + ["current"] + ["next"] * (len(states) - now - 1)
    return [{"label": _(label), "state": mark} for (_state, label), mark in zip(WAY, marks, strict=True)]


def _where(request: PersonRequest, draft: DraftCard, steps: tuple[StepRow, ...]) -> dict[str, str] | None:
    """Before whom it lies and since when, for everybody else."""
    holder = post_holder(draft.holder_post_id, now=request.now) if draft.holder_post_id else None
    if holder is None:
        return None
    since = moment(steps[-1].at) if steps else ""
    return {"name": holder.person_name, "title": holder.title, "since": since}


def _forms(bound: forms.Form | None) -> dict[str, forms.Form]:
    kinds: dict[str, type[forms.Form]] = {
        "submit": SubmitForm,
        "note": NoteForm,
        "give_back": ReturnForm,
        "discard": DiscardForm,
        "attach": AttachForm,
    }
    return {
        name: bound if type(bound) is kind else kind(auto_id=f"{kind.__name__}-%s")
        for name, kind in kinds.items()
    }


def _of_state(
    request: PersonRequest, card: DocumentCard, draft: DraftCard, steps: tuple[StepRow, ...]
) -> dict[str, Any]:
    match draft.state:
        case State.DRAFT:
            return {"returned": _returned(steps), "attachments": current_files(card.id)[1:]}
        case State.AWAITING_CONTENT:
            return {"summary": draft.summary, "opinions": _opinions(steps)}
        case State.AWAITING_FORM:
            return {"summary": draft.summary, "opinions": _opinions(steps)} | _checked(card)
        case State.AWAITING_SIGNATURE:
            return {
                "summary": draft.summary,
                "opinions": _opinions(steps),
                "report": draft.form_report,
                "place": place_of(card, draft.boxes, "signature"),
                "signer": request.actor.name,
                "agent": waiting_agent(request, card.id, SignatureKind.PERSONAL),
                "device": waiting_device(request, card.id, SignatureKind.PERSONAL),
                "asks": secrets_asked(f"person:{request.actor.user_id}"),
                "key": KeyForm(auto_id="KeyForm-%s"),
            }
    last = _step(steps[-1]) if steps else None
    return {"ended": last}


def _returned(steps: tuple[StepRow, ...]) -> dict[str, str] | None:
    """The return that the author has to answer: the last thing that happened but his own changes."""
    others = [row for row in steps if row.move is not Move.REVISE]
    return _step(others[-1]) if others and others[-1].move is Move.RETURN else None


def _opinions(steps: tuple[StepRow, ...]) -> list[dict[str, str]]:
    """What was said on the way since it last went up."""
    starts = [index for index, row in enumerate(steps) if row.move is Move.SUBMIT]
    recent = steps[starts[-1] + 1 :] if starts else ()
    return [_step(row) for row in recent if row.note]


def _step(row: StepRow) -> dict[str, str]:
    return {"who": row.person_name, "title": row.title, "at": moment(row.at), "text": row.note}


def _checked(card: DocumentCard) -> dict[str, Any]:
    try:
        return {"report": report_on(card.id), "unreadable": None}
    except DomainError as refusal:
        return {"report": [], "unreadable": spoken(refusal.violations[0])}
