"""Documents that are being handled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.cast import Agency, Cast
from tests.conftest import FIXED_NOW
from tests.factories.registry import a_submitted_document
from vanthu.routing import operations as routing
from vanthu.routing.operations import DirectionOrder
from vanthu.routing.queries import TaskRow, tasks_of
from vanthu.routing.rules.states import Part


def a_direction(receiver: Agency, **changes: Any) -> DirectionOrder:
    fields: dict[str, Any] = {"text": "Giao chủ trì, tham mưu trả lời.", "lead_unit_id": receiver.unit.id}
    return DirectionOrder(**(fields | changes))


def a_directed_document(
    cast: Cast,
    *,
    receiver: Agency | None = None,
    cooperating: bool = False,
    informed: bool = False,
    now: datetime = FIXED_NOW,
    **changes: Any,
) -> int:
    """The leader has given it to the unit, perhaps with a co-operating or an informed one."""
    receiver = receiver or cast.b
    document_id = a_submitted_document(cast, receiver=receiver, now=now, **changes)
    order = a_direction(
        receiver,
        cooperating_unit_ids=(receiver.partner_unit.id,) if cooperating else (),
        inform_unit_ids=(receiver.partner_unit.id,) if informed else (),
    )
    routing.direct_and_assign(actor=receiver.leader, document_id=document_id, order=order, now=now)
    return document_id


def an_assigned_document(
    cast: Cast, *, receiver: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """The head of the unit has given it to the officer."""
    receiver = receiver or cast.b
    document_id = a_directed_document(cast, receiver=receiver, now=now, **changes)
    assert receiver.officer.post_id is not None
    routing.sub_assign(
        actor=receiver.head,
        assignment_id=unit_task(document_id).id,
        post_id=receiver.officer.post_id,
        now=now,
    )
    return document_id


def a_started_document(
    cast: Cast, *, receiver: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """The officer works on it."""
    receiver = receiver or cast.b
    document_id = an_assigned_document(cast, receiver=receiver, now=now, **changes)
    routing.start_work(actor=receiver.officer, assignment_id=officer_task(document_id).id, now=now)
    return document_id


def a_reported_document(
    cast: Cast, *, receiver: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """The officer has reported a result."""
    receiver = receiver or cast.b
    document_id = a_started_document(cast, receiver=receiver, now=now, **changes)
    routing.submit_result(
        actor=receiver.officer,
        assignment_id=officer_task(document_id).id,
        result="Đã thực hiện xong.",
        now=now,
    )
    return document_id


def a_completed_document(
    cast: Cast, *, receiver: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Completed; its sender is to be told."""
    receiver = receiver or cast.b
    document_id = a_reported_document(cast, receiver=receiver, now=now, **changes)
    routing.complete_task(actor=receiver.head, assignment_id=officer_task(document_id).id, now=now)
    return document_id


def unit_task(document_id: int, part: Part = Part.LEAD) -> TaskRow:
    """The newest task of a unit with that part."""
    return [task for task in tasks_of(document_id) if task.parent_id is None and task.part is part][-1]


def officer_task(document_id: int) -> TaskRow:
    """The newest task of an officer."""
    return [task for task in tasks_of(document_id) if task.parent_id is not None][-1]
