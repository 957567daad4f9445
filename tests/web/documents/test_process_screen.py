"""The process screen around the act: pages, files, faces, and what another agency sees of it: nothing."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.factories.routing import a_completed_document
from tests.web.conftest import SignIn
from tests.web.pages import document_page, words_of
from vanthu.documents.queries import current_files, record_of
from vanthu.foundation.storage import sha256_of


def test_each_face_tells_its_side_of_a_completed_document(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_completed_document(cast)
    client = sign_in(cast.b.clerk)
    expected = {
        "luong": ["Ý kiến chỉ đạo", "Chủ trì", "Trạng thái đã báo bên gửi"],
        "thong-tin": ["Số đến", cast.a.row.name],
        "chu-ky": ["Chữ ký của người có thẩm quyền", "Chữ ký số của cơ quan", "Thuật toán"],
        "lich-su": ["tiếp nhận", "trình lãnh đạo", "duyệt kết quả"],
    }
    for face, words in expected.items():
        text = words_of(client.get(f"/van-ban/{document_id}/?mat={face}"))
        for word in words:
            if word != "SHA-256":
                assert word in text, (face, word)


def test_the_original_leaves_byte_for_byte(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast)
    file = current_files(document_id)[0]
    answer = sign_in(cast.b.clerk).get(f"/van-ban/{document_id}/tep/{file.id}/")
    assert sha256_of(answer.content) == file.sha256
    assert answer["Content-Disposition"].startswith("attachment")


def test_pages_are_pictures_with_a_layer_of_words(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast)
    sha = record_of(document_id).main_sha256[:16]
    client = sign_in(cast.b.clerk)
    picture = client.get(f"/van-ban/{document_id}/trang/{sha}/1/480.webp")
    assert picture.content[8:12] == b"WEBP"
    assert "immutable" in picture["Cache-Control"]
    layer = client.get(f"/van-ban/{document_id}/chu/{sha}/1/").content.decode()
    assert "CỘNG" in layer


@pytest.mark.parametrize(
    "path", ["trang/{sha}/9/480.webp", "trang/{sha}/1/481.webp", "trang/0000000000000000/1/480.webp"]
)
def test_a_page_that_is_not_there_is_not_found(cast: Cast, sign_in: SignIn, path: str) -> None:
    document_id = an_arrival(cast)
    sha = record_of(document_id).main_sha256[:16]
    answer = sign_in(cast.b.clerk).get(f"/van-ban/{document_id}/{path.format(sha=sha)}")
    assert answer.status_code in {404, 422}


def test_nothing_of_another_agency_can_be_reached(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast)
    file = current_files(document_id)[0]
    sha = file.sha256[:16]
    client = sign_in(cast.outsider)
    for path in ("", f"trang/{sha}/1/480.webp", f"chu/{sha}/1/", f"tep/{file.id}/", "?mat=lich-su"):
        assert client.get(f"/van-ban/{document_id}/{path}").status_code == 404


def test_the_page_forbids_everything_from_elsewhere(cast: Cast, sign_in: SignIn) -> None:
    answer = document_page(sign_in(cast.b.clerk), an_arrival(cast))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    html = answer.content.decode()
    assert "<script>" not in html
    assert " style=" not in html


def test_english_is_one_choice_away(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.b.clerk)
    document_id = an_arrival(cast)
    client.cookies["django_language"] = "en"
    answer = document_page(client, document_id)
    assert answer["Content-Language"] == "en"
    assert "Tiếp nhận và đăng ký" not in words_of(answer)
