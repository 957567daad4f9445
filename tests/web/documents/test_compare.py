"""What was signed beside what the file shows now: for whoever may see the document, when it was changed."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.signing.hostile.material import base_objects, increment, signed_letter, text_page
from tests.web.conftest import SignIn
from tests.web.pages import words_of
from vanthu.documents.queries import record_of
from vanthu.kernel.actor import system_actor
from vanthu.signing.operations import record_check
from vanthu.signing.validation import verify_pdf

SECOND = base_objects()[3].replace(b"/Contents 4 0 R", b"/Contents 12 0 R").replace(b"/Annots[6 0 R]", b"")


def two_pages() -> bytes:
    pages = b"<</Type/Pages/Kids[3 0 R 11 0 R]/Count 2>>"
    return signed_letter(o2=pages, o11=SECOND, o12=text_page("Noi nhan: nhu tren"))


def an_arrival_with(cast: Cast, data: bytes, now: datetime) -> int:
    document_id = an_arrival(cast, verdict=None, data=data, now=now)
    verdict = verify_pdf(data, trust=None, at=now)
    record_check(actor=system_actor(cast.b.id), verdict=verdict, now=now)
    return document_id


@pytest.fixture
def changed(cast: Cast, now: datetime) -> int:
    data = increment(two_pages(), {12: text_page("Noi nhan: mot noi khac")})
    return an_arrival_with(cast, data, now)


def test_the_changed_page_is_shown_first_and_named(cast: Cast, sign_in: SignIn, changed: int) -> None:
    client = sign_in(cast.b.clerk)
    face = client.get(f"/van-ban/{changed}/?mat=chu-ky").content.decode()
    assert f'href="/van-ban/{changed}/so-ban-da-ky/"' in face
    text = words_of(client.get(f"/van-ban/{changed}/so-ban-da-ky/"))
    assert "Trang trông khác bản đã ký: 2." in text
    assert "Bản đã ký, trang 2" in text
    assert "Bản hiện có, trang 2" in text


def test_both_pictures_can_be_taken_and_differ(cast: Cast, sign_in: SignIn, changed: int) -> None:
    client = sign_in(cast.b.clerk)
    sha = record_of(changed).main_sha256[:16]
    signed = client.get(f"/van-ban/{changed}/so-ban-da-ky/{sha}/2/480.webp")
    present = client.get(f"/van-ban/{changed}/trang/{sha}/2/480.webp")
    assert signed.content[8:12] == present.content[8:12] == b"WEBP"
    assert signed.content != present.content
    first = client.get(f"/van-ban/{changed}/so-ban-da-ky/{sha}/1/480.webp")
    assert first.content == client.get(f"/van-ban/{changed}/trang/{sha}/1/480.webp").content


def test_one_goes_page_by_page_with_the_arrow_keys(cast: Cast, sign_in: SignIn, changed: int) -> None:
    page = sign_in(cast.b.clerk).get(f"/van-ban/{changed}/so-ban-da-ky/?trang=1").content.decode()
    assert 'data-vanthu-act="page-next"' in page
    assert 'data-vanthu-act="page-prev"' not in page
    assert 'data-vanthu-key="→"' in page


def test_who_may_not_see_the_document_sees_no_comparison(cast: Cast, sign_in: SignIn, changed: int) -> None:
    client = sign_in(cast.a.clerk)
    sha = record_of(changed).main_sha256[:16]
    assert client.get(f"/van-ban/{changed}/so-ban-da-ky/").status_code == 404
    assert client.get(f"/van-ban/{changed}/so-ban-da-ky/{sha}/1/480.webp").status_code == 404


def test_an_unchanged_file_has_nothing_to_compare(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    document_id = an_arrival_with(cast, two_pages(), now)
    client = sign_in(cast.b.clerk)
    assert "so-ban-da-ky" not in client.get(f"/van-ban/{document_id}/?mat=chu-ky").content.decode()
    assert client.get(f"/van-ban/{document_id}/so-ban-da-ky/").status_code == 404


@pytest.mark.parametrize("path", ["{sha}/9/480.webp", "{sha}/1/481.webp", "0000000000000000/1/480.webp"])
def test_a_picture_that_is_not_there_is_not_found(
    cast: Cast, sign_in: SignIn, changed: int, path: str
) -> None:
    sha = record_of(changed).main_sha256[:16]
    answer = sign_in(cast.b.clerk).get(f"/van-ban/{changed}/so-ban-da-ky/{path.format(sha=sha)}")
    assert answer.status_code in {404, 422}
