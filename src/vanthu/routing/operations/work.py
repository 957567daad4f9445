"""The unit's and the officer's acts: assign on, start, report, rework, close, decline. Norm: NĐ30 Đ.24; D45."""

from __future__ import annotations

from datetime import datetime

from vanthu.documents import operations as documents
from vanthu.documents.queries import replies_to, urgency_of
from vanthu.foundation.db import require_version, save_changes
from vanthu.foundation.operation import operation, publish, record
from vanthu.kernel.actor import Actor, holder_of_post
from vanthu.kernel.errors import NotReady, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations import queries as organizations
from vanthu.routing.events import WorkCompleted, WorkStarted
from vanthu.routing.models import Assignment
from vanthu.routing.operations.direct import KIND, move_handling, tell_task
from vanthu.routing.queries import locked_assignment
from vanthu.routing.rules import policy, readiness
from vanthu.routing.rules.states import ASSIGNMENT, CLOSED, Move, Part, State, TaskMove, TaskState


def _begin(actor: Actor, assignment_id: int, move: TaskMove, version: int | None = None) -> Assignment:
    task = locked_assignment(actor, assignment_id)
    ASSIGNMENT.after(TaskState(task.state), move)
    policy.may_work(actor, task.facts(), move).or_refuse()
    require_version(task, version)
    return task


def move_task(task: Assignment, move: TaskMove, now: datetime, *fields: str, **detail: object) -> None:
    before = TaskState(task.state)
    task.state = ASSIGNMENT.after(before, move)
    if task.state in CLOSED:
        task.ended_at = now
    save_changes(task, "state", "ended_at", *fields)
    record(
        ObjectRef.of(KIND, task.handling.document_id),
        agency_id=task.agency_id,
        before={"task": task.pk, "state": before},
        after={"task": task.pk, "state": task.state},
        task=task.pk,
        to=task.state,
        **detail,
    )
    document_id = task.handling.document_id
    tell_task(task, document_id, urgency_of(document_id), now)


def _leads(task: Assignment) -> bool:
    """Whether the document's state follows this task: the lead unit's, or the lead officer's below it."""
    if task.part != Part.LEAD:
        return False
    return task.parent is None or task.parent.part == Part.LEAD


@operation("routing.assignment.assign-on")
def sub_assign(
    *,
    actor: Actor,
    assignment_id: int,
    post_id: int,
    text: str = "",
    due_at: datetime | None = None,
    version: int | None = None,
    now: datetime,
) -> None:
    """The unit head gives the task to somebody of the unit. Refuses: other unit, due after the unit's own, passed."""
    task = _begin(actor, assignment_id, TaskMove.ASSIGN_ON, version)
    person = organizations.post_holder(post_id, now=now)
    due = due_at or task.due_at
    refuse_if(
        readiness.unmet_for_assigning_on(
            due_at=due,
            parent_due_at=task.due_at,
            same_unit=person is not None and person.unit_id == task.unit_id,
            now=now,
        )
    )
    assert person is not None
    if task.children.exclude(state__in=[TaskState.DECLINED, TaskState.RECALLED]).exists():
        raise NotReady([Violation("routing.assignment.given-already")])
    child = Assignment.objects.create(
        handling=task.handling,
        agency_id=task.agency_id,
        parent=task,
        part=Part.LEAD,
        unit_id=task.unit_id,
        post_id=post_id,
        giver_post_id=task.post_id,
        person_name=person.person_name,
        text=text.strip() or task.text,
        due_at=due,
        due_trace=task.due_trace if due == task.due_at else [],
        given_at=now,
    )
    documents.grant_access(
        actor=actor,
        document_id=task.handling.document_id,
        agency_id=task.agency_id,
        holders=[holder_of_post(post_id)],
        because="routing.officer",
        now=now,
    )
    record(
        ObjectRef.of(KIND, task.handling.document_id), agency_id=task.agency_id, task=child.pk, post=post_id
    )
    urgency = urgency_of(task.handling.document_id)
    tell_task(task, task.handling.document_id, urgency, now, handed_on=True)
    tell_task(child, task.handling.document_id, urgency, now)


@operation("routing.assignment.start")
def start_work(*, actor: Actor, assignment_id: int, version: int | None = None, now: datetime) -> None:
    """Take the task up; when it leads, the document is in progress and the sender learns it (05)."""
    task = _begin(actor, assignment_id, TaskMove.START, version)
    move_task(task, TaskMove.START, now)
    if task.parent is not None and task.parent.state == TaskState.WAITING:
        task.parent.state = TaskState.IN_PROGRESS
        save_changes(task.parent, "state")
    if _leads(task) and task.handling.state == State.ASSIGNED:
        move_handling(task.handling, Move.START, urgency_of(task.handling.document_id), now)
        publish(WorkStarted(task.handling.document_id, task.agency_id, now))


