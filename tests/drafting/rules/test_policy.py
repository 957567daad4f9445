"""Who may do what with a draft, each move for each part that a person may have in it."""

from __future__ import annotations

import pytest

from vanthu.drafting.rules import policy
from vanthu.drafting.rules.policy import DraftFacts
from vanthu.drafting.rules.states import Move, State
from vanthu.kernel.actor import Actor, Role

AGENCY = 7
POSTS = {"author": 1, "approver": 2, "checker": 3, "signer": 4, "nobody": 9}
ROLES = {
    "author": {Role.OFFICER},
    "approver": {Role.UNIT_HEAD},
    "checker": {Role.FORM_CHECKER},
    "signer": {Role.LEADER},
    "nobody": {Role.OFFICER, Role.UNIT_HEAD, Role.FORM_CHECKER, Role.LEADER},
}
ALLOWED = {
    Move.REVISE: {"author"},
    Move.SUBMIT: {"author"},
    Move.APPROVE_CONTENT: {"approver"},
    Move.PASS_FORM: {"checker"},
    Move.SIGN: {"signer"},
    Move.DISCARD: {"author", "approver"},
}
CODES = {
    Move.REVISE: "drafting.draft.not-author",
    Move.SUBMIT: "drafting.draft.not-author",
    Move.APPROVE_CONTENT: "drafting.draft.not-unit-head",
    Move.PASS_FORM: "drafting.draft.not-form-checker",
    Move.SIGN: "drafting.draft.not-signer",
    Move.DISCARD: "drafting.draft.may-not-discard",
}


def person(part: str, *, agency: int = AGENCY, roles: set[Role] | None = None) -> Actor:
    chosen = ROLES[part] if roles is None else roles
    return Actor(
        user_id=1, name=part, agency_id=agency, post_id=POSTS[part], unit_id=5, roles=frozenset(chosen)
    )


def draft(state: State = State.DRAFT) -> DraftFacts:
    return DraftFacts(AGENCY, state, POSTS["author"], POSTS["approver"], POSTS["checker"], POSTS["signer"])


@pytest.mark.parametrize("part", POSTS)
@pytest.mark.parametrize("move", ALLOWED)
def test_each_move_belongs_to_its_post(move: Move, part: str) -> None:
    decision = policy.may(person(part), move, draft())

    assert bool(decision) == (part in ALLOWED[move])
    assert decision or decision.code == CODES[move]


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("part", POSTS)
def test_another_agency_may_never_do_anything(move: Move, part: str) -> None:
    assert policy.may(person(part, agency=8), move, draft()).code == "drafting.draft.other-agency"


@pytest.mark.parametrize(
    ("state", "holder"),
    [
        (State.AWAITING_CONTENT, "approver"),
        (State.AWAITING_FORM, "checker"),
        (State.AWAITING_SIGNATURE, "signer"),
    ],
)
@pytest.mark.parametrize("part", POSTS)
def test_only_whoever_has_the_draft_before_him_returns_it(state: State, holder: str, part: str) -> None:
    decision = policy.may(person(part), Move.RETURN, draft(state))

    assert bool(decision) == (part == holder)
    assert decision or decision.code == "drafting.draft.not-holder"


@pytest.mark.parametrize(
    ("move", "part"),
    [(Move.APPROVE_CONTENT, "approver"), (Move.PASS_FORM, "checker")],
    ids=["Đ.12.1", "Đ.12.2"],
)
def test_a_post_that_lost_its_role_no_longer_approves(move: Move, part: str) -> None:
    assert not policy.may(person(part, roles={Role.OFFICER}), move, draft())


@pytest.mark.parametrize("role", Role)
def test_officers_heads_and_the_office_chief_begin_drafts(role: Role) -> None:
    drafting = {Role.OFFICER, Role.UNIT_HEAD, Role.OFFICE_CHIEF}
    decision = policy.may_start(person("author", roles={role}))

    assert bool(decision) == (role in drafting)
    assert decision or decision.code == "drafting.draft.not-officer"
