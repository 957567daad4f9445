"""The steps of a draft between people: submit, approve, check, return, discard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vanthu.documents import operations as documents
from vanthu.documents.queries import recipients_of, record_of, urgency_of
from vanthu.drafting.events import DraftMoved
from vanthu.drafting.models import Draft, DraftStep
from vanthu.drafting.queries import locked_draft
from vanthu.drafting.rules import policy, readiness
from vanthu.drafting.rules.states import DRAFT, Move, State
from vanthu.foundation.db import require_version, save_changes
from vanthu.foundation.operation import operation, publish, record
from vanthu.kernel.actor import Actor, holder_of_post
from vanthu.kernel.errors import Violation, refuse_if
from vanthu.kernel.refs import ObjectRef

KIND = "documents.document"


@operation("drafting.draft.submit")
def submit_draft(
    *, actor: Actor, document_id: int, summary: str = "", version: int | None = None, now: datetime
) -> None:
    """Send the draft up with its phiếu trình. Refuses: not the author, no recipients. Norm: NĐ30 Đ.10–12, D47."""
    draft = _begin(actor, document_id, Move.SUBMIT, version)
    sha256 = _current_sha256(document_id)
    refuse_if(
        readiness.unmet_for_submitting(has_recipients=bool(recipients_of(document_id)), has_file=bool(sha256))
    )
    draft.summary, draft.approved_sha256 = summary.strip(), sha256
    _move(draft, actor, Move.SUBMIT, summary, now, "summary", "approved_sha256")


@operation("drafting.draft.approve-content")
def approve_content(
    *, actor: Actor, document_id: int, note: str = "", version: int | None = None, now: datetime
) -> None:
    """The unit head answers for the content. Refuses: not the unit head. Norm: NĐ30 Đ.12.1 (M10)."""
    draft = _begin(actor, document_id, Move.APPROVE_CONTENT, version)
    refuse_if(_unmet_for_same_file(draft))
    _move(draft, actor, Move.APPROVE_CONTENT, note, now)


@operation("drafting.draft.pass-form")
def pass_form(
    *,
    actor: Actor,
    document_id: int,
    report: Sequence[dict[str, str]] = (),
    note: str = "",
    version: int | None = None,
    now: datetime,
) -> None:
    """Form and presentation are in order; the linter's report is kept. Norm: NĐ30 Đ.12.2 (M10)."""
    draft = _begin(actor, document_id, Move.PASS_FORM, version)
    refuse_if(_unmet_for_same_file(draft))
    draft.form_report = list(report)
    _move(draft, actor, Move.PASS_FORM, note, now, "form_report")


@operation("drafting.draft.return")
def return_draft(
    *, actor: Actor, document_id: int, reason: str, version: int | None = None, now: datetime
) -> None:
    """Give the draft back to be mended, with the reason. Refuses: no reason, not the holder. Norm: NĐ30 Đ.10.3."""
    draft = _begin(actor, document_id, Move.RETURN, version)
    refuse_if(readiness.unmet_for_returning(reason))
    draft.approved_sha256 = ""
    _move(draft, actor, Move.RETURN, reason, now, "approved_sha256")
    if draft.approver_post_id != draft.author_post_id:
        _show_to(draft, actor, draft.approver_post_id, "drafting.returned-through", now)


@operation("drafting.draft.discard")
def discard_draft(
    *, actor: Actor, document_id: int, reason: str, version: int | None = None, now: datetime
) -> None:
    """End a draft that has no number; the record stays. Refuses: no reason, not author or unit head."""
    draft = _begin(actor, document_id, Move.DISCARD, version)
    refuse_if(readiness.unmet_for_returning(reason))
    _move(draft, actor, Move.DISCARD, reason, now)


def _begin(actor: Actor, document_id: int, move: Move, version: int | None) -> Draft:
    """Load and lock; then the first two questions: is the move legal, may this actor?"""
    draft = locked_draft(actor, document_id)
    DRAFT.after(State(draft.state), move)
    policy.may(actor, move, draft.facts()).or_refuse()
    require_version(draft, version)
    return draft


def _unmet_for_same_file(draft: Draft) -> tuple[Violation, ...]:
    """NĐ30 Đ.11.2 (M9): approvals speak of the file that was submitted."""
    same = _current_sha256(draft.document_id) == draft.approved_sha256
    return () if same else (Violation("drafting.draft.changed-after-approval"),)


def _current_sha256(document_id: int) -> str:
    return record_of(document_id).main_sha256


def _move(draft: Draft, actor: Actor, move: Move, note: str, now: datetime, *fields: str) -> None:
    before = State(draft.state)
    draft.state = DRAFT.after(before, move)
    save_changes(draft, "state", *fields)
    note_step(draft, actor, move, note, now)
    holder = draft.holder_post_id()
    if holder is not None:
        _show_to(draft, actor, holder, f"drafting.{draft.state.lower()}", now)
    record(
        ObjectRef.of(KIND, draft.document_id),
        agency_id=draft.agency_id,
        before={"state": before},
        after={"state": draft.state, "sha256": draft.approved_sha256},
        to=draft.state,
        note=note[:200],
    )
    urgency = urgency_of(draft.document_id)
    publish(DraftMoved(draft.document_id, draft.agency_id, draft.state, holder, urgency, now))


def _show_to(draft: Draft, actor: Actor, post_id: int, because: str, now: datetime) -> None:
    documents.grant_access(
        actor=actor,
        document_id=draft.document_id,
        agency_id=draft.agency_id,
        holders=[holder_of_post(post_id)],
        because=because,
        now=now,
    )


def note_step(draft: Draft, actor: Actor, move: Move, note: str, now: datetime) -> None:
    """Add a line to the phiếu trình."""
    assert actor.post_id is not None
    DraftStep.objects.create(
        draft=draft,
        move=move,
        post_id=actor.post_id,
        person_name=actor.name,
        title=actor.title,
        note=note,
        sha256=draft.approved_sha256,
        at=now,
    )
