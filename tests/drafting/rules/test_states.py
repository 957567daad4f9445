"""The table of a draft against law.md b.2: every legal move, and no other."""

from __future__ import annotations

import pytest

from vanthu.drafting.rules.states import DRAFT, MOVE_LABELS, STATE_LABELS, Move, State
from vanthu.kernel.errors import IllegalMove

S, M = State, Move
LAW = {
    (S.DRAFT, M.REVISE): S.DRAFT,
    (S.DRAFT, M.SUBMIT): S.AWAITING_CONTENT,
    (S.DRAFT, M.DISCARD): S.DISCARDED,
    (S.AWAITING_CONTENT, M.APPROVE_CONTENT): S.AWAITING_FORM,
    (S.AWAITING_CONTENT, M.RETURN): S.DRAFT,
    (S.AWAITING_CONTENT, M.DISCARD): S.DISCARDED,
    (S.AWAITING_FORM, M.PASS_FORM): S.AWAITING_SIGNATURE,
    (S.AWAITING_FORM, M.RETURN): S.DRAFT,
    (S.AWAITING_FORM, M.DISCARD): S.DISCARDED,
    (S.AWAITING_SIGNATURE, M.SIGN): S.SIGNED,
    (S.AWAITING_SIGNATURE, M.RETURN): S.DRAFT,
    (S.AWAITING_SIGNATURE, M.DISCARD): S.DISCARDED,
}
"""NĐ30 Đ.10–13: content is approved, then the form is checked, then somebody signs; M10 allows no short cut."""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_a_move_is_legal_exactly_where_the_law_has_it(state: State, move: Move) -> None:
    if (state, move) in LAW:
        assert DRAFT.after(state, move) is LAW[state, move]
    else:
        with pytest.raises(IllegalMove) as refusal:
            DRAFT.after(state, move)
        assert refusal.value.code == "drafting.draft.illegal-move"


def test_every_state_is_reached_and_has_words() -> None:
    assert DRAFT.reachable() == set(State) == set(STATE_LABELS)
    assert set(MOVE_LABELS) == set(Move)
