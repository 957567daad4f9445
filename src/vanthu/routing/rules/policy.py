"""Who may direct, assign on, work, report and close. Norm: NĐ30 Đ.23–24; law.md (a)."""

from __future__ import annotations

from dataclasses import dataclass

from vanthu.kernel.actor import LEADING, Actor
from vanthu.kernel.decisions import Decision, allowed_if, denied
from vanthu.routing.rules.states import Move, Part, State, TaskMove, TaskState


@dataclass(frozen=True, slots=True)
class HandlingFacts:
    agency_id: int
    state: State
    leader_post_id: int


@dataclass(frozen=True, slots=True)
class TaskFacts:
    agency_id: int
    part: Part
    state: TaskState
    post_id: int
    giver_post_id: int
    """The post that gave the task: the leader for a unit's task, the unit head for an officer's."""
    is_of_unit: bool
    """True for a unit's task, which its head may assign on."""


def may_lead(actor: Actor, handling: HandlingFacts) -> Decision:
    """Direct, file, return: the leader it lies before (R2–R4), nobody else."""
    if actor.agency_id != handling.agency_id:
        return denied("routing.other-agency")
    return allowed_if(
        actor.post_id == handling.leader_post_id and bool(actor.roles & LEADING),
        "routing.handling.not-leader",
    )


def may_work(actor: Actor, task: TaskFacts, move: TaskMove) -> Decision:
    """What the holder of a task, or the post that gave it, may do with it."""
    if actor.agency_id != task.agency_id:
        return denied("routing.other-agency")
    if move in {TaskMove.APPROVE, TaskMove.REWORK}:
        # The lead closes it: a unit's own task is judged by its head once an officer worked, else by the giver.
        return allowed_if(actor.post_id == task.giver_post_id, "routing.assignment.not-giver")
    if move is TaskMove.ASSIGN_ON and not task.is_of_unit:
        return denied("routing.assignment.not-unit-head")
    if move is TaskMove.NOTE and task.part is not Part.INFORM:
        return denied("routing.assignment.not-for-information")
    return allowed_if(actor.post_id == task.post_id, "routing.assignment.not-yours")


LEADER_MOVES = (Move.DIRECT, Move.FILE, Move.RETURN_TO_CLERK, Move.TAKE_UP)
