"""What ends the force of a document: ours, by another document of ours; a received one, by its sender. Norm: NĐ30 Đ.18."""

from __future__ import annotations

from datetime import datetime

from vanthu.documents.queries import record_of
from vanthu.documents.rules.kinds import RelationKind
from vanthu.foundation.operation import nothing_changed, operation
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import refuse_if
from vanthu.registry.operations.incoming import begin_incoming, finish_incoming
from vanthu.registry.operations.outgoing_entry import begin, finish
from vanthu.registry.queries import incoming_state, locked_outgoing
from vanthu.registry.rules import readiness
from vanthu.registry.rules.states import IncomingMove, IncomingState, OutgoingMove, OutgoingState

_MOVES = {RelationKind.REVOKES: OutgoingMove.RECALL, RelationKind.REPLACES: OutgoingMove.REPLACE}


@operation("registry.outgoing.end")
def end_outgoing(*, actor: Actor, document_id: int, by_id: int, kind: RelationKind, now: datetime) -> None:
    """Đã thu hồi, đã thay thế: what follows from the issue of `by_id`. Norm: NĐ30 Đ.18.3–4, PL VI (M17, M18).

    Bytes and fields stay as they were issued. Refuses: not issued, or ended already.
    """
    move = _MOVES[kind]
    other = record_of(document_id)
    state = OutgoingState(locked_outgoing(actor, document_id).state)
    refuse_if(readiness.unmet_for_ending(number=other.full_number, state=state))
    entry = begin(actor, document_id, move)
    entry.ended_at = now
    finish(entry, move, now, "ended_at", by=by_id)


@operation("registry.incoming.recall")
def recall_incoming(*, actor: Actor, document_id: int, reason: str, now: datetime) -> None:
    """Bị thu hồi: cancelled in every state; số đến, fields and files stay. Norm: NĐ30 Đ.18.4b, QĐ28 Đ.9 (M17, D27).

    Nothing changes for one that was returned or has been recalled already.
    """
    if incoming_state(document_id) in {None, IncomingState.REFUSED, IncomingState.RECALLED}:
        nothing_changed()
        return
    entry = begin_incoming(actor, document_id, IncomingMove.RECALL)
    entry.recalled_at = now
    finish_incoming(entry, IncomingMove.RECALL, now, "recalled_at", reason=reason[:200])
