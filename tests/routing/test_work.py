"""The unit's and the officer's acts: assign on, start, report, rework, close, decline, note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.factories.drafting import a_draft
from tests.factories.routing import (
    a_completed_document,
    a_directed_document,
    a_direction,
    a_reported_document,
    a_started_document,
    an_assigned_document,
    officer_task,
    unit_task,
)
from tests.proof import audited, demand_true_counters, desks, queues_with, refused
from vanthu.documents.queries import is_visible
from vanthu.exchange.queries import answers_sent
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.kernel.actor import holder_of_post
from vanthu.kernel.errors import IllegalMove, NotPermitted, NotReady, NotVisible, StaleVersion
from vanthu.queues.rules.catalogue import Queue
from vanthu.routing import operations as routing
from vanthu.routing.queries import handling_card, load_of_units, task_moves, tasks_of
from vanthu.routing.rules.states import Part, State, TaskMove, TaskState

Act = Callable[..., Any]


def post(actor: object) -> str:
    return holder_of_post(actor.post_id)  # type: ignore[attr-defined]


def state_of(document_id: int) -> State:
    card = handling_card(document_id)
    assert card is not None
    return card.state


def codes_sent(document_id: int) -> list[StatusCode]:
    return [row.code for row in answers_sent(document_id)]


def test_the_head_gives_the_task_to_an_officer_who_then_sees_it(cast: Cast, now: datetime) -> None:
    document_id = a_directed_document(cast)
    task, due = unit_task(document_id), now + timedelta(days=2)
    with audited() as log:
        routing.sub_assign(
            actor=cast.b.head,
            assignment_id=task.id,
            post_id=cast.b.officer.post_id or 0,
            text="Dự thảo trả lời",
            due_at=due,
            version=1,
            now=now,
        )

    child = officer_task(document_id)
    assert (child.parent_id, child.post_id, child.giver_post_id) == (
        task.id,
        cast.b.officer.post_id,
        cast.b.head.post_id,
    )
    assert (child.text, child.due_at, child.state) == ("Dự thảo trả lời", due, TaskState.WAITING)
    assert desks(document_id) == {(post(cast.b.officer), Queue.MY_WORK)}
    assert is_visible(cast.b.officer, document_id)
    assert log.by("routing.assignment.assign-on").detail["post"] == cast.b.officer.post_id
    demand_true_counters()


def test_a_task_is_assigned_on_inside_the_unit_in_time_and_once(cast: Cast, now: datetime) -> None:
    document_id = a_directed_document(cast)
    task = unit_task(document_id)
    words = {"actor": cast.b.head, "assignment_id": task.id, "now": now}
    officer = cast.b.officer.post_id or 0
    with refused("routing.assignment.other-unit", kind=NotReady):
        routing.sub_assign(post_id=cast.b.deputy.post_id or 0, **words)
    with refused("routing.assignment.due-after-parent", kind=NotReady):
        routing.sub_assign(post_id=officer, due_at=task.due_at + timedelta(minutes=1), **words)
    with refused("routing.directive.due-passed", kind=NotReady):
        routing.sub_assign(post_id=officer, due_at=now, **words)
    routing.sub_assign(post_id=officer, **words)
    with refused("routing.assignment.given-already", kind=NotReady):
        routing.sub_assign(post_id=officer, **words)


def test_starting_brings_the_document_into_progress_and_tells_the_sender_once(
    cast: Cast, now: datetime
) -> None:
    """Status 05 (M16)."""
    document_id = an_assigned_document(cast)
    with audited() as log:
        routing.start_work(
            actor=cast.b.officer, assignment_id=officer_task(document_id).id, version=1, now=now
        )

    assert state_of(document_id) is State.IN_PROGRESS
    assert [task.state for task in tasks_of(document_id)] == [TaskState.IN_PROGRESS] * 2
    assert codes_sent(document_id) == [StatusCode.ACCEPTED, StatusCode.ASSIGNED, StatusCode.IN_PROGRESS]
    assert "routing.assignment.start" in log.verbs
    demand_true_counters()


def test_the_head_may_work_himself(cast: Cast, now: datetime) -> None:
    document_id = a_directed_document(cast)
    task = unit_task(document_id).id
    routing.start_work(actor=cast.b.head, assignment_id=task, now=now)
    assert desks(document_id) == {(post(cast.b.head), Queue.MY_WORK)} or queues_with(document_id)
    routing.submit_result(actor=cast.b.head, assignment_id=task, result="Xong", now=now)
    assert desks(document_id) == {(post(cast.b.leader), Queue.RESULTS)}
    routing.complete_task(actor=cast.b.leader, assignment_id=task, now=now)
    assert state_of(document_id) is State.DONE
    assert queues_with(document_id) == set()
    demand_true_counters()


def test_a_co_operating_start_does_not_move_the_document(cast: Cast, now: datetime) -> None:
    document_id = a_directed_document(cast, cooperating=True)
    routing.start_work(
        actor=cast.b.partner_head, assignment_id=unit_task(document_id, Part.COOPERATE).id, now=now
    )
    assert state_of(document_id) is State.ASSIGNED
    assert StatusCode.IN_PROGRESS not in codes_sent(document_id)


def test_a_result_lies_before_whoever_gave_the_task(cast: Cast, now: datetime) -> None:
    document_id = a_started_document(cast)
    with audited() as log:
        routing.submit_result(
            actor=cast.b.officer, assignment_id=officer_task(document_id).id, result=" Đã xong ", now=now
        )
    assert officer_task(document_id).result == "Đã xong"
    assert state_of(document_id) is State.AWAITING_APPROVAL
    assert (post(cast.b.head), Queue.RESULTS) in desks(document_id)
    assert log.by("routing.assignment.report").detail["replies"] == 0
    demand_true_counters()


def test_a_result_is_a_note_or_a_reply(cast: Cast, now: datetime) -> None:
    document_id = a_started_document(cast)
    task = officer_task(document_id).id
    with refused("routing.assignment.result-missing", kind=NotReady):
        routing.submit_result(actor=cast.b.officer, assignment_id=task, result=" ", now=now)
    a_draft(cast, sender=cast.b, to=(cast.a.code,), answers_id=document_id)
    routing.submit_result(actor=cast.b.officer, assignment_id=task, result="", now=now)
    assert state_of(document_id) is State.AWAITING_APPROVAL


def test_a_result_that_does_not_do_goes_back_to_work(cast: Cast, now: datetime) -> None:
    document_id = a_reported_document(cast)
    task = officer_task(document_id).id
    with refused("routing.reason-missing", kind=NotReady):
        routing.return_result(actor=cast.b.head, assignment_id=task, reason=" ", now=now)
    with audited() as log:
        routing.return_result(actor=cast.b.head, assignment_id=task, reason="Bổ sung số liệu", now=now)

    assert state_of(document_id) is State.IN_PROGRESS
    assert desks(document_id) >= {(post(cast.b.officer), Queue.MY_WORK)}
    assert log.by("routing.assignment.rework").detail["reason"] == "Bổ sung số liệu"
    demand_true_counters()


def test_completion_closes_the_unit_fixes_on_time_and_tells_the_sender(cast: Cast, now: datetime) -> None:
    """Status 06 (M16)."""
    document_id = a_reported_document(cast)
    with audited() as log:
        routing.complete_task(actor=cast.b.head, assignment_id=officer_task(document_id).id, now=now)

    card = handling_card(document_id)
    assert card is not None
    assert (card.state, card.completed_at, card.on_time) == (State.DONE, now, True)
    assert [task.state for task in tasks_of(document_id)] == [TaskState.APPROVED] * 2
    assert (answers_sent(document_id)[-1].code, answers_sent(document_id)[-1].description) == (
        StatusCode.DONE,
        "Đã thực hiện xong.",
    )
    assert queues_with(document_id) == set()
    assert log.by("routing.assignment.approve")
    demand_true_counters()


def test_completion_after_the_limit_is_not_on_time(cast: Cast, now: datetime) -> None:
    document_id = a_reported_document(cast)
    due = unit_task(document_id).due_at
    routing.complete_task(
        actor=cast.b.head, assignment_id=officer_task(document_id).id, now=due + timedelta(seconds=1)
    )
    card = handling_card(document_id)
    assert card is not None
    assert card.on_time is False


def test_completion_waits_for_co_operating_units_or_waives_them(cast: Cast, now: datetime) -> None:
    document_id = a_reported_document(cast, cooperating=True)
    task = officer_task(document_id).id
    with refused("routing.handling.cooperating-open", kind=NotReady):
        routing.complete_task(actor=cast.b.head, assignment_id=task, now=now)
    routing.complete_task(actor=cast.b.head, assignment_id=task, waive=True, now=now)

    assert state_of(document_id) is State.DONE
    assert unit_task(document_id, Part.COOPERATE).state is TaskState.WAIVED
    assert queues_with(document_id) == set()
    demand_true_counters()


def test_a_waived_unit_takes_its_officers_task_with_it(cast: Cast, now: datetime) -> None:
    document_id = a_directed_document(cast, cooperating=True)
    partner = unit_task(document_id, Part.COOPERATE).id
    b = cast.b
    routing.sub_assign(actor=b.partner_head, assignment_id=partner, post_id=b.partner.post_id or 0, now=now)
    task = unit_task(document_id).id
    routing.start_work(actor=b.head, assignment_id=task, now=now)
    routing.submit_result(actor=b.head, assignment_id=task, result="Xong", now=now)
    routing.complete_task(actor=b.leader, assignment_id=task, waive=True, now=now)

    states = {task.state for task in tasks_of(document_id) if task.unit_id == b.partner_unit.id}
    assert states == {TaskState.WAIVED}
    assert queues_with(document_id) == set()
    demand_true_counters()


def test_a_co_operating_report_is_approved_by_the_leader_and_closes_nothing_else(
    cast: Cast, now: datetime
) -> None:
    document_id = a_directed_document(cast, cooperating=True)
    partner = unit_task(document_id, Part.COOPERATE).id
    routing.start_work(actor=cast.b.partner_head, assignment_id=partner, now=now)
    routing.submit_result(actor=cast.b.partner_head, assignment_id=partner, result="Góp ý", now=now)
    routing.complete_task(actor=cast.b.leader, assignment_id=partner, now=now)

    assert unit_task(document_id, Part.COOPERATE).state is TaskState.APPROVED
    assert state_of(document_id) is State.ASSIGNED
    demand_true_counters()


def test_a_declining_lead_lays_the_document_before_the_leader_again(cast: Cast, now: datetime) -> None:
    """D45."""
    document_id = a_directed_document(cast, cooperating=True)
    task = unit_task(document_id).id
    with refused("routing.reason-missing", kind=NotReady):
        routing.decline_task(actor=cast.b.head, assignment_id=task, reason="", now=now)
    with audited() as log:
        routing.decline_task(
            actor=cast.b.head, assignment_id=task, reason="Không đúng chức năng, nhiệm vụ", now=now
        )

    assert state_of(document_id) is State.AWAITING_DIRECTION
    assert [task.state for task in tasks_of(document_id)] == [TaskState.DECLINED, TaskState.RECALLED]
    assert desks(document_id) == {(post(cast.b.leader), Queue.TO_DIRECT)}
    assert log.verbs.count("routing.assignment.decline") >= 1
    demand_true_counters()


def test_a_lead_that_began_already_may_still_decline(cast: Cast, now: datetime) -> None:
    """D45: from the first two states; whoever worked below it is called off."""
    document_id = a_started_document(cast)
    routing.decline_task(
        actor=cast.b.head, assignment_id=unit_task(document_id).id, reason="Không đúng chức năng", now=now
    )
    assert state_of(document_id) is State.AWAITING_DIRECTION
    assert officer_task(document_id).state is TaskState.RECALLED
    assert desks(document_id) == {(post(cast.b.leader), Queue.TO_DIRECT)}
    demand_true_counters()


def test_a_declined_document_is_directed_to_another_unit(cast: Cast, now: datetime) -> None:
    document_id = a_started_document(cast)
    routing.decline_task(
        actor=cast.b.head, assignment_id=unit_task(document_id).id, reason="Không đúng chức năng", now=now
    )
    order = a_direction(cast.b, lead_unit_id=cast.b.partner_unit.id)
    later = now + timedelta(minutes=5)
    routing.direct_and_assign(actor=cast.b.leader, document_id=document_id, order=order, now=later)
    assert unit_task(document_id).post_id == cast.b.partner_head.post_id
    demand_true_counters()


def test_a_declining_co_operating_unit_pulls_nobody_back(cast: Cast, now: datetime) -> None:
    """D45."""
    document_id = a_directed_document(cast, cooperating=True)
    partner = unit_task(document_id, Part.COOPERATE).id
    routing.decline_task(actor=cast.b.partner_head, assignment_id=partner, reason="Không liên quan", now=now)

    assert state_of(document_id) is State.ASSIGNED
    assert unit_task(document_id).state is TaskState.WAITING
    demand_true_counters()


@pytest.mark.parametrize("given", [an_assigned_document, a_started_document])
def test_an_officer_who_declines_gives_the_task_back_to_the_head(
    cast: Cast, now: datetime, given: Callable[..., int]
) -> None:
    document_id = given(cast)
    routing.decline_task(
        actor=cast.b.officer, assignment_id=officer_task(document_id).id, reason="Không đúng việc", now=now
    )
    assert officer_task(document_id).state is TaskState.DECLINED
    assert post(cast.b.head) in {holder for holder, _ in desks(document_id)}
    assert post(cast.b.officer) not in {holder for holder, _ in desks(document_id)}
    demand_true_counters()


def test_what_is_for_information_is_noted_and_nothing_more(cast: Cast, now: datetime) -> None:
    document_id = a_directed_document(cast, informed=True)
    with audited() as log:
        routing.note_task(
            actor=cast.b.partner_head, assignment_id=unit_task(document_id, Part.INFORM).id, now=now
        )
    assert (post(cast.b.partner_head), Queue.TO_KNOW) not in desks(document_id)
    assert log.verbs == ["routing.assignment.note"]
    with refused("routing.assignment.not-for-information", kind=NotPermitted):
        routing.note_task(actor=cast.b.head, assignment_id=unit_task(document_id).id, now=now)
    demand_true_counters()


STEPS: list[tuple[str, Act, str, Callable[..., int], dict[str, str]]] = [
    ("start", routing.start_work, "officer", an_assigned_document, {}),
    ("report", routing.submit_result, "officer", a_started_document, {"result": "Xong"}),
    ("rework", routing.return_result, "head", a_reported_document, {"reason": "Sửa"}),
    ("complete", routing.complete_task, "head", a_reported_document, {}),
    ("decline", routing.decline_task, "officer", an_assigned_document, {"reason": "Sai việc"}),
]
EACH = pytest.mark.parametrize(
    ("act", "who", "given", "words"), [s[1:] for s in STEPS], ids=[s[0] for s in STEPS]
)


@EACH
def test_a_second_click_on_a_step_is_refused(
    cast: Cast, now: datetime, act: Act, who: str, given: Callable[..., int], words: dict[str, str]
) -> None:
    task = officer_task(given(cast)).id
    act(actor=getattr(cast.b, who), assignment_id=task, now=now, **words)
    with refused("routing.assignment.illegal-move", kind=IllegalMove):
        act(actor=getattr(cast.b, who), assignment_id=task, now=now, **words)


@EACH
def test_a_step_from_a_stale_form_is_refused(
    cast: Cast, now: datetime, act: Act, who: str, given: Callable[..., int], words: dict[str, str]
) -> None:
    task = officer_task(given(cast)).id
    with refused("document.stale", kind=StaleVersion):
        act(actor=getattr(cast.b, who), assignment_id=task, version=99, now=now, **words)


@EACH
def test_strangers_and_the_other_agency_do_not_find_the_task(
    cast: Cast, now: datetime, act: Act, who: str, given: Callable[..., int], words: dict[str, str]
) -> None:
    task = officer_task(given(cast)).id
    for stranger in (cast.a.head, cast.a.officer, cast.b.deputy, cast.outsider, cast.city_admin):
        with refused("document.not-found", kind=NotVisible):
            act(actor=stranger, assignment_id=task, now=now, **words)


@EACH
def test_the_clerk_sees_the_task_but_does_not_work_on_it(
    cast: Cast, now: datetime, act: Act, who: str, given: Callable[..., int], words: dict[str, str]
) -> None:
    task = officer_task(given(cast)).id
    judging = act in {routing.return_result, routing.complete_task}
    with refused(f"routing.assignment.not-{'giver' if judging else 'yours'}", kind=NotPermitted):
        act(actor=cast.b.clerk, assignment_id=task, now=now, **words)


def test_a_task_that_is_not_there_is_not_found(cast: Cast, now: datetime) -> None:
    with refused("document.not-found", kind=NotVisible):
        routing.start_work(actor=cast.b.officer, assignment_id=999_999, now=now)


def test_the_buttons_of_a_task_are_what_the_operations_allow(cast: Cast) -> None:
    task = officer_task(a_reported_document(cast))
    for actor in cast.everybody:
        allowed = {move for move, decision in task_moves(actor, task) if decision}
        expected = {
            cast.b.head: {TaskMove.APPROVE, TaskMove.REWORK},
            cast.b.officer: {TaskMove.RECALL} & allowed,
        }
        assert allowed == expected.get(actor, set()), actor.title


def test_the_load_of_units_counts_open_leads(cast: Cast) -> None:
    a_directed_document(cast, cooperating=True)
    a_started_document(cast)
    a_completed_document(cast)
    assert load_of_units(cast.b.id) == {cast.b.unit.id: 2}
