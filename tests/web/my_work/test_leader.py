"""The leader directs, files, gives back; whoever is not he sees why he may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Agency, Cast
from tests.factories.registry import a_submitted_document
from tests.factories.routing import a_directed_document
from vanthu.kernel.actor import Actor
from vanthu.routing.queries import directives_of, handling_card, tasks_of
from vanthu.routing.rules.states import Part, State

SignIn = Callable[[Actor], Client]
QUEUE = "cho-chi-dao"


def url(name: str, document_id: int) -> str:
    return reverse(name, args=[document_id])


def page(client: Client, document_id: int, query: str = "") -> str:
    return client.get(url("document", document_id) + query).content.decode()


def a_directive(agency: Agency, document_id: int, **changes: Any) -> dict[str, Any]:
    card = handling_card(document_id)
    assert card is not None
    fields = {"version": card.version, "lead_unit_id": agency.unit.id, "text": "Giao chủ trì.", "days": 5}
    return fields | changes


def state_of(document_id: int) -> State:
    card = handling_card(document_id)
    assert card is not None
    return card.state


def test_the_leader_gives_lead_and_cooperating_units_their_tasks(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    data = a_directive(cast.b, document_id, cooperating=[cast.b.partner_unit.id])
    answer = as_person(cast.b.leader).post(url("work-direct", document_id), data)
    assert answer.status_code == 302
    assert {(task.unit_id, task.part) for task in tasks_of(document_id)} == {
        (cast.b.unit.id, Part.LEAD),
        (cast.b.partner_unit.id, Part.COOPERATE),
    }
    assert directives_of(document_id)[0].text == "Giao chủ trì."


def test_assign_and_next_opens_the_next_document_of_the_queue(cast: Cast, as_person: SignIn) -> None:
    first, second = a_submitted_document(cast), a_submitted_document(cast)
    client = as_person(cast.b.leader)
    data = a_directive(cast.b, first, roi="tiep") | {"hang-cho": QUEUE}
    answer = client.post(url("work-direct", first), data)
    assert answer.headers["Location"] == f"{url('document', second)}?hang-cho={QUEUE}"


def test_an_explicit_due_time_stands_over_the_number_of_days(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    data = a_directive(cast.b, document_id, due_at="2026-11-27T11:30")
    as_person(cast.b.leader).post(url("work-direct", document_id), data)
    card = handling_card(document_id)
    assert card is not None
    assert card.due_at is not None
    assert card.due_at.isoformat() == "2026-11-27T04:30:00+00:00"


def test_a_directive_without_a_lead_comes_back_with_what_was_written(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    data = a_directive(cast.b, document_id, lead_unit_id="", text="Nghiên cứu kỹ.")
    answer = as_person(cast.b.leader).post(url("work-direct", document_id), data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Chưa chọn đơn vị chủ trì." in text
    assert "VT-ROU-009" in text
    assert "Nghiên cứu kỹ." in text
    assert state_of(document_id) is State.AWAITING_DIRECTION


def test_a_directive_without_words_is_marked_at_its_field(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    answer = as_person(cast.b.leader).post(
        url("work-direct", document_id), a_directive(cast.b, document_id, text="")
    )
    assert answer.status_code == 422
    assert "Ghi ý kiến chỉ đạo." in answer.content.decode()


def test_a_due_time_that_has_passed_is_refused(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    data = a_directive(cast.b, document_id, due_at="2026-11-19T11:30")
    answer = as_person(cast.b.leader).post(url("work-direct", document_id), data)
    assert answer.status_code == 422
    assert "VT-ROU-012" in answer.content.decode()


def test_a_stale_form_is_answered_with_409(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    data = a_directive(cast.b, document_id, version=99)
    assert as_person(cast.b.leader).post(url("work-direct", document_id), data).status_code == 409


def test_directing_twice_is_answered_with_409(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    data = a_directive(cast.b, document_id)
    client = as_person(cast.b.leader)
    client.post(url("work-direct", document_id), data)
    again = client.post(url("work-direct", document_id), data)
    assert again.status_code == 409
    assert "VT-ROU-001" in again.content.decode()


def test_nobody_but_the_leader_directs(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    answer = as_person(cast.b.clerk).post(url("work-direct", document_id), a_directive(cast.b, document_id))
    assert answer.status_code == 403
    assert "VT-ROU-004" in answer.content.decode()
    assert state_of(document_id) is State.AWAITING_DIRECTION


def test_the_clerk_sees_the_act_disabled_with_its_reason(cast: Cast, as_person: SignIn) -> None:
    text = page(as_person(cast.b.clerk), a_submitted_document(cast))
    assert "Văn bản này trình lãnh đạo khác." in text
    assert 'aria-disabled="true"' in text
    assert "direct-form" not in text


def test_another_agency_gets_404_for_every_act(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    client = as_person(cast.a.leader)
    for name in ("work-direct", "work-file", "work-give-back", "work-take-up"):
        data = a_directive(cast.b, document_id, reason="Trả lại.")
        assert client.post(url(name, document_id), data).status_code == 404
    assert client.get(url("work-due", document_id), {"ngay": 5}).status_code == 404


def test_filed_for_information_is_taken_up_again(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    client = as_person(cast.b.leader)
    client.post(url("work-file", document_id), {"version": 1, "text": ""})
    assert state_of(document_id) is State.FILED
    assert "Xem xét lại" in page(client, document_id)
    card = handling_card(document_id)
    assert card is not None
    client.post(url("work-take-up", document_id), {"version": card.version})
    assert state_of(document_id) is State.AWAITING_DIRECTION


def test_the_records_office_gets_it_back_with_a_reason(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    client = as_person(cast.b.leader)
    refused = client.post(url("work-give-back", document_id), {"version": 1, "reason": ""})
    assert refused.status_code == 422
    assert "Chưa thực hiện được thao tác." in refused.content.decode()
    assert "Ghi rõ lý do." in refused.content.decode()
    client.post(url("work-give-back", document_id), {"version": 1, "reason": "Chưa rõ nơi ban hành."})
    assert state_of(document_id) is State.RETURNED
    assert "Lãnh đạo đã trả lại văn thư." in page(client, document_id)
    assert "Trình cho" in page(as_person(cast.b.clerk), document_id)


def test_the_due_time_is_computed_and_explained_before_the_act(cast: Cast, as_person: SignIn) -> None:
    document_id = a_submitted_document(cast)
    client = as_person(cast.b.leader)
    text = client.get(url("work-due", document_id), {"ngay": 5}).content.decode()
    assert "17:00 27/11/2026" in text
    assert "Không tính thứ Bảy 21/11/2026: nghỉ hằng tuần." in text
    assert "Nhập số ngày" in client.get(url("work-due", document_id), {"ngay": "x"}).content.decode()


def test_a_year_without_announcements_is_said_where_the_due_time_would_stand(
    cast: Cast, as_person: SignIn
) -> None:
    document_id = a_submitted_document(cast)
    answer = as_person(cast.b.leader).get(url("work-due", document_id), {"ngay": 365})
    assert answer.status_code == 200
    assert "2028" in answer.content.decode()


def test_a_phrase_fills_the_directive_without_javascript(cast: Cast, as_person: SignIn) -> None:
    text = page(as_person(cast.b.leader), a_submitted_document(cast), "?cau=0")
    assert "Chủ trì, tham mưu văn bản trả lời đúng thời hạn.</textarea>" in text


def test_the_load_of_each_unit_stands_beside_it(cast: Cast, as_person: SignIn) -> None:
    a_directed_document(cast)
    text = page(as_person(cast.b.leader), a_submitted_document(cast))
    assert "1 việc đang chủ trì" in text


@pytest.mark.parametrize("name", ["work-direct", "work-file", "work-give-back", "work-take-up"])
def test_reading_does_not_act(cast: Cast, as_person: SignIn, name: str) -> None:
    document_id = a_submitted_document(cast)
    assert as_person(cast.b.leader).get(url(name, document_id)).status_code == 405
    assert state_of(document_id) is State.AWAITING_DIRECTION


def test_the_screen_asks_as_many_questions_with_busy_units_as_with_idle_ones(
    cast: Cast, as_person: SignIn
) -> None:
    document_id = a_submitted_document(cast)
    client = as_person(cast.b.leader)
    page(client, document_id)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, document_id)
        return len(asked)

    before = questions()
    for _ in range(4):
        a_directed_document(cast, cooperating=True)
    assert questions() == before
