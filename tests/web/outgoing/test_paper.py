"""Bản giấy on the screens: labels and slip, writing down, the book, the administrator's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.cast import Cast
from tests.factories.registry import an_issued_document
from tests.web.conftest import SignIn
from tests.web.pages import document_page, queries_of, words_of
from vanthu.exchange.models import Delivery, PaperPosting
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.organizations.operations import set_receiving_ability


@pytest.fixture
def on_paper(cast: Cast, now: datetime) -> int:
    set_receiving_ability(
        actor=cast.city_admin, agency_id=cast.ward.row.id, able=False, reason="Chưa kết nối", now=now
    )
    return an_issued_document(cast, to=(cast.b.code, cast.ward.row.code), now=now)


def paper_id(document_id: int) -> int:
    return Delivery.objects.get(document_id=document_id, state=DeliveryState.PAPER).pk


def posting(document_id: int, **changes: Any) -> dict[str, Any]:
    fields = {
        "delivery": [paper_id(document_id)],
        "posted_on": "2026-11-20",
        "way": "POST",
        "envelopes": 1,
        "receipt": "RR123",
    }
    return fields | changes


def test_the_panel_names_who_gets_paper_and_why(cast: Cast, sign_in: SignIn, on_paper: int) -> None:
    words = words_of(document_page(sign_in(cast.a.clerk), on_paper))
    assert "Gửi bản giấy cho 1 nơi nhận" in words
    assert f"{cast.ward.row.name} Chưa kết nối" in words
    assert "Chờ gửi bản giấy" in words


def test_labels_and_slip_come_as_one_file(cast: Cast, sign_in: SignIn, on_paper: int) -> None:
    answer = sign_in(cast.a.clerk).post(
        f"/van-ban/{on_paper}/gui-giay/in/", {"delivery": [paper_id(on_paper)]}
    )
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Cache-Control"] == "no-store"


def test_what_left_is_written_down_and_stands_in_the_book(cast: Cast, sign_in: SignIn, on_paper: int) -> None:
    client = sign_in(cast.a.clerk)
    assert client.post(f"/van-ban/{on_paper}/gui-giay/", posting(on_paper)).status_code == 302
    words = words_of(document_page(client, on_paper))
    assert "Gửi bản giấy cho" not in words
    assert "20/11/2026 · Bưu điện · 1 bì · RR123" in words
    book = words_of(client.get("/so-gui-buu-dien/?thang=2026-11"))
    assert "Tháng 11/2026: 1 dòng, 1 bì." in book
    assert cast.ward.row.name in book
    assert "Tháng này chưa gửi bản giấy nào." in words_of(client.get("/so-gui-buu-dien/?thang=2026-10"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"delivery": []}, "Chưa chọn nơi nhận nào."),
        ({"posted_on": "2026-12-31"}, "Ngày chuyển sau ngày hôm nay."),
        ({"posted_on": ""}, "Nhập nội dung này."),
    ],
)
def test_a_mistake_is_answered_on_the_form_and_nothing_is_written(
    cast: Cast, sign_in: SignIn, on_paper: int, changes: dict[str, Any], said: str
) -> None:
    answer = sign_in(cast.a.clerk).post(f"/van-ban/{on_paper}/gui-giay/", posting(on_paper, **changes))
    assert answer.status_code in {409, 422}
    assert said in words_of(answer)
    assert not PaperPosting.objects.exists()


def test_another_agency_gets_404_and_a_leader_the_reason(cast: Cast, sign_in: SignIn, on_paper: int) -> None:
    for path in (f"/van-ban/{on_paper}/gui-giay/", f"/van-ban/{on_paper}/gui-giay/in/"):
        assert sign_in(cast.ward.clerk).post(path, posting(on_paper)).status_code == 404
        assert sign_in(cast.a.leader).post(path, posting(on_paper)).status_code == 403
    assert sign_in(cast.a.leader).get("/so-gui-buu-dien/").status_code == 403


def test_what_could_not_be_sent_is_turned_to_paper(cast: Cast, sign_in: SignIn, on_paper: int) -> None:
    row = Delivery.objects.get(document_id=on_paper, recipient_code=cast.b.code)
    Delivery.objects.filter(pk=row.pk).update(
        state=DeliveryState.FAILED, last_error="Đường truyền gián đoạn."
    )
    client = sign_in(cast.a.clerk)
    assert "Chuyển sang gửi bản giấy" in words_of(document_page(client, on_paper))
    assert client.post(f"/van-ban/{on_paper}/gui-giay/{row.pk}/").status_code == 302
    assert "Gửi bản giấy cho 2 nơi nhận" in words_of(document_page(client, on_paper))


def test_the_administrator_reads_who_cannot_receive_and_how_much_went_on_paper(
    cast: Cast, sign_in: SignIn, on_paper: int
) -> None:
    words = words_of(sign_in(cast.city_admin).get("/quan-tri/ban-giay/"))
    assert "1 cơ quan chưa nhận được văn bản điện tử." in words
    assert "30 ngày qua: 1 lượt gửi bản giấy, 1 lượt còn chờ văn thư gửi." in words
    assert "Chưa kết nối" in words
    assert sign_in(cast.a.clerk).get("/quan-tri/ban-giay/").status_code == 403


def test_the_book_asks_the_same_questions_however_long_it_is(
    cast: Cast, sign_in: SignIn, on_paper: int
) -> None:
    client = sign_in(cast.a.clerk)
    before = len(queries_of(client, "/so-gui-buu-dien/?thang=2026-11"))
    client.post(f"/van-ban/{on_paper}/gui-giay/", posting(on_paper))
    assert len(queries_of(client, "/so-gui-buu-dien/?thang=2026-11")) <= before
