"""Hộp đen of the axis: the list of messages, and everything that happened to one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.axis.foreign.letters import Letter
from tests.web.axis_desk.conftest import Traffic
from tests.web.axis_desk.test_overview import page
from tests.web.pages import words_of
from vanthu.axis.models import Message, Parcel
from vanthu.axis.rules.states import ParcelState

LETTER = Letter("H26.01.1", ("H26.02.1", "0201234567"), subject="V/v rà soát thử nghiệm")


def parcel_of(doc_id: str, code: str) -> str:
    return Parcel.objects.get(message_id=doc_id, to_code=code).pk


def test_an_empty_axis_says_what_will_bring_a_message(traffic: Traffic, operator: Client) -> None:
    assert "Chưa có gói tin nào qua trục." in page(operator, "axis-messages")
    assert "Không có gói tin nào khớp." in page(operator, "axis-messages", query="?don_vi=X")


def test_the_list_is_walked_by_key_and_holds_every_message_once(traffic: Traffic, operator: Client) -> None:
    for number in range(120):
        traffic.letter(
            Letter("H26.01.1", ("H26.02.1",), number=str(number + 1), subject=f"V/v số {number:03d}.")
        )
    url, seen = reverse("axis-messages"), []
    while url:
        response = operator.get(url)
        seen += [row["title"] for row in response.context["rows"]]
        url = response.context["more_url"]
        url = url and reverse("axis-messages") + url
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tim=7/A", 1),
        ("tim=H26.01.1,2026/11/20,7/A", 1),
        ("he_thong=H26.DN.1", 1),
        ("he_thong=H26.01", 2),
        ("don_vi=0201234567", 1),
        ("don_vi=H26.01.1", 2),
        ("tinh_trang=DONE", 1),
        ("tinh_trang=FAIL", 0),
        ("ngay=2026-11-20", 2),
        ("ngay=2026-11-19", 0),
        ("ngay=hom-qua", 2),
        ("tinh_trang=lost", 2),
    ],
)
def test_the_list_is_narrowed(traffic: Traffic, operator: Client, query: str, found: int) -> None:
    first = traffic.letter(Letter("H26.01.1", ("H26.02.1",), number="7", notation="A"))
    traffic.letter(Letter("H26.01.1", ("0201234567",), number="8", notation="B"))
    traffic.settled(parcel_of(first, "H26.02.1"), "H26.02", ParcelState.DONE)
    response = operator.get(f"{reverse('axis-messages')}?{query}")
    assert len(response.context["rows"]) == found


def test_a_message_is_found_by_the_id_of_its_receiver(traffic: Traffic, operator: Client) -> None:
    doc_id = traffic.letter(LETTER)
    parcel = parcel_of(doc_id, "H26.02.1")
    assert len(operator.get(f"{reverse('axis-messages')}?tim={parcel}").context["rows"]) == 1
    assert LETTER.subject in page(operator, "axis-message", parcel)


def test_the_way_to_each_receiver_is_told_in_order(traffic: Traffic, operator: Client) -> None:
    doc_id = traffic.letter(LETTER)
    parcel = parcel_of(doc_id, "H26.02.1")
    traffic.fetched(parcel, doc_id, "H26.02", timedelta(minutes=4))
    traffic.settled(parcel, "H26.02", ParcelState.DONE)
    traffic.report(LETTER, "H26.02.1", "01", ago=timedelta(seconds=50))
    traffic.report(LETTER, "H26.02.1", "03", ago=timedelta(seconds=20))
    text = page(operator, "axis-message", doc_id)
    told = ["gửi lên, trục đã lưu", "lấy nội dung", "báo đã nhận xong", "01 – đã đến", "03 – đã tiếp nhận"]
    places = [text.index(words) for words in told]
    assert places == sorted(places)
    assert "10.1.2.4" in text
    assert "status=done" in text
    assert "1 trên 2 nơi nhận đã nhận xong" in text


@pytest.mark.parametrize(
    ("hours", "prepare", "cause"),
    [
        (2, "silent", "Hệ thống của nơi nhận không kết nối từ 04:00 20/11/2026."),
        (2, "seen", "Hệ thống của nơi nhận vẫn kết nối nhưng chưa lấy gói tin này."),
        (2, "fetched", "Nơi nhận đã lấy gói tin nhưng chưa báo kết quả"),
        (2, "never", "Hệ thống của nơi nhận chưa lần nào kết nối tới trục."),
        (0, "failed", "Nơi nhận báo lỗi: Khong mo duoc tep"),
        (0, "closed", "Hệ thống của nơi nhận đã đóng kết nối với trục."),
    ],
)
def test_what_holds_a_parcel_up_is_said_with_its_remedy(
    traffic: Traffic, operator: Client, hours: int, prepare: str, cause: str
) -> None:
    to, system = ("0201234567", "H26.DN.1") if prepare == "never" else ("H26.02.1", "H26.02")
    doc_id = traffic.letter(Letter("H26.01.1", (to,)), ago=timedelta(hours=hours))
    parcel = parcel_of(doc_id, to)
    if prepare in {"seen", "fetched"}:
        traffic.seen(system, timedelta(minutes=1))
    if prepare == "fetched":
        traffic.fetched(parcel, doc_id, system, timedelta(hours=1))
    if prepare == "failed":
        traffic.settled(parcel, system, ParcelState.FAIL, "Khong mo duoc tep")
    if prepare == "closed":
        operator.post(reverse("axis-close", args=[system]), {"reason": "thử"})
    text = page(operator, "axis-message", doc_id)
    assert cause in text
    assert "1 trên 1 nơi nhận đang vướng." in text


def test_a_failed_parcel_is_delivered_again(traffic: Traffic, operator: Client) -> None:
    doc_id = traffic.letter(LETTER)
    parcel = parcel_of(doc_id, "H26.02.1")
    traffic.settled(parcel, "H26.02", ParcelState.FAIL, "hong")
    text = words_of(operator.post(reverse("axis-again", args=[parcel]), follow=True))
    assert "cho giao lại" in text
    assert Parcel.objects.get(pk=parcel).state == ParcelState.INITIAL
    refused = operator.post(reverse("axis-again", args=[parcel]))
    assert refused.status_code == 409
    assert "đang trong danh sách chờ" in words_of(refused)


def test_a_parcel_is_stopped_with_a_reason_that_its_sender_reads(traffic: Traffic, operator: Client) -> None:
    doc_id = traffic.letter(LETTER)
    parcel = parcel_of(doc_id, "H26.02.1")
    assert operator.post(reverse("axis-stop", args=[parcel]), {"reason": ""}).status_code == 422
    text = words_of(operator.post(reverse("axis-stop", args=[parcel]), {"reason": "Gửi nhầm"}, follow=True))
    assert "dừng giao" in text
    assert "Gửi nhầm" in text
    row = Parcel.objects.get(pk=parcel)
    assert (row.state, row.description) == (ParcelState.FAIL, "Gửi nhầm")
    assert operator.post(reverse("axis-stop", args=[parcel]), {"reason": "x"}).status_code == 409


def test_bytes_that_were_forgotten_are_not_delivered_again(traffic: Traffic, operator: Client) -> None:
    doc_id = traffic.letter(LETTER)
    parcel = parcel_of(doc_id, "H26.02.1")
    traffic.settled(parcel, "H26.02", ParcelState.DONE)
    Message.objects.filter(pk=doc_id).update(content=None, forgotten_at=traffic.now)
    assert operator.post(reverse("axis-again", args=[parcel])).status_code == 422
    assert "Nội dung đã được bỏ vì hết hạn lưu." in page(operator, "axis-message", doc_id)


def test_the_head_of_the_message_is_shown_and_its_attachments_are_only_named(
    traffic: Traffic, operator: Client
) -> None:
    text = page(operator, "axis-message", traffic.letter(LETTER))
    assert "Người Ký Thử" in text
    assert "Đơn vị H26.02.1 (H26.02.1)" in text
    assert "%PDF" not in text
    report = page(operator, "axis-message", traffic.report(LETTER, "H26.02.1", "03"))
    assert "03 – đã tiếp nhận" in report


def test_a_message_that_is_not_there_is_not_found(traffic: Traffic, operator: Client) -> None:
    assert operator.get(reverse("axis-message", args=["f" * 24])).status_code == 404
    assert operator.post(reverse("axis-again", args=["f" * 24])).status_code == 404
