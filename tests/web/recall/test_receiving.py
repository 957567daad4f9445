"""The receiver's screens: the queue of requests, carrying one out, declining it, what stays afterwards."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.factories.recall import Sent, Stage, a_notice, a_sent_document, ask_back, run
from tests.factories.registry import an_issued_document
from tests.web.conftest import SignIn
from tests.web.pages import document_page, words_of
from vanthu.documents.rules.kinds import RelationKind
from vanthu.exchange.models import Demand
from vanthu.exchange.rules.states import DemandState


@pytest.fixture
def asked(cast: Cast) -> Sent:
    """A asks back what B works on."""
    sent = a_sent_document(cast, stage=Stage.STARTED)
    ask_back(cast, sent.sent_id)
    return sent


def test_the_request_lies_in_a_queue_of_its_own(cast: Cast, sign_in: SignIn, asked: Sent) -> None:
    client = sign_in(cast.b.clerk)
    words = words_of(client.get("/hang-cho/yeu-cau-thu-hoi/"))
    assert "Yêu cầu thu hồi, lấy lại" in words
    assert "phòng cháy" in words


def test_an_empty_queue_says_what_will_bring_something(cast: Cast, sign_in: SignIn) -> None:
    words = words_of(sign_in(cast.b.clerk).get("/hang-cho/yeu-cau-thu-hoi/"))
    assert "Văn bản đến bị nơi gửi thu hồi, xin lấy lại hoặc cập nhật sẽ hiện ở đây." in words


def test_the_clerk_agrees_and_everything_that_was_done_stays(
    cast: Cast, sign_in: SignIn, asked: Sent
) -> None:
    client = sign_in(cast.b.clerk)
    words = words_of(document_page(client, asked.received_id))
    assert "Nơi gửi xin lấy lại văn bản này." in words
    assert "Gửi nhầm nơi nhận" in words
    answer = client.post(
        f"/van-ban/{asked.received_id}/thuc-hien-thu-hoi/", {"demand": asked.demand.pk}, follow=True
    )
    words = words_of(answer)
    assert "Đã thực hiện; nơi gửi được báo." in words
    assert "BỊ THU HỒI" in words
    assert "Văn bản đã bị hủy theo yêu cầu của nơi gửi" in words
    stopped = words[words.index("Việc đã dừng") : words.index("Kết quả được giữ")]
    assert cast.b.officer.name in stopped
    assert cast.b.partner_head.name in stopped
    assert "Đã hủy văn bản, dừng xử lý tại nơi nhận." in words
    again = client.post(f"/van-ban/{asked.received_id}/thuc-hien-thu-hoi/", {"demand": asked.demand.pk})
    assert again.status_code == 409
    assert "VT-EXC-070" in words_of(again)


def test_the_clerk_declines_with_a_reason(cast: Cast, sign_in: SignIn, asked: Sent) -> None:
    client = sign_in(cast.b.clerk)
    address = f"/van-ban/{asked.received_id}/tu-choi-lay-lai/"
    blank = client.post(address, {"demand": asked.demand.pk, "reason": ""})
    assert blank.status_code == 422
    assert "Nhập nội dung này." in words_of(blank)
    answer = client.post(address, {"demand": asked.demand.pk, "reason": "Đã giải quyết"}, follow=True)
    assert "Đã từ chối; lý do được gửi tới nơi gửi." in words_of(answer)
    assert Demand.objects.get().state == DemandState.DECLINED
    words = words_of(document_page(client, asked.received_id))
    assert "Nơi gửi xin lấy lại" not in words
    assert "Lấy lại · Đã từ chối" in words


def test_a_revocation_offers_no_refusal(cast: Cast, sign_in: SignIn) -> None:
    sent = a_sent_document(cast)
    a_notice(cast, sent.sent_id)
    run()
    page = document_page(sign_in(cast.b.clerk), sent.received_id)
    words = words_of(page)
    assert "Nơi gửi thu hồi văn bản này." in words
    assert "Thực hiện thu hồi" in words
    assert "tu-choi-lay-lai" not in page.content.decode()
    refused = sign_in(cast.b.clerk).post(
        f"/van-ban/{sent.received_id}/tu-choi-lay-lai/", {"demand": sent.demand.pk, "reason": "Không"}
    )
    assert refused.status_code == 422
    assert "VT-EXC-068" in words_of(refused)


def test_whoever_works_on_it_sees_the_request_and_cannot_decide(
    cast: Cast, sign_in: SignIn, asked: Sent
) -> None:
    client = sign_in(cast.b.officer)
    words = words_of(document_page(client, asked.received_id))
    assert "Nơi gửi xin lấy lại văn bản này." in words
    assert "Chỉ văn thư cơ quan thực hiện bước này." in words
    answer = client.post(f"/van-ban/{asked.received_id}/thuc-hien-thu-hoi/", {"demand": asked.demand.pk})
    assert answer.status_code == 403


def test_the_leader_is_told_and_takes_note(cast: Cast, sign_in: SignIn, asked: Sent) -> None:
    sign_in(cast.b.clerk).post(
        f"/van-ban/{asked.received_id}/thuc-hien-thu-hoi/", {"demand": asked.demand.pk}
    )
    leader = sign_in(cast.b.leader)
    assert "phòng cháy" in words_of(leader.get("/hang-cho/bi-thu-hoi/"))
    assert "Đã biết" in words_of(document_page(leader, asked.received_id))
    answer = leader.post(f"/van-ban/{asked.received_id}/da-biet-thu-hoi/", follow=True)
    assert "Đã ghi nhận." in words_of(answer)
    assert "Đã biết" not in words_of(document_page(leader, asked.received_id))


def test_a_replaced_document_leads_to_the_new_one_and_back(cast: Cast, sign_in: SignIn) -> None:
    sent = a_sent_document(cast, stage=Stage.SUBMITTED)
    a_notice(cast, sent.sent_id, kind=RelationKind.REPLACES)
    run()
    client = sign_in(cast.b.clerk)
    words = words_of(document_page(client, sent.received_id))
    assert "ĐÃ THAY THẾ" in words
    assert "Thay thế bởi" in words
    new = document_page(client, sent.received_id).context["standing"].links[0]["id"]
    assert "Thay thế văn bản" in words_of(document_page(client, new))


def test_a_document_that_nobody_asks_back_says_nothing_of_it(cast: Cast, sign_in: SignIn) -> None:
    sent_id = an_issued_document(cast)
    words = words_of(document_page(sign_in(cast.a.clerk), sent_id))
    assert "THU HỒI" not in words