@operation("routing.assignment.report")
def submit_result(
    *, actor: Actor, assignment_id: int, result: str, version: int | None = None, now: datetime
) -> None:
    """Report the result: a reply document or a conclusion note. Refuses: neither is there."""
    task = _begin(actor, assignment_id, TaskMove.REPORT, version)
    replies = len(replies_to(task.handling.document_id))
    refuse_if(readiness.unmet_for_reporting(result=result, replies=replies))
    task.result = result.strip()
    move_task(task, TaskMove.REPORT, now, "result", replies=replies)
    if _leads(task):
        move_handling(task.handling, Move.SUBMIT_RESULT, urgency_of(task.handling.document_id), now)


@operation("routing.assignment.rework")
def return_result(
    *, actor: Actor, assignment_id: int, reason: str, version: int | None = None, now: datetime
) -> None:
    """Give a reported result back to be worked on. Refuses: no reason, not the giver."""
    task = _begin(actor, assignment_id, TaskMove.REWORK, version)
    refuse_if(readiness.unmet_for_reason(reason))
    move_task(task, TaskMove.REWORK, now, reason=reason[:200])
    if _leads(task):
        move_handling(task.handling, Move.REWORK, urgency_of(task.handling.document_id), now)


@operation("routing.assignment.approve")
def complete_task(
    *, actor: Actor, assignment_id: int, waive: bool = False, version: int | None = None, now: datetime
) -> None:
    """Approve a reported result; when it leads, the document is completed and the sender learns it (06).

    Refuses: not the giver, co-operating units have not reported and are not waived.
    """
    task = _begin(actor, assignment_id, TaskMove.APPROVE, version)
    if not _leads(task):
        move_task(task, TaskMove.APPROVE, now)
        return
    open_tasks = list(
        task.handling.assignments.filter(part=Part.COOPERATE, parent=None).exclude(state__in=CLOSED)
    )
    refuse_if(readiness.unmet_for_completing(open_cooperating=len(open_tasks), waive=waive))
    move_task(task, TaskMove.APPROVE, now)
    _close_around(task, open_tasks, now)
    handling = task.handling
    handling.completed_at, handling.on_time = now, handling.due_at is None or now <= handling.due_at
    move_handling(
        handling,
        Move.COMPLETE,
        urgency_of(handling.document_id),
        now,
        "completed_at",
        "on_time",
        on_time=handling.on_time,
    )
    publish(WorkCompleted(handling.document_id, task.agency_id, _description(task), now))


def _close_around(task: Assignment, open_tasks: list[Assignment], now: datetime) -> None:
    """The unit's own task ends with its officer's; waived co-operation ends without a report."""
    if task.parent is not None:
        task.parent.state, task.parent.ended_at = TaskState.APPROVED, now
        save_changes(task.parent, "state", "ended_at")
        tell_task(task.parent, task.handling.document_id, urgency_of(task.handling.document_id), now)
    for other in open_tasks:
        for child in other.children.exclude(state__in=CLOSED):
            child.handling = task.handling
            move_task(child, TaskMove.WAIVE, now)
        other.handling = task.handling
        move_task(other, TaskMove.WAIVE, now)


def _description(task: Assignment) -> str:
    replies = [reply.full_number for reply in replies_to(task.handling.document_id) if reply.full_number]
    if replies:
        return f"Đã trả lời bằng văn bản số {', '.join(replies)}"
    return task.result[:300]


@operation("routing.assignment.decline")
def decline_task(
    *, actor: Actor, assignment_id: int, reason: str, version: int | None = None, now: datetime
) -> None:
    """Trả lại: không đúng chức năng, nhiệm vụ. The lead unit's return lays the document before the leader again (D45)."""
    task = _begin(actor, assignment_id, TaskMove.DECLINE, version)
    refuse_if(readiness.unmet_for_reason(reason))
    task.result = reason.strip()
    move_task(task, TaskMove.DECLINE, now, "result", reason=reason[:200])
    if task.parent is not None:
        tell_task(task.parent, task.handling.document_id, urgency_of(task.handling.document_id), now)
        return
    if task.part != Part.LEAD:
        return
    for other in task.handling.assignments.exclude(pk=task.pk).exclude(state__in=CLOSED):
        other.handling = task.handling
        move_task(other, TaskMove.RECALL, now)
    move_handling(task.handling, Move.DECLINE, urgency_of(task.handling.document_id), now)


@operation("routing.assignment.note")
def note_task(*, actor: Actor, assignment_id: int, version: int | None = None, now: datetime) -> None:
    """Đã biết: what was given for information needs nothing more."""
    move_task(_begin(actor, assignment_id, TaskMove.NOTE, version), TaskMove.NOTE, now)
