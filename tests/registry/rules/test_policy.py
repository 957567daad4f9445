"""Who acts in the records office: văn thư personally, with the few exceptions that the law names."""

from __future__ import annotations

import pytest

from vanthu.kernel.actor import Actor, Role
from vanthu.registry.rules.policy import may_handle_incoming, may_handle_outgoing
from vanthu.registry.rules.states import IncomingMove, OutgoingMove


def holder(role: Role, *, agency: int = 1) -> Actor:
    return Actor(user_id=1, name="x", agency_id=agency, post_id=2, roles=frozenset({role}))


OUT = {move: {Role.CLERK} for move in OutgoingMove} | {
    OutgoingMove.VOID: {Role.LEADER},
    OutgoingMove.ISSUE: {Role.CLERK, Role.SYSTEM},  # D28: the hold ran out
    OutgoingMove.RECALL: {Role.SYSTEM},  # NĐ30 Đ.18.3–4: by the issue of a document that says so
    OutgoingMove.REPLACE: {Role.SYSTEM},
}
IN = {move: {Role.CLERK} for move in IncomingMove} | {
    IncomingMove.CONSENT: {Role.OFFICE_CHIEF},  # D40
    IncomingMove.RECALL: {Role.SYSTEM},  # D27: follows from the sender's request
    IncomingMove.TAKE_BACK: {Role.LEADER, Role.DEPUTY, Role.OFFICE_CHIEF, Role.SYSTEM},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("move", OutgoingMove)
def test_who_may_do_what_on_the_way_out(move: OutgoingMove, role: Role) -> None:
    """NĐ30 Đ.32.2."""
    assert bool(may_handle_outgoing(holder(role), move, 1)) == (role in OUT[move])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("move", IncomingMove)
def test_who_may_do_what_on_the_way_in(move: IncomingMove, role: Role) -> None:
    """NĐ30 Đ.21–23."""
    assert bool(may_handle_incoming(holder(role), move, 1)) == (role in IN[move])


@pytest.mark.parametrize("role", Role)
def test_another_agency_may_nothing(role: Role) -> None:
    for move in OutgoingMove:
        assert may_handle_outgoing(holder(role, agency=2), move, 1).code == "registry.other-agency"
    for way_in in IncomingMove:
        assert may_handle_incoming(holder(role, agency=2), way_in, 1).code == "registry.other-agency"
