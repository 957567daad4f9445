"""The face "Chữ ký" shows how an issued document is kept, and lets who may see the document take the rendition."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.cast import Cast
from tests.factories.registry import a_sealed_document, an_issued_document
from tests.web.conftest import SignIn
from tests.web.pages import words_of
from vanthu.documents.queries import main_bytes
from vanthu.signing.models import KeptRendition
from vanthu.signing.operations import keep_rendition

HOUR = timedelta(hours=1)


def a_kept_document(cast: Cast, now: datetime) -> int:
    document_id = an_issued_document(cast, type_code="quyet_dinh")
    row = KeptRendition.objects.get(document_id=document_id)
    assert keep_rendition(rendition_id=row.pk, now=now + HOUR)
    return document_id


def test_the_face_says_level_and_renewal_and_offers_the_file(
    cast: Cast, sign_in: SignIn, now: datetime
) -> None:
    document_id = a_kept_document(cast, now)
    client = sign_in(cast.a.clerk)
    text = words_of(client.get(f"/van-ban/{document_id}/?mat=chu-ky"))
    assert "Bản lưu trữ dài hạn: B-LTA, gia hạn trước 05/07/2030, tự chứng minh đến 01/01/2031." in text
    assert "Tải bản lưu trữ dài hạn" in text
    answer = client.get(f"/van-ban/{document_id}/ban-luu-tru/")
    assert answer.content.startswith(main_bytes(document_id))
    assert len(answer.content) > len(main_bytes(document_id))
    assert answer["Content-Disposition"].startswith("attachment")


def test_before_it_is_made_the_face_says_that_it_waits(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_issued_document(cast)
    client = sign_in(cast.a.clerk)
    text = words_of(client.get(f"/van-ban/{document_id}/?mat=chu-ky"))
    assert "Bản lưu trữ dài hạn: chờ tạo, mức B-LT." in text
    assert "Tải bản lưu trữ dài hạn" not in text
    assert client.get(f"/van-ban/{document_id}/ban-luu-tru/").status_code == 404


def test_a_document_that_was_not_issued_has_no_such_line(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_sealed_document(cast)
    text = words_of(sign_in(cast.a.clerk).get(f"/van-ban/{document_id}/?mat=chu-ky"))
    assert "Lưu trữ dài hạn" not in text


def test_who_may_not_see_the_document_does_not_get_its_rendition(
    cast: Cast, sign_in: SignIn, now: datetime
) -> None:
    document_id = a_kept_document(cast, now)
    assert sign_in(cast.b.clerk).get(f"/van-ban/{document_id}/ban-luu-tru/").status_code == 404
