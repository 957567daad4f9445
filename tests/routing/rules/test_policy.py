"""Who directs, assigns on, works, reports and closes."""

from __future__ import annotations

import pytest

from vanthu.kernel.actor import LEADING, Actor, Role
from vanthu.routing.rules.policy import HandlingFacts, TaskFacts, may_lead, may_work
from vanthu.routing.rules.states import Part, State, TaskMove, TaskState

LEADER, HEAD, OFFICER = 1, 2, 3


def at(post: int, role: Role = Role.OFFICER, *, agency: int = 1) -> Actor:
    return Actor(user_id=1, name="x", agency_id=agency, post_id=post, roles=frozenset({role}))


def task(part: Part = Part.LEAD, *, of_unit: bool = True) -> TaskFacts:
    holder, giver = (HEAD, LEADER) if of_unit else (OFFICER, HEAD)
    return TaskFacts(1, part, TaskState.WAITING, holder, giver, of_unit)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("post", [LEADER, HEAD])
def test_the_leader_before_whom_it_lies_directs_and_nobody_else(post: int, role: Role) -> None:
    """NĐ30 Đ.23.2; the assistant (R14) finalises nothing."""
    decision = may_lead(at(post, role), HandlingFacts(1, State.AWAITING_DIRECTION, LEADER))
    assert bool(decision) == (post == LEADER and role in LEADING)
    assert decision or decision.code == "routing.handling.not-leader"


HOLDERS_MOVES = set(TaskMove) - {TaskMove.APPROVE, TaskMove.REWORK, TaskMove.NOTE}


@pytest.mark.parametrize("move", HOLDERS_MOVES)
@pytest.mark.parametrize("post", [LEADER, HEAD, OFFICER])
def test_a_units_task_is_its_heads(move: TaskMove, post: int) -> None:
    assert bool(may_work(at(post), task(), move)) == (post == HEAD)


@pytest.mark.parametrize("move", [TaskMove.APPROVE, TaskMove.REWORK])
@pytest.mark.parametrize(("of_unit", "giver"), [(True, LEADER), (False, HEAD)])
def test_whoever_gave_the_task_judges_its_result(move: TaskMove, of_unit: bool, giver: int) -> None:
    for post in (LEADER, HEAD, OFFICER):
        decision = may_work(at(post), task(of_unit=of_unit), move)
        assert bool(decision) == (post == giver)
        assert decision or decision.code == "routing.assignment.not-giver"


def test_an_officers_task_is_not_assigned_on() -> None:
    decision = may_work(at(OFFICER), task(of_unit=False), TaskMove.ASSIGN_ON)
    assert decision.code == "routing.assignment.not-unit-head"


@pytest.mark.parametrize("part", Part)
def test_only_what_is_for_information_is_noted(part: Part) -> None:
    decision = may_work(at(HEAD), task(part), TaskMove.NOTE)
    assert bool(decision) == (part is Part.INFORM)
    assert decision or decision.code == "routing.assignment.not-for-information"


def test_another_agency_may_nothing() -> None:
    stranger = at(HEAD, Role.LEADER, agency=2)
    assert may_lead(stranger, HandlingFacts(1, State.FILED, HEAD)).code == "routing.other-agency"
    for move in TaskMove:
        assert may_work(stranger, task(), move).code == "routing.other-agency"
