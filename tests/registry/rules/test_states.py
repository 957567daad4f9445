"""The records office's two tables against law.md b.1 and b.2: every legal move, and no other."""

from __future__ import annotations

import pytest

from vanthu.kernel.errors import IllegalMove
from vanthu.registry.rules.states import (
    INCOMING,
    INCOMING_LABELS,
    OUTGOING,
    OUTGOING_LABELS,
    REFUSAL_LABELS,
    IncomingMove,
    IncomingState,
    OutgoingMove,
    OutgoingState,
    RefusalReason,
)

OS, OM, IS, IM = OutgoingState, OutgoingMove, IncomingState, IncomingMove
OUT = {
    (OS.SIGNED, OM.NUMBER): OS.NUMBERED,
    (OS.NUMBERED, OM.FILL): OS.FILLED,
    (OS.FILLED, OM.SEAL): OS.SEALED,
    (OS.SEALED, OM.HOLD): OS.SEALED,
    (OS.SEALED, OM.STOP): OS.SEALED,
    (OS.SEALED, OM.ISSUE): OS.ISSUED,
    (OS.NUMBERED, OM.VOID): OS.VOIDED,
    (OS.FILLED, OM.VOID): OS.VOIDED,
    (OS.SEALED, OM.VOID): OS.VOIDED,
    (OS.ISSUED, OM.RECALL): OS.RECALLED,
    (OS.ISSUED, OM.REPLACE): OS.REPLACED,
}
"""NĐ30 Đ.15, Đ.18, Đ.32.2: number, seal, issue; what was issued is only ever revoked or replaced by another (M18)."""
IN = {
    (IS.ARRIVED, IM.REFUSE): IS.REFUSED,
    (IS.ARRIVED, IM.ASK_CONSENT): IS.ARRIVED,
    (IS.ARRIVED, IM.CONSENT): IS.ARRIVED,
    (IS.ARRIVED, IM.ACCEPT): IS.ACCEPTED,
    (IS.ACCEPTED, IM.REGISTER): IS.REGISTERED,
    (IS.REGISTERED, IM.SUBMIT): IS.SUBMITTED,
    (IS.SUBMITTED, IM.TAKE_BACK): IS.REGISTERED,
    # D27: the sender takes it back in every state; what was returned to him is not here any more.
    **{(state, IM.RECALL): IS.RECALLED for state in (IS.ARRIVED, IS.ACCEPTED, IS.REGISTERED, IS.SUBMITTED)},
}
"""NĐ30 Đ.21–23: check, accept or refuse, register, submit (M1, M14)."""


@pytest.mark.parametrize("state", OutgoingState)
@pytest.mark.parametrize("move", OutgoingMove)
def test_a_move_on_the_way_out_is_legal_exactly_where_the_law_has_it(
    state: OutgoingState, move: OutgoingMove
) -> None:
    if (state, move) in OUT:
        assert OUTGOING.after(state, move) is OUT[state, move]
    else:
        with pytest.raises(IllegalMove, match=r"registry\.outgoing\.illegal-move"):
            OUTGOING.after(state, move)


@pytest.mark.parametrize("state", IncomingState)
@pytest.mark.parametrize("move", IncomingMove)
def test_a_move_on_the_way_in_is_legal_exactly_where_the_law_has_it(
    state: IncomingState, move: IncomingMove
) -> None:
    if (state, move) in IN:
        assert INCOMING.after(state, move) is IN[state, move]
    else:
        with pytest.raises(IllegalMove, match=r"registry\.incoming\.illegal-move"):
            INCOMING.after(state, move)


def test_every_state_is_reached_and_has_words() -> None:
    assert OUTGOING.reachable() == set(OutgoingState) == set(OUTGOING_LABELS)
    assert INCOMING.reachable() == set(IncomingState) == set(INCOMING_LABELS)
    assert set(RefusalReason) == set(REFUSAL_LABELS)
