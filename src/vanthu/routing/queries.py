"""Reads of handlings and assignments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vanthu.documents.queries import require_visible
from vanthu.foundation.db import load_locked
from vanthu.kernel.actor import Actor
from vanthu.kernel.decisions import Decision
from vanthu.routing.models import Assignment, Directive, Handling
from vanthu.routing.rules import policy
from vanthu.routing.rules.states import (
    ASSIGNMENT,
    CLOSED,
    HANDLING,
    Move,
    Part,
    State,
    TaskMove,
    TaskState,
)


def locked_handling(actor: Actor, document_id: int) -> Handling:
    """Refuses: `NotVisible`."""
    require_visible(actor, document_id)
    return load_locked(Handling.objects.all(), document_id=document_id)


def locked_assignment(actor: Actor, assignment_id: int) -> Assignment:
    """The assignment, with its handling locked before it. Refuses: `NotVisible`."""
    row = Assignment.objects.filter(pk=assignment_id).select_related("handling").first()
    require_visible(actor, row.handling.document_id if row else 0)
    assert row is not None
    handling = load_locked(Handling.objects.all(), pk=row.handling_id)
    assignment = load_locked(Assignment.objects.all(), pk=assignment_id)
    assignment.handling = handling
    return assignment


@dataclass(frozen=True, slots=True)
class HandlingCard:
    document_id: int
    agency_id: int
    state: State
    leader_post_id: int
    proposal: str
    due_at: datetime | None
    due_trace: list[dict[str, Any]]
    completed_at: datetime | None
    on_time: bool | None
    version: int


@dataclass(frozen=True, slots=True)
class DirectiveRow:
    person_name: str
    title: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One node of the tree of hand-overs (luồng xử lý)."""

    id: int
    parent_id: int | None
    part: Part
    unit_id: int
    unit_name: str
    post_id: int
    giver_post_id: int
    person_name: str
    state: TaskState
    text: str
    result: str
    due_at: datetime
    due_trace: list[dict[str, Any]]
    given_at: datetime
    ended_at: datetime | None
    version: int
    agency_id: int


def handling_card(document_id: int) -> HandlingCard | None:
    row = Handling.objects.filter(document_id=document_id).first()
    if row is None:
        return None
    return HandlingCard(
        row.document_id,
        row.agency_id,
        State(row.state),
        row.leader_post_id,
        row.proposal,
        row.due_at,
        row.due_trace,
        row.completed_at,
        row.on_time,
        row.version,
    )


def directives_of(document_id: int) -> tuple[DirectiveRow, ...]:
    rows = Directive.objects.filter(handling__document_id=document_id).order_by("id")
    return tuple(DirectiveRow(row.person_name, row.title, row.text, row.at) for row in rows)


def tasks_of(document_id: int) -> tuple[TaskRow, ...]:
    """Every assignment of the document, parents before children."""
    rows = Assignment.objects.filter(handling__document_id=document_id).select_related("unit").order_by("id")
    return tuple(
        TaskRow(
            row.pk,
            row.parent_id,
            Part(row.part),
            row.unit_id,
            row.unit.name,
            row.post_id,
            row.giver_post_id,
            row.person_name,
            TaskState(row.state),
            row.text,
            row.result,
            row.due_at,
            row.due_trace,
            row.given_at,
            row.ended_at,
            row.version,
            row.agency_id,
        )
        for row in rows
    )


def handling_moves(actor: Actor, card: HandlingCard) -> tuple[tuple[Move, Decision], ...]:
    """The leader's legal moves from here with the policy's answer."""
    facts = policy.HandlingFacts(card.agency_id, card.state, card.leader_post_id)
    return tuple(
        (move, policy.may_lead(actor, facts))
        for move in HANDLING.moves_from(card.state)
        if move in policy.LEADER_MOVES
    )


def task_moves(actor: Actor, task: TaskRow) -> tuple[tuple[TaskMove, Decision], ...]:
    facts = policy.TaskFacts(
        task.agency_id, task.part, task.state, task.post_id, task.giver_post_id, task.parent_id is None
    )
    return tuple((move, policy.may_work(actor, facts, move)) for move in ASSIGNMENT.moves_from(task.state))


def load_of_units(agency_id: int) -> dict[int, int]:
    """How many open lead assignments each unit has: the workload beside a suggestion."""
    rows = Assignment.objects.filter(agency_id=agency_id, parent=None, part=Part.LEAD).exclude(
        state__in=CLOSED
    )
    counts: dict[int, int] = {}
    for unit_id in rows.values_list("unit_id", flat=True):
        counts[unit_id] = counts.get(unit_id, 0) + 1
    return counts
