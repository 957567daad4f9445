"""Trục liên thông: what the operator sees first, and the systems."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.axis.foreign.letters import Letter
from tests.cast import Cast
from tests.web.axis_desk.conftest import Traffic
from tests.web.pages import words_of
from vanthu.axis.models import AxisSystem
from vanthu.axis.rules.states import ParcelState
from vanthu.axis.sealing import unseal
from vanthu.kernel.actor import Actor

SignIn = Callable[[Actor], Client]
PAGES = [
    ("axis-overview", ()),
    ("axis-join", ()),
    ("axis-system", ("H26.01",)),
    ("axis-messages", ()),
    ("axis-message", ("0" * 24,)),
]
ACTS = [
    ("axis-close", ("H26.01",)),
    ("axis-reopen", ("H26.01",)),
    ("axis-renew", ("H26.01",)),
    ("axis-again", ("0" * 24,)),
    ("axis-stop", ("0" * 24,)),
    ("axis-join", ()),
]


def page(client: Client, name: str, *args: str, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200
    return words_of(response)


@pytest.mark.parametrize("who", ["clerk", "leader", "officer"])
def test_nobody_but_the_operator_opens_the_desk_or_acts(
    cast: Cast, traffic: Traffic, as_person: SignIn, who: str
) -> None:
    client = as_person(getattr(cast.a, who))
    for name, args in PAGES:
        assert client.get(reverse(name, args=args)).status_code == 403, name
    for name, args in ACTS:
        assert client.post(reverse(name, args=args), {"reason": "x"}).status_code == 403, name
    assert AxisSystem.objects.filter(is_active=True).count() == 3


def test_before_anybody_joined_the_page_says_what_to_do(cast: Cast, as_person: SignIn) -> None:
    text = page(as_person(cast.city_admin), "axis-overview")
    assert "Chưa có hệ thống nào tham gia trục." in text
    assert "vanthu axis serve" in text


def test_the_rail_of_the_operator_leads_to_the_axis(operator: Client) -> None:
    assert f'href="{reverse("axis-overview")}"' in operator.get("/quan-tri/co-quan/").content.decode()


def test_a_free_axis_is_one_sentence(traffic: Traffic, operator: Client) -> None:
    traffic.letter(Letter("H26.01.1", ("H26.02.1",)))
    text = page(operator, "axis-overview")
    assert "Trục đang thông" in text
    assert "Vắng từ 04:00 20/11/2026" in text
    assert "Chưa kết nối lần nào" in text
    assert "1 gói" in text


def test_a_parcel_that_waits_too_long_names_its_system(traffic: Traffic, operator: Client) -> None:
    traffic.letter(Letter("H26.01.1", ("H26.02.1",)), ago=timedelta(hours=3))
    text = page(operator, "axis-overview")
    assert "1 gói tin chờ nơi nhận, lâu nhất 3 giờ." in text
    assert "Hệ thống chờ lâu nhất: Phần mềm phường Đối Chiếu." in text


def test_errors_of_a_day_are_a_sentence_and_refusals_say_why(traffic: Traffic, operator: Client) -> None:
    traffic.refused("H26.02", "18", "Don vi nhan chua co tren truc: H26.KHONG")
    doc_id = traffic.letter(Letter("H26.01.1", ("H26.02.1",)))
    traffic.settled(f"{int(doc_id, 16) + 1:024x}", "H26.02", ParcelState.FAIL, "Hong tep")
    text = page(operator, "axis-overview")
    assert "trục không nhận 1 gói, báo lỗi 1 gói" in text
    assert "Nơi nhận không có trên trục." in text
    assert "Don vi nhan chua co tren truc: H26.KHONG" in text


def test_a_parcel_for_nobody_here_asks_for_the_axis_above(traffic: Traffic, operator: Client) -> None:
    traffic.letter(Letter("H26.01.1", ("G99",)))
    assert "Chưa cấu hình trục cấp trên." in page(operator, "axis-overview")


def test_a_new_system_shows_its_secret_once(cast: Cast, operator: Client) -> None:
    response = operator.post(
        reverse("axis-join"),
        {"code": "H26.03", "name": "Trung tâm mới", "kind": "centre", "allowed_codes": "H26.3.*\nH26.4"},
    )
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    row = AxisSystem.objects.get(code="H26.03")
    assert row.allowed_codes == ["H26.3.*", "H26.4"]
    secret = unseal(row.sealed_secret)
    assert secret in response.content.decode()
    assert secret not in page(operator, "axis-system", "H26.03")
    assert "H26.3.*, H26.4" in page(operator, "axis-system", "H26.03")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"code": "H26.01", "name": "Trùng", "kind": "centre"}, "Trục đã có hệ thống mang mã này."),
        ({"code": "có dấu", "name": "Sai", "kind": "centre"}, "chữ không dấu"),
        ({"code": "", "name": "", "kind": "centre"}, "bắt buộc"),
    ],
)
def test_a_system_that_cannot_join_is_refused_with_its_reason(
    traffic: Traffic, operator: Client, sent: dict[str, str], words: str
) -> None:
    response = operator.post(reverse("axis-join"), sent)
    assert response.status_code == 422
    assert words in words_of(response)
    assert AxisSystem.objects.count() == 3


def test_a_new_secret_replaces_the_old_and_stands_on_no_other_page(
    traffic: Traffic, operator: Client
) -> None:
    before = unseal(AxisSystem.objects.get(code="H26.01").sealed_secret)
    text = operator.post(reverse("axis-renew", args=["H26.01"])).content.decode()
    after = unseal(AxisSystem.objects.get(code="H26.01").sealed_secret)
    assert after != before
    assert after in text
    assert before not in text


def test_a_system_is_closed_with_a_reason_and_opened_again(traffic: Traffic, operator: Client) -> None:
    refused = operator.post(reverse("axis-close", args=["H26.02"]), {"reason": " "})
    assert refused.status_code == 422
    assert "Thiếu lý do đóng." in words_of(refused)
    closed = operator.post(reverse("axis-close", args=["H26.02"]), {"reason": "Sáp nhập phường"}, follow=True)
    assert "Sáp nhập phường" in words_of(closed)
    assert "Đã đóng" in page(operator, "axis-overview")
    operator.post(reverse("axis-reopen", args=["H26.02"]))
    assert AxisSystem.objects.get(code="H26.02").is_active


def test_the_page_of_a_system_lists_its_agencies(traffic: Traffic, operator: Client) -> None:
    text = page(operator, "axis-system", "H26.01")
    assert "Đơn vị H26.01.1" in text
    assert "Đơn vị H26.02.1" not in text
    assert operator.get(reverse("axis-system", args=["H26.99"])).status_code == 404


def test_pages_take_few_statements_however_many_systems_there_are(
    traffic: Traffic, operator: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(20):
        traffic.system(f"T{number}", f"Hệ thống {number}", f"T{number}.1")
        traffic.letter(Letter("H26.01.1", (f"T{number}.1",), number=str(number)))
    operator.get(reverse("axis-overview"))
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        operator.get(reverse("axis-overview"))


def test_nothing_on_the_desk_names_a_sealed_secret(traffic: Traffic, operator: Client) -> None:
    for name, args in PAGES[:4]:
        text = operator.get(reverse(name, args=args)).content.decode()
        assert not re.search(r"gAAAA[\w-]{20}", text), name
