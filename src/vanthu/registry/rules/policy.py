"""Who may act in the records office. Norm: NĐ30 Đ.6, Đ.32; law.md (a)."""

from __future__ import annotations

from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import Decision, allowed_if, denied
from vanthu.registry.rules.states import IncomingMove, OutgoingMove


def _is_clerk(actor: Actor) -> Decision:
    return allowed_if(actor.has(Role.CLERK), "registry.not-clerk")


def may_take_in(actor: Actor) -> Decision:
    """NĐ30 Đ.21.1: paper is opened and recorded by the records clerk."""
    return _is_clerk(actor)


def may_handle_outgoing(actor: Actor, move: OutgoingMove, agency_id: int) -> Decision:
    """NĐ30 Đ.32.2: văn thư personally; voiding a number is the leader's decision."""
    if actor.agency_id != agency_id:
        return denied("registry.other-agency")
    if move is OutgoingMove.VOID:
        return allowed_if(actor.has(Role.LEADER), "registry.outgoing.void-needs-leader")
    if move in {OutgoingMove.RECALL, OutgoingMove.REPLACE}:
        # NĐ30 Đ.18.3–4: by a document that says so, signed by whoever may; its issue carries it out.
        return allowed_if(actor.is_system, "registry.outgoing.ended-by-document")
    if move is OutgoingMove.ISSUE and actor.is_system:
        return Decision()  # the hold ran out: the clerk's own order is carried out (D28)
    return _is_clerk(actor)


def may_handle_incoming(actor: Actor, move: IncomingMove, agency_id: int) -> Decision:
    """NĐ30 Đ.21–23; consent to a doubtful signature is the office chief's (D40)."""
    if actor.agency_id != agency_id:
        return denied("registry.other-agency")
    if move is IncomingMove.CONSENT:
        return allowed_if(actor.has(Role.OFFICE_CHIEF), "registry.incoming.consent-needs-chief")
    if move is IncomingMove.TAKE_BACK:
        return allowed_if(
            actor.has(Role.LEADER, Role.DEPUTY, Role.OFFICE_CHIEF, Role.SYSTEM), "registry.not-clerk"
        )
    if move is IncomingMove.RECALL:
        # Follows from the sender's request, which the clerk carries out in `exchange`.
        return allowed_if(actor.is_system, "registry.incoming.recalled-by-sender")
    return _is_clerk(actor)
