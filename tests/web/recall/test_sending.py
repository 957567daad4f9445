"""The sender's screens: asking back, revoking by a notice, replacing, adding recipients."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.test import Client

from tests.cast import Cast
from tests.factories.recall import Stage, a_notice, a_sent_document, ask_back, run
from tests.web.conftest import SignIn
from tests.web.pages import document_page, words_of
from vanthu.documents.queries import concern_of
from vanthu.documents.rules.kinds import Concern, RelationKind
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import Ask, Delivery, Demand
from vanthu.exchange.rules.states import AskKind


def asked(cast: Cast, document_id: int, **changes: Any) -> dict[str, Any]:
    rows = Delivery.objects.filter(document_id=document_id)
    return {
        "kind": "TAKE_BACK",
        "delivery": list(rows.values_list("pk", flat=True)),
        "reason": "Gửi nhầm nơi nhận",
        "leader_post_id": cast.a.leader.post_id,
    } | changes


def test_the_page_of_asking_back_says_what_it_would_undo(cast: Cast, sign_in: SignIn) -> None:
    sent = a_sent_document(cast, stage=Stage.STARTED)
    words = words_of(sign_in(cast.a.clerk).get(f"/van-ban/{sent.sent_id}/lay-lai/"))
    assert "1 nơi nhận: 1 đã nhận gói tin, 1 đã tiếp nhận, 1 đã phân công, 0 đã giải quyết xong." in words
    assert "Nếu lấy lại: công việc đang làm dừng lại" in words
    assert "Nơi nhận đã làm gì" in words


def test_the_clerk_asks_back_and_sees_the_answer(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    sent = a_sent_document(cast)
    client = sign_in(cast.a.clerk)
    assert "Lấy lại" in words_of(document_page(client, sent.sent_id))
    answer = client.post(f"/van-ban/{sent.sent_id}/lay-lai/", asked(cast, sent.sent_id), follow=True)
    words = words_of(answer)
    assert "Đã gửi yêu cầu tới 1 nơi nhận." in words
    assert "Đang yêu cầu lấy lại 1" in words
    assert f"Lấy lại · 09:00 20/11/2026 · {cast.a.leader.name}" in words

    run(now)
    exchange.decline_demand(
        actor=cast.b.clerk,
        document_id=sent.received_id,
        demand_id=sent.demand.pk,
        reason="Đã giải quyết",
        now=now,
    )
    run(now)
    words = words_of(document_page(client, sent.sent_id))
    assert "Lấy lại · Từ chối: Đã giải quyết" in words
    assert client.post(f"/van-ban/{sent.sent_id}/da-biet-tu-choi/").status_code == 302
    assert "trả lại hoặc chưa gửi được" not in words_of(document_page(client, sent.sent_id))


def test_asking_nobody_is_refused_in_words(cast: Cast, sign_in: SignIn) -> None:
    sent = a_sent_document(cast)
    client = sign_in(cast.a.clerk)
    answer = client.post(f"/van-ban/{sent.sent_id}/lay-lai/", asked(cast, sent.sent_id, delivery=[]))
    assert answer.status_code == 422
    assert "VT-EXC-061" in words_of(answer)
    blank = client.post(f"/van-ban/{sent.sent_id}/lay-lai/", asked(cast, sent.sent_id, reason=""))
    assert blank.status_code == 422
    assert "Nhập nội dung này." in words_of(blank)
    assert Ask.objects.count() == 0


def test_a_recipient_is_struck_out_on_the_same_page(cast: Cast, sign_in: SignIn) -> None:
    sent = a_sent_document(cast)
    client = sign_in(cast.a.clerk)
    client.post(f"/van-ban/{sent.sent_id}/lay-lai/", asked(cast, sent.sent_id, kind="REMOVE"))
    assert Ask.objects.get().kind == AskKind.REMOVE
    assert "Đang bớt nơi nhận 1" in words_of(document_page(client, sent.sent_id))


def test_only_the_clerk_finds_these_pages_open(cast: Cast, sign_in: SignIn) -> None:
    sent = a_sent_document(cast)
    officer = sign_in(cast.a.officer)
    for page in ("lay-lai", "bo-sung-noi-nhan"):
        assert officer.get(f"/van-ban/{sent.sent_id}/{page}/").status_code == 403
    assert officer.get(f"/van-ban/{sent.sent_id}/thu-hoi/").status_code == 200
    for stranger in (cast.b.clerk, cast.outsider):
        for page in ("lay-lai", "bo-sung-noi-nhan", "thu-hoi"):
            assert sign_in(stranger).get(f"/van-ban/{sent.sent_id}/{page}/").status_code == 404
    assert sign_in(cast.b.clerk).get(f"/van-ban/{sent.received_id}/lay-lai/").status_code == 404


def draft(cast: Cast, page: Any, **changes: Any) -> dict[str, Any]:
    """The draft's form as its page was filled in."""
    form = page.context["form"]
    names = ("type_code", "subject", "bases", "body", "urgency", "concern_kind", "concern_number")
    filled = {name: "" if form[name].value() is None else form[name].value() for name in names}
    return (
        filled
        | {
            "recipients": form["recipients"].value(),
            "signer_post_id": cast.a.leader.post_id,
        }
        | changes
    )


