"""Unit heads assign on, officers work and report, results are judged; everybody else sees where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories.routing import (
    a_completed_document,
    a_directed_document,
    a_reported_document,
    a_started_document,
    an_assigned_document,
    officer_task,
    unit_task,
)
from vanthu.kernel.actor import Actor
from vanthu.routing import operations as routing
from vanthu.routing.queries import TaskRow, handling_card, tasks_of
from vanthu.routing.rules.states import Part, State, TaskState

SignIn = Callable[[Actor], Client]


def page(client: Client, document_id: int, query: str = "") -> str:
    return client.get(reverse("document", args=[document_id]) + query).content.decode()


def post(client: Client, name: str, document_id: int, task: TaskRow, **data: Any) -> Any:
    fields = {"version": task.version} | data
    return client.post(reverse(name, args=[document_id, task.id]), fields)


def state_of(document_id: int) -> State:
    card = handling_card(document_id)
    assert card is not None
    return card.state


def test_the_unit_head_assigns_within_the_unit(cast: Cast, as_person: SignIn) -> None:
    document_id = a_directed_document(cast)
    task, client = unit_task(document_id), as_person(cast.b.head)
    assert cast.b.officer.name in page(client, document_id)
    answer = post(
        client,
        "work-assign-on",
        document_id,
        task,
        post_id=cast.b.officer.post_id,
        due_at="2026-11-26T17:00",
    )
    assert answer.status_code == 302
    assert officer_task(document_id).person_name == cast.b.officer.name


def test_a_due_time_after_the_units_own_is_refused(cast: Cast, as_person: SignIn) -> None:
    document_id = a_directed_document(cast)
    answer = post(
        as_person(cast.b.head),
        "work-assign-on",
        document_id,
        unit_task(document_id),
        post_id=cast.b.officer.post_id,
        due_at="2026-12-30T17:00",
    )
    assert answer.status_code == 422
    assert "VT-ROU-015" in answer.content.decode()
    assert len(tasks_of(document_id)) == 1


def test_nobody_of_another_unit_is_offered_or_taken(cast: Cast, as_person: SignIn) -> None:
    document_id = a_directed_document(cast)
    answer = post(
        as_person(cast.b.head),
        "work-assign-on",
        document_id,
        unit_task(document_id),
        post_id=cast.b.chief.post_id,
        due_at="2026-11-26T17:00",
    )
    assert answer.status_code == 422
    assert len(tasks_of(document_id)) == 1


def test_the_unit_head_works_himself_and_the_leader_closes(cast: Cast, as_person: SignIn) -> None:
    document_id = a_directed_document(cast)
    head, leader = as_person(cast.b.head), as_person(cast.b.leader)
    post(head, "work-start", document_id, unit_task(document_id))
    assert state_of(document_id) is State.IN_PROGRESS
    post(head, "work-report", document_id, unit_task(document_id), result="Đã làm.")
    assert "Duyệt, hoàn thành" in page(leader, document_id)
    post(leader, "work-approve", document_id, unit_task(document_id))
    assert state_of(document_id) is State.DONE
    assert "đúng hạn" in page(leader, document_id)


def test_the_unit_head_sends_back_what_is_not_his(cast: Cast, as_person: SignIn) -> None:
    document_id = a_directed_document(cast)
    client, task = as_person(cast.b.head), unit_task(document_id)
    assert post(client, "work-decline", document_id, task, reason="").status_code == 422
    post(client, "work-decline", document_id, task, reason="Thuộc chức năng của Văn phòng.")
    assert state_of(document_id) is State.AWAITING_DIRECTION


def test_the_officer_starts_reports_and_the_head_closes(cast: Cast, as_person: SignIn) -> None:
    document_id = an_assigned_document(cast)
    officer, head = as_person(cast.b.officer), as_person(cast.b.head)
    assert "Bắt đầu xử lý" in page(officer, document_id)
    post(officer, "work-start", document_id, officer_task(document_id))
    assert "Kết quả giải quyết" in page(officer, document_id)
    post(officer, "work-report", document_id, officer_task(document_id), result="Đã trả lời bằng điện thoại.")
    assert "Đã trả lời bằng điện thoại." in page(head, document_id)
    post(head, "work-approve", document_id, officer_task(document_id))
    assert state_of(document_id) is State.DONE


def test_a_report_without_result_or_reply_comes_back(cast: Cast, as_person: SignIn) -> None:
    document_id = a_started_document(cast)
    answer = post(
        as_person(cast.b.officer), "work-report", document_id, officer_task(document_id), result=" "
    )
    assert answer.status_code == 422
    assert "VT-ROU-016" in answer.content.decode()


def test_a_result_goes_back_to_be_worked_on(cast: Cast, as_person: SignIn) -> None:
    document_id = a_reported_document(cast)
    client, task = as_person(cast.b.head), officer_task(document_id)
    assert post(client, "work-rework", document_id, task, reason="").status_code == 422
    post(client, "work-rework", document_id, task, reason="Bổ sung số liệu.")
    assert officer_task(document_id).state is TaskState.IN_PROGRESS


def test_co_operating_units_are_waited_for_or_waived(cast: Cast, as_person: SignIn) -> None:
    document_id = a_reported_document_with_partner(cast)
    client = as_person(cast.b.leader)
    assert "Kết thúc không chờ đơn vị phối hợp" in page(client, document_id)
    refused = post(client, "work-approve", document_id, unit_task(document_id))
    assert refused.status_code == 422
    assert "VT-ROU-017" in refused.content.decode()
    post(client, "work-approve", document_id, unit_task(document_id), waive="on")
    assert state_of(document_id) is State.DONE
    assert unit_task(document_id, Part.COOPERATE).state is TaskState.WAIVED


def a_reported_document_with_partner(cast: Cast) -> int:
    from tests.conftest import FIXED_NOW

    document_id = a_directed_document(cast, cooperating=True)
    head = cast.b.head
    routing.start_work(actor=head, assignment_id=unit_task(document_id).id, now=FIXED_NOW)
    routing.submit_result(actor=head, assignment_id=unit_task(document_id).id, result="Xong.", now=FIXED_NOW)
    return document_id


def test_what_is_for_information_is_noted(cast: Cast, as_person: SignIn) -> None:
    document_id = a_directed_document(cast, informed=True)
    client, task = as_person(cast.b.partner_head), unit_task(document_id, Part.INFORM)
    assert "Đã biết" in page(client, document_id)
    post(client, "work-note", document_id, task)
    assert unit_task(document_id, Part.INFORM).state is TaskState.APPROVED


def test_somebody_elses_task_is_forbidden_and_says_why(cast: Cast, as_person: SignIn) -> None:
    document_id = an_assigned_document(cast)
    client = as_person(cast.b.clerk)
    answer = post(client, "work-start", document_id, officer_task(document_id))
    assert answer.status_code == 403
    assert "VT-ROU-008" in answer.content.decode()
    text = page(client, document_id)
    assert "Phần việc này giao cho người khác." in text
    assert cast.b.officer.name in text


def test_the_head_waits_for_his_officer_and_reads_it(cast: Cast, as_person: SignIn) -> None:
    text = page(as_person(cast.b.head), a_started_document(cast))
    assert f"Việc đang ở {cast.b.officer.name}. Chờ trình kết quả." in text


def test_the_leader_sees_who_has_it_and_that_he_can_not_close_it(cast: Cast, as_person: SignIn) -> None:
    text = page(as_person(cast.b.leader), a_reported_document(cast))
    assert "Chỉ người giao việc duyệt kết quả." in text


def test_a_completed_document_shows_its_result_to_everybody_concerned(cast: Cast, as_person: SignIn) -> None:
    document_id = a_completed_document(cast)
    for actor in (cast.b.leader, cast.b.head, cast.b.officer, cast.b.clerk):
        assert "Đã thực hiện xong." in page(as_person(actor), document_id)


def test_a_task_of_another_document_is_not_found(cast: Cast, as_person: SignIn) -> None:
    one, other = an_assigned_document(cast), an_assigned_document(cast)
    answer = post(as_person(cast.b.officer), "work-start", one, officer_task(other))
    assert answer.status_code == 404
    assert officer_task(other).state is TaskState.WAITING


ACTS = [
    "work-assign-on",
    "work-start",
    "work-report",
    "work-rework",
    "work-approve",
    "work-decline",
    "work-note",
]


@pytest.mark.parametrize("name", ACTS)
def test_another_agency_gets_404_and_reading_acts_nothing(cast: Cast, as_person: SignIn, name: str) -> None:
    document_id = an_assigned_document(cast)
    task = officer_task(document_id)
    assert post(as_person(cast.a.officer), name, document_id, task).status_code == 404
    where = reverse(name, args=[document_id, task.id])
    assert as_person(cast.b.officer).get(where).status_code == 405
    assert officer_task(document_id).state is TaskState.WAITING


def test_a_stale_task_is_answered_with_409(cast: Cast, as_person: SignIn) -> None:
    document_id = an_assigned_document(cast)
    answer = post(as_person(cast.b.officer), "work-start", document_id, officer_task(document_id), version=77)
    assert answer.status_code == 409


def test_the_flow_names_the_state_and_says_how_late_somebody_is(cast: Cast, as_person: SignIn) -> None:
    import time_machine

    document_id = an_assigned_document(cast)
    with time_machine.travel("2026-12-10T09:00+07:00", tick=False):
        text = page(as_person(cast.b.head), document_id, "?mat=luong")
    assert "quá hạn" in text
    assert "Chờ nhận" in text
