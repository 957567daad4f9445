"""The two tables of handling against law.md b.1 and D45: every legal move, and no other."""

from __future__ import annotations

import pytest

from vanthu.kernel.errors import IllegalMove
from vanthu.routing.rules.states import (
    ASSIGNMENT,
    CLOSED,
    HANDLING,
    PART_LABELS,
    STATE_LABELS,
    TASK_LABELS,
    Move,
    Part,
    State,
    TaskMove,
    TaskState,
)

S, M, TS, TM = State, Move, TaskState, TaskMove
LAW = {
    (S.RETURNED, M.SUBMIT_AGAIN): S.AWAITING_DIRECTION,
    (S.AWAITING_DIRECTION, M.DIRECT): S.ASSIGNED,
    (S.AWAITING_DIRECTION, M.FILE): S.FILED,
    (S.FILED, M.TAKE_UP): S.AWAITING_DIRECTION,  # D46
    (S.AWAITING_DIRECTION, M.RETURN_TO_CLERK): S.RETURNED,
    (S.ASSIGNED, M.SUB_ASSIGN): S.ASSIGNED,
    (S.ASSIGNED, M.DECLINE): S.AWAITING_DIRECTION,
    (S.IN_PROGRESS, M.DECLINE): S.AWAITING_DIRECTION,  # D45: from the first two states of the task
    (S.ASSIGNED, M.START): S.IN_PROGRESS,
    (S.IN_PROGRESS, M.SUBMIT_RESULT): S.AWAITING_APPROVAL,
    (S.AWAITING_APPROVAL, M.REWORK): S.IN_PROGRESS,
    (S.AWAITING_APPROVAL, M.COMPLETE): S.DONE,
    # D27: the sender takes it back in every state.
    **{(state, M.RECALL): S.RECALLED for state in S if state is not S.RECALLED},
}
D45 = {
    (TS.WAITING, TM.ASSIGN_ON): TS.WAITING,
    (TS.IN_PROGRESS, TM.ASSIGN_ON): TS.IN_PROGRESS,
    (TS.WAITING, TM.START): TS.IN_PROGRESS,
    (TS.IN_PROGRESS, TM.REPORT): TS.REPORTED,
    (TS.REPORTED, TM.REWORK): TS.IN_PROGRESS,
    (TS.REPORTED, TM.APPROVE): TS.APPROVED,
    (TS.WAITING, TM.DECLINE): TS.DECLINED,
    (TS.IN_PROGRESS, TM.DECLINE): TS.DECLINED,
    (TS.WAITING, TM.RECALL): TS.RECALLED,
    (TS.IN_PROGRESS, TM.RECALL): TS.RECALLED,
    (TS.REPORTED, TM.RECALL): TS.RECALLED,
    (TS.WAITING, TM.WAIVE): TS.WAIVED,
    (TS.IN_PROGRESS, TM.WAIVE): TS.WAIVED,
    (TS.WAITING, TM.NOTE): TS.APPROVED,
}


@pytest.mark.parametrize("key", LAW, ids="-".join)
def test_the_handling_makes_every_move_that_the_law_has(key: tuple[State, Move]) -> None:
    assert HANDLING.after(*key) is LAW[key]


@pytest.mark.parametrize("key", D45, ids="-".join)
def test_an_assignment_makes_every_move_of_d45(key: tuple[TaskState, TaskMove]) -> None:
    assert ASSIGNMENT.after(*key) is D45[key]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_the_handling_makes_no_other_move(state: State, move: Move) -> None:
    if (state, move) not in LAW:
        with pytest.raises(IllegalMove, match=r"routing\.handling\.illegal-move"):
            HANDLING.after(state, move)


@pytest.mark.parametrize("state", CLOSED)
@pytest.mark.parametrize("move", TaskMove)
def test_a_closed_assignment_makes_no_move(state: TaskState, move: TaskMove) -> None:
    with pytest.raises(IllegalMove, match=r"routing\.assignment\.illegal-move"):
        ASSIGNMENT.after(state, move)


def test_every_state_is_reached_and_has_words() -> None:
    assert HANDLING.reachable() == set(State) == set(STATE_LABELS)
    assert ASSIGNMENT.reachable() == set(TaskState) == set(TASK_LABELS)
    assert set(Part) == set(PART_LABELS)
