"""Who may do what with a draft. Norm: NĐ30 Đ.10–13; law.md (a)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vanthu.drafting.rules.states import Move, State
from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import Decision, allowed_if, denied


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft as the rules see it."""

    agency_id: int
    state: State
    author_post_id: int
    approver_post_id: int
    checker_post_id: int
    signer_post_id: int


def _may_work_on(actor: Actor, draft: DraftFacts) -> Decision:
    return allowed_if(actor.post_id == draft.author_post_id, "drafting.draft.not-author")


def may_approve_content(actor: Actor, draft: DraftFacts) -> Decision:
    """NĐ30 Đ.12.1: the head of the drafting unit answers for the content."""
    return allowed_if(
        actor.post_id == draft.approver_post_id and actor.has(Role.UNIT_HEAD, Role.OFFICE_CHIEF),
        "drafting.draft.not-unit-head",
    )


def may_pass_form(actor: Actor, draft: DraftFacts) -> Decision:
    """NĐ30 Đ.12.2: the person assigned to check form and presentation."""
    return allowed_if(
        actor.post_id == draft.checker_post_id and actor.has(Role.FORM_CHECKER, Role.OFFICE_CHIEF),
        "drafting.draft.not-form-checker",
    )


def may_sign(actor: Actor, draft: DraftFacts) -> Decision:
    """NĐ30 Đ.13; whether the authority table names him is a precondition (decision D41)."""
    return allowed_if(actor.post_id == draft.signer_post_id, "drafting.draft.not-signer")


def may_return(actor: Actor, draft: DraftFacts) -> Decision:
    """Whoever has it before him may return it; it goes back by way of the unit head (NĐ30 Đ.10.3)."""
    holder = {
        State.AWAITING_CONTENT: draft.approver_post_id,
        State.AWAITING_FORM: draft.checker_post_id,
        State.AWAITING_SIGNATURE: draft.signer_post_id,
    }.get(draft.state)
    return allowed_if(holder is not None and actor.post_id == holder, "drafting.draft.not-holder")


def may_discard(actor: Actor, draft: DraftFacts) -> Decision:
    return allowed_if(
        actor.post_id in {draft.author_post_id, draft.approver_post_id}, "drafting.draft.may-not-discard"
    )


POLICIES: dict[Move, Callable[[Actor, DraftFacts], Decision]] = {
    Move.REVISE: _may_work_on,
    Move.SUBMIT: _may_work_on,
    Move.APPROVE_CONTENT: may_approve_content,
    Move.PASS_FORM: may_pass_form,
    Move.RETURN: may_return,
    Move.SIGN: may_sign,
    Move.DISCARD: may_discard,
}


def may(actor: Actor, move: Move, draft: DraftFacts) -> Decision:
    """The one question for every move; another agency's actor is always refused."""
    if actor.agency_id != draft.agency_id:
        return denied("drafting.draft.other-agency")
    return POLICIES[move](actor, draft)


def may_start(actor: Actor) -> Decision:
    """NĐ30 Đ.10.2: officers draft; unit heads and the office chief may draft themselves."""
    return allowed_if(
        actor.post_id is not None and actor.has(Role.OFFICER, Role.UNIT_HEAD, Role.OFFICE_CHIEF),
        "drafting.draft.not-officer",
    )
