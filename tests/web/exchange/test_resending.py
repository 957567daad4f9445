"""«Gửi lại» on the screens: who finds it, what a press does, and what is said where it can't help."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.cast import Cast
from tests.factories.registry import an_issued_document
from tests.proof import audited
from tests.web.conftest import SignIn
from tests.web.exchange.test_recorder import a_packet
from tests.web.pages import document_page, queries_of, words_of
from vanthu.exchange.models import Delivery, Packet, PacketState
from vanthu.exchange.operations.carrying import words_for
from vanthu.exchange.rules.diagnoses import Diagnosis
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation.models import Job

ERROR = words_for(Diagnosis.SENDER_UNKNOWN)


@pytest.fixture
def failed(cast: Cast, now: datetime, settings: Any) -> Delivery:
    """What a refusal of the axis left behind, at an installation with a line."""
    settings.VANTHU_LINE_URL = "http://127.0.0.1:9"
    document_id = an_issued_document(cast, now=now)
    a_packet(
        document_id,
        now,
        state=PacketState.FAILED,
        axis_id="",
        attempts=1,
        error_code="sender-unknown",
        last_error=ERROR,
    )
    Delivery.objects.filter(document_id=document_id).update(state=DeliveryState.FAILED, last_error=ERROR)
    return Delivery.objects.get(document_id=document_id)


def recorder(row: Delivery) -> str:
    return f"/van-ban/{row.document_id}/hop-den/{row.pk}/"


def address(row: Delivery) -> str:
    return f"{recorder(row)}gui-lai/"


def offers(page: Any, row: Delivery) -> bool:
    return f'action="{address(row)}"' in page.content.decode()


def test_the_clerk_presses_beside_the_receiver_and_it_is_queued(
    cast: Cast, sign_in: SignIn, failed: Delivery
) -> None:
    client = sign_in(cast.a.clerk)
    page = document_page(client, failed.document_id)
    assert offers(page, failed)
    assert "Gửi lại" in words_of(page)
    Job.objects.all().delete()
    with audited() as log:
        answer = client.post(address(failed))
    assert (answer.status_code, answer["Location"]) == (302, f"/van-ban/{failed.document_id}/")
    assert log.verbs == ["exchange.packet.resend"] * 2
    assert Packet.objects.get().state == PacketState.TO_SEND
    assert Job.objects.filter(kind="exchange.send_packet").count() == 1
    page = document_page(client, failed.document_id)
    assert "Đã xếp hàng gửi lại cho 1 nơi nhận." in words_of(page)
    assert not offers(page, failed)
    history = client.get(f"/van-ban/{failed.document_id}/?mat=lich-su")
    assert "gửi lại qua trục liên thông" in words_of(history)


def test_pressed_in_the_recorder_it_comes_back_there(cast: Cast, sign_in: SignIn, failed: Delivery) -> None:
    client = sign_in(cast.a.clerk)
    page = client.get(recorder(failed))
    assert offers(page, failed)
    assert "trục đã có thì không thành hai bản" in words_of(page)
    assert words_of(page).count("Cơ quan gửi chưa được đăng ký trên trục (mã 19).") == 1
    answer = client.post(address(failed), {"ve": "hop-den"}, follow=True)
    assert answer.redirect_chain == [(recorder(failed), 302)]
    assert "Đã xếp hàng gửi lại. Lần gửi trước: Cơ quan gửi chưa được đăng ký" in words_of(answer)
    assert "Đã xếp hàng gửi lại cho 1 nơi nhận." in words_of(answer)
    assert not offers(answer, failed)


def test_pressed_twice_it_says_the_same_and_queues_once(
    cast: Cast, sign_in: SignIn, failed: Delivery
) -> None:
    client = sign_in(cast.a.clerk)
    Job.objects.all().delete()
    assert [client.post(address(failed)).status_code for _press in range(2)] == [302, 302]
    assert Job.objects.filter(kind="exchange.send_packet").count() == 1


def test_a_failure_that_the_clerk_has_taken_note_of_still_offers_it(
    cast: Cast, sign_in: SignIn, failed: Delivery
) -> None:
    Delivery.objects.update(is_acknowledged=True)
    assert offers(document_page(sign_in(cast.a.clerk), failed.document_id), failed)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"error_code": "receiver-unknown"}, "Mã nơi nhận sai thì bổ sung nơi nhận theo mã đúng"),
        ({"error_code": "file-invalid"}, "gửi lại y nguyên sẽ bị từ chối như trước. Gửi bản giấy"),
        ({"state": PacketState.TAKEN}, "Gói tin không bị lỗi"),
    ],
)
def test_where_it_cannot_help_there_is_no_button_and_a_press_is_answered_with_what_to_do(
    cast: Cast, sign_in: SignIn, failed: Delivery, changes: dict[str, str], said: str
) -> None:
    Packet.objects.update(**changes)
    client = sign_in(cast.a.clerk)
    assert not offers(document_page(client, failed.document_id), failed)
    assert not offers(client.get(recorder(failed)), failed)
    answer = client.post(address(failed))
    assert answer.status_code == 422
    assert said in words_of(answer)


def test_without_a_line_there_is_no_button_and_a_press_says_why(
    cast: Cast, sign_in: SignIn, failed: Delivery, settings: Any
) -> None:
    settings.VANTHU_LINE_URL = ""
    client = sign_in(cast.a.clerk)
    assert not offers(document_page(client, failed.document_id), failed)
    assert not offers(client.get(recorder(failed)), failed)
    answer = client.post(address(failed))
    assert answer.status_code == 422
    assert "Hệ thống chưa nối trục liên thông." in words_of(answer)


def test_what_was_never_composed_for_the_axis_says_so(cast: Cast, sign_in: SignIn, failed: Delivery) -> None:
    Delivery.objects.update(packet=None)
    client = sign_in(cast.a.clerk)
    assert not offers(document_page(client, failed.document_id), failed)
    answer = client.post(address(failed))
    assert answer.status_code == 422
    assert "không có gói tin nào để gửi qua trục liên thông" in words_of(answer)


def test_a_leader_finds_no_button_and_gets_the_reason_and_another_agency_404(
    cast: Cast, sign_in: SignIn, failed: Delivery
) -> None:
    leader = sign_in(cast.a.leader)
    assert not offers(document_page(leader, failed.document_id), failed)
    assert not offers(leader.get(recorder(failed)), failed)
    assert leader.post(address(failed)).status_code == 403
    assert sign_in(cast.ward.clerk).post(address(failed)).status_code == 404
    clerk = sign_in(cast.a.clerk)
    assert clerk.post(f"/van-ban/{failed.document_id}/hop-den/{failed.pk + 1000}/gui-lai/").status_code == 404
    assert clerk.get(address(failed)).status_code == 405
    assert Packet.objects.get().state == PacketState.FAILED


def test_the_button_costs_the_document_no_question(cast: Cast, sign_in: SignIn, failed: Delivery) -> None:
    client = sign_in(cast.a.clerk)
    url = f"/van-ban/{failed.document_id}/"
    offered = len(queries_of(client, url))
    Packet.objects.update(error_code="receiver-unknown")
    assert offered == len(queries_of(client, url)) <= 30