def page_of_draft(client: Client, document_id: int, name: str = "thu-hoi") -> Any:
    return client.get(f"/van-ban-di/soan/?{name}={document_id}")


def test_a_notice_is_begun_from_the_document_that_it_revokes(cast: Cast, sign_in: SignIn) -> None:
    sent = a_sent_document(cast)
    officer = sign_in(cast.a.officer)
    words = words_of(officer.get(f"/van-ban/{sent.sent_id}/thu-hoi/"))
    assert "Soạn thông báo thu hồi" in words
    page = page_of_draft(officer, sent.sent_id)
    filled = draft(cast, page)
    assert filled["type_code"] == "thong_bao"
    assert filled["recipients"] == [cast.b.code]
    assert "Nay thu hồi Văn bản số" in filled["body"]
    answer = officer.post("/van-ban-di/soan/", filled)
    assert answer.status_code == 302
    new = int(answer.url.split("/")[2])
    assert concern_of(new) == Concern(RelationKind.REVOKES, sent.sent_id)
    assert "Thu hồi văn bản" in words_of(document_page(officer, new))

    edit = officer.get(f"/van-ban/{new}/sua/")
    assert edit.context["form"]["concern_number"].value() == filled["concern_number"]
    dropped = draft(cast, edit, concern_kind="", concern_number="", version=edit.context["version"])
    assert officer.post(f"/van-ban/{new}/sua/", dropped).status_code == 302
    assert concern_of(new) is None


def test_a_number_that_was_not_issued_here_is_not_taken(cast: Cast, sign_in: SignIn) -> None:
    sent = a_sent_document(cast)
    officer = sign_in(cast.a.officer)
    page = page_of_draft(officer, sent.sent_id, "thay-the")
    wrong = officer.post("/van-ban-di/soan/", draft(cast, page, concern_number="999/KHONG"))
    assert wrong.status_code == 422
    assert "Không có văn bản đã phát hành mang số này." in words_of(wrong)
    half = officer.post("/van-ban-di/soan/", draft(cast, page, concern_kind=""))
    assert half.status_code == 422
    assert "Chọn thu hồi hay thay thế." in words_of(half)


def test_an_ended_document_says_so_on_every_face(cast: Cast, sign_in: SignIn) -> None:
    sent = a_sent_document(cast)
    notice = a_notice(cast, sent.sent_id)
    client = sign_in(cast.a.clerk)
    for face in ("xu-ly", "luong", "thong-tin", "chu-ky", "lich-su"):
        words = words_of(client.get(f"/van-ban/{sent.sent_id}/?mat={face}"))
        assert "ĐÃ THU HỒI" in words
        assert "Thu hồi bởi" in words
    words = words_of(document_page(client, sent.sent_id))
    assert "Đang thu hồi 1" in words
    assert "Bổ sung nơi nhận" not in words
    assert "Thu hồi văn bản" in words_of(document_page(client, notice))
    assert "không còn hiệu lực" in words_of(client.get(f"/van-ban/{sent.sent_id}/thu-hoi/"))


def test_the_clerk_adds_recipients(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    sent = a_sent_document(cast)
    client = sign_in(cast.a.clerk)
    page = client.get(f"/van-ban/{sent.sent_id}/bo-sung-noi-nhan/")
    assert cast.b.row.name not in words_of(page)
    form = {
        "recipients": [cast.ward.row.code],
        "reason": "Cần phối hợp",
        "leader_post_id": cast.a.leader.post_id,
    }
    nobody = client.post(f"/van-ban/{sent.sent_id}/bo-sung-noi-nhan/", form | {"recipients": []})
    assert nobody.status_code == 422
    answer = client.post(f"/van-ban/{sent.sent_id}/bo-sung-noi-nhan/", form, follow=True)
    assert "Đang gửi tới 1 nơi nhận bổ sung." in words_of(answer)
    run(now)
    assert cast.ward.row.name in words_of(document_page(client, sent.sent_id))


def test_what_was_asked_stands_in_the_history(cast: Cast, sign_in: SignIn) -> None:
    sent = a_sent_document(cast)
    ask_back(cast, sent.sent_id)
    words = words_of(sign_in(cast.a.clerk).get(f"/van-ban/{sent.sent_id}/?mat=lich-su"))
    assert "yêu cầu lấy lại Gửi nhầm nơi nhận" in words
    assert Demand.objects.count() == 1
