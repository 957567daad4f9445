"""The sender took a document back: open tasks end, results stay, the leader is told. Norm: NĐ30 Đ.18.4b; D27."""

from __future__ import annotations

from datetime import datetime

from vanthu.documents.queries import urgency_of
from vanthu.foundation.operation import nothing_changed, operation, publish, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef
from vanthu.routing.events import WithdrawalNoted
from vanthu.routing.models import Handling
from vanthu.routing.operations.direct import KIND, move_handling
from vanthu.routing.operations.work import move_task
from vanthu.routing.queries import locked_handling
from vanthu.routing.rules import policy
from vanthu.routing.rules.states import CLOSED, Move, State, TaskMove


@operation("routing.handling.withdraw")
def withdraw_handling(*, actor: Actor, document_id: int, reason: str, now: datetime) -> None:
    """Cancel what is still open, in every state of the handling; completed work and its results stay (D27)."""
    handling = Handling.objects.filter(document_id=document_id).first()
    if handling is None or handling.state == State.RECALLED:
        nothing_changed()
        return
    handling = locked_handling(actor, document_id)
    for task in handling.assignments.exclude(state__in=CLOSED).order_by("-id"):
        task.handling = handling
        move_task(task, TaskMove.RECALL, now)
    move_handling(handling, Move.RECALL, urgency_of(document_id), now, reason=reason[:200])


@operation("routing.handling.note-withdrawal")
def note_withdrawal(*, actor: Actor, document_id: int, now: datetime) -> None:
    """Đã biết: the leader has taken note. Refuses: not the leader it lay before, not withdrawn."""
    handling = locked_handling(actor, document_id)
    policy.may_lead(actor, handling.facts()).or_refuse()
    if handling.state != State.RECALLED:
        raise NotReady([Violation("routing.handling.not-withdrawn")])
    record(ObjectRef.of(KIND, document_id), agency_id=handling.agency_id)
    publish(WithdrawalNoted(document_id, handling.agency_id, now))
