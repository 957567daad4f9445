"""Soạn, sửa, đính kèm: the page on which a draft is written."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import CLOSED, Cast
from tests.factories.drafting import a_draft, a_submitted_draft
from tests.factories.exchange import an_arrival
from tests.web.conftest import SignIn
from tests.web.pages import document_page, queries_of, words_of, writes_among
from vanthu.documents.models import Document
from vanthu.documents.queries import answered_by, current_files, recipients_of, record_of
from vanthu.drafting.queries import draft_card
from vanthu.drafting.rules.states import State

NEW = "/van-ban-di/soan/"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)


def filled(cast: Cast, **changes: Any) -> dict[str, Any]:
    fields = {
        "version": "",
        "type_code": "cong_van",
        "subject": "tổng kết công tác văn thư",
        "bases": "Luật Lưu trữ năm 2024\n\nNghị định số 30/2020/NĐ-CP",
        "body": "Đoạn thứ nhất.\r\n\r\nĐoạn thứ hai\r\nvẫn là đoạn thứ hai.",
        "recipients": [cast.b.code],
        "signer_post_id": cast.a.leader.post_id,
        "urgency": 1,
    }
    return fields | changes


def test_what_is_typed_becomes_a_printed_draft(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.a.officer).post(NEW, filled(cast))
    document = Document.objects.latest("id")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/van-ban/{document.pk}/")
    card = draft_card(document.pk)
    assert card is not None
    assert card.content["paragraphs"] == ["Đoạn thứ nhất.", "Đoạn thứ hai\nvẫn là đoạn thứ hai."]
    assert card.content["bases"] == ["Luật Lưu trữ năm 2024", "Nghị định số 30/2020/NĐ-CP"]
    assert [row.agency_code for row in recipients_of(document.pk)] == [cast.b.code]
    assert (document.urgency, document.page_count) == (1, 1)


def test_the_empty_page_ticks_nothing_and_writes_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.a.officer)
    assert writes_among(queries_of(client, NEW)) == []
    page = client.get(NEW)
    assert " checked" not in page.content.decode().split('class="write"')[1].split("</form>")[0]
    assert "Ủy ban nhân dân quận Trình Diễn đã giải thể từ 30/06/2025" in words_of(page)
    assert f'value="{cast.a.code}"' not in page.content.decode()


def test_a_missing_field_is_named_and_everything_typed_stays(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.a.officer).post(NEW, filled(cast, subject="", signer_post_id=""))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Nhập nội dung này." in text
    assert "Chọn người ký." in text
    assert "Đoạn thứ hai" in text
    assert f'value="{cast.b.code}" checked' in text


def test_a_closed_recipient_is_refused_with_its_successor(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.a.officer).post(NEW, filled(cast, recipients=[cast.b.code, CLOSED]))
    assert answer.status_code == 422
    words = words_of(answer)
    assert "Chưa lưu được nơi nhận." in words
    assert "Gửi cơ quan kế thừa: Ủy ban nhân dân phường Hoàn Kiếm." in words
    assert "VT-DRA-017" in words
    assert f'value="{CLOSED}" checked' in answer.content.decode()
    assert not Document.objects.exists()


def test_a_secret_does_not_enter(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.a.officer).post(NEW, filled(cast, body="TUYỆT MẬT\n\nNội dung."))
    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_several_files_come_along(cast: Cast, sign_in: SignIn) -> None:
    files = [SimpleUploadedFile(f"phu-luc-{n}.png", PICTURE, content_type="image/png") for n in (1, 2)]
    answer = sign_in(cast.a.officer).post(NEW, filled(cast, attachments=files))
    assert answer.status_code == 302
    named = [file.name for file in current_files(Document.objects.latest("id").pk)]
    assert named == ["van-ban.pdf", "phu-luc-1.png", "phu-luc-2.png"]


def test_a_file_that_is_not_what_it_says_leaves_no_half_saved_draft(cast: Cast, sign_in: SignIn) -> None:
    bad = SimpleUploadedFile("phu-luc.pdf", b"not a pdf at all", content_type="application/pdf")
    answer = sign_in(cast.a.officer).post(NEW, filled(cast, attachments=[bad]))
    assert answer.status_code == 422
    assert "Tệp đính kèm phải chọn lại" in words_of(answer)
    assert not Document.objects.exists()


def test_an_answer_begins_with_what_it_answers(cast: Cast, sign_in: SignIn) -> None:
    came = an_arrival(cast)
    client = sign_in(cast.b.clerk)
    assert client.get(f"{NEW}?tra-loi={came}").status_code == 403  # a clerk does not draft
    grant_to_officer(cast, came)
    client = sign_in(cast.b.officer)
    page = client.get(f"{NEW}?tra-loi={came}")
    assert f"Trả lời Văn bản số {record_of(came).full_number} ngày 20/11/2026" in words_of(page)
    assert f'value="{cast.a.code}" checked' in page.content.decode()
    fields = filled(cast, recipients=[cast.a.code], signer_post_id=cast.b.leader.post_id)
    assert client.post(f"{NEW}?tra-loi={came}", fields).status_code == 302
    assert answered_by(Document.objects.latest("id").pk) == came


def grant_to_officer(cast: Cast, document_id: int) -> None:
    from tests.conftest import FIXED_NOW
    from vanthu.documents.operations import grant_access
    from vanthu.kernel.actor import holder_of_post, system_actor

    grant_access(
        actor=system_actor(cast.b.id),
        document_id=document_id,
        agency_id=cast.b.id,
        holders=[holder_of_post(cast.b.officer.post_id or 0)],
        because="test",
        now=FIXED_NOW,
    )


def test_what_one_may_not_see_can_not_be_answered(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.a.officer)
    assert client.get(f"{NEW}?tra-loi={an_arrival(cast)}").status_code == 404
    assert client.get(f"{NEW}?tra-loi=x").status_code == 404


def test_whoever_does_not_draft_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.a.clerk).get(NEW)
    assert answer.status_code == 403
    assert "Vị trí hiện tại không được giao soạn thảo văn bản." in words_of(answer)


def test_the_author_mends_what_he_wrote(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_draft(cast)
    client, url = sign_in(cast.a.officer), f"/van-ban/{document_id}/sua/"
    page = client.get(url)
    assert "Đề nghị quý cơ quan phối hợp." in page.content.decode()
    assert f'value="{cast.b.code}" checked' in page.content.decode()
    card = draft_card(document_id)
    assert card is not None
    assert client.post(url, filled(cast, version=card.version)).status_code == 302
    assert record_of(document_id).subject == "tổng kết công tác văn thư"


def test_a_page_opened_before_another_change_is_refused_and_keeps_the_text(
    cast: Cast, sign_in: SignIn
) -> None:
    document_id = a_draft(cast)
    client, url = sign_in(cast.a.officer), f"/van-ban/{document_id}/sua/"
    card = draft_card(document_id)
    assert card is not None
    client.post(url, filled(cast, version=card.version))
    answer = client.post(url, filled(cast, version=card.version, subject="lần thứ hai"))
    assert answer.status_code == 409
    assert "lần thứ hai" in answer.content.decode()
    assert "VT-DOC-002" in words_of(answer)
    assert f'name="version" value="{card.version + 1}"' in answer.content.decode()


def test_a_draft_that_went_up_can_not_be_mended(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_submitted_draft(cast)
    assert sign_in(cast.a.officer).get(f"/van-ban/{document_id}/sua/").status_code == 409


def test_nobody_else_mends_a_draft(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_draft(cast)
    assert sign_in(cast.b.officer).get(f"/van-ban/{document_id}/sua/").status_code == 404
    came = an_arrival(cast)
    assert sign_in(cast.b.clerk).get(f"/van-ban/{came}/sua/").status_code == 404


def test_a_file_is_attached_from_the_panel(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_draft(cast)
    client = sign_in(cast.a.officer)
    url = f"/van-ban/{document_id}/dinh-kem/"
    file = SimpleUploadedFile("so-do.png", PICTURE, content_type="image/png")
    assert client.post(url, {"attachments": [file]}).status_code == 302
    assert "so-do.png" in words_of(document_page(client, document_id))
    assert client.post(url, {}).status_code == 422
    bad = SimpleUploadedFile("so-do.exe", b"MZ" + bytes(64), content_type="application/octet-stream")
    assert client.post(url, {"attachments": [bad]}).status_code == 422


def test_an_empty_list_of_recipients_is_said_at_its_field(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.a.officer).post(NEW, filled(cast, recipients=[]))
    assert answer.status_code == 422
    assert "Chọn ít nhất một nơi nhận." in words_of(answer)
    assert not draft_states()


def draft_states() -> list[State]:
    from vanthu.drafting.models import Draft

    return [State(row.state) for row in Draft.objects.all()]
