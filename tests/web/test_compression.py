"""Text is sent compressed; what is packed already passes as it is (ADR 9)."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from vanthu.web.middleware import COMPRESSED, CompressTextMiddleware

BODY = b"v\xc4\x83n b\xe1\xba\xa3n " * 200


def sent(kind: str, accepts: str = "gzip, br") -> HttpResponse:
    answer = CompressTextMiddleware(lambda request: HttpResponse(BODY, content_type=kind))
    return answer(RequestFactory().get("/", headers={"Accept-Encoding": accepts}))


@pytest.mark.parametrize("kind", sorted(COMPRESSED))
def test_text_is_sent_compressed(kind: str) -> None:
    answer = sent(f"{kind}; charset=utf-8")
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == BODY


@pytest.mark.parametrize("kind", ["application/pdf", "image/webp", "font/woff2", "application/octet-stream"])
def test_documents_page_images_and_fonts_pass_as_they_are(kind: str) -> None:
    answer = sent(kind)
    assert not answer.has_header("Content-Encoding")
    assert answer.content == BODY


def test_whoever_cannot_unpack_gets_plain_text() -> None:
    assert sent("text/html", accepts="identity").content == BODY


def test_the_length_of_an_answer_does_not_tell_its_content() -> None:
    """BREACH: the same page has many lengths."""
    assert len({len(sent("text/html").content) for _ in range(40)}) > 5


@pytest.mark.django_db
def test_the_sign_in_page_and_its_styles_are_sent_compressed() -> None:
    browser = Client(headers={"Accept-Encoding": "gzip"})
    for address in ("/accounts/login/", "/static/css/components.css", "/static/icons.svg"):
        answer = browser.get(address)
        assert answer["Content-Encoding"] == "gzip", address
        answer.close()
    font = browser.get("/static/fonts/be-vietnam-pro-latin-400.woff2")
    assert not font.has_header("Content-Encoding")
    font.close()
