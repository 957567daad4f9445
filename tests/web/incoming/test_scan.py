"""Ghi nhận văn bản giấy: the upload of a scan, and every file that must not come in."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import Cast
from tests.renditions import hostile
from tests.web.conftest import SignIn
from tests.web.pages import words_of
from vanthu.documents.models import Document
from vanthu.registry.queries import incoming_card
from vanthu.registry.rules.states import IncomingState

SCAN = "/van-ban-den/ghi-nhan/"


def fields(file: SimpleUploadedFile, **changes: Any) -> dict[str, Any]:
    return {
        "file": file,
        "subject": "Giấy mời họp sơ kết quý IV",
        "full_number": "12/GM-CTY",
        "issued_on": "2026-11-19",
        "issuer_name": "Công ty Trình Diễn",
        "type_code": "giay_moi",
        "urgency": "0",
        **changes,
    }


def pdf(data: bytes, name: str = "quet.pdf", declared: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, declared)


def test_a_scan_is_taken_in_and_waits_to_be_registered(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.b.clerk)
    assert client.get("/van-ban-den/quet/").status_code == 200
    answer = client.post(SCAN, fields(pdf(hostile.saved(hostile.simple()))))
    assert answer.status_code == 302
    document = Document.objects.get(subject="Giấy mời họp sơ kết quý IV")
    card = incoming_card(document.pk)
    assert card is not None
    assert (card.state, card.is_scan) == (IncomingState.ACCEPTED, True)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        pytest.param(lambda: pdf(b""), "documents.file.empty", id="0 bytes"),
        pytest.param(lambda: pdf(b"MZ\x90 not a pdf at all"), "documents.file.not-a-pdf", id="not a PDF"),
        pytest.param(
            lambda: pdf(hostile.encrypted(user="mat-khau")), "documents.file.encrypted", id="encrypted"
        ),
        pytest.param(
            lambda: pdf(hostile.saved(hostile.simple()), "quet.png", "image/png"),
            "documents.file.type-lies",
            id="type lies",
        ),
        pytest.param(lambda: pdf(hostile.with_opening_script()), "documents.file.javascript", id="script"),
    ],
)
def test_a_bad_file_is_refused_with_a_code_and_a_remedy(
    cast: Cast, sign_in: SignIn, file: Any, code: str
) -> None:
    from vanthu.foundation.refusals import spoken
    from vanthu.kernel.errors import Violation

    before = Document.objects.count()
    answer = sign_in(cast.b.clerk).post(SCAN, fields(file()))
    assert answer.status_code == 422
    assert spoken(Violation(code)).reference in words_of(answer)
    assert Document.objects.count() == before


def test_a_file_over_the_limit_is_refused(cast: Cast, sign_in: SignIn, settings: LazySettings) -> None:
    settings.VANTHU_UPLOAD_LIMIT = 1024
    answer = sign_in(cast.b.clerk).post(SCAN, fields(pdf(b"%PDF-1.7\n" + b"0" * 2048)))
    assert answer.status_code == 422
    assert "VT-" in words_of(answer)


def test_a_document_marked_secret_never_enters(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.b.clerk).post(
        SCAN, fields(pdf(hostile.saved(hostile.simple())), subject="TỐI MẬT\nKế hoạch")
    )
    assert answer.status_code == 422
    assert not Document.objects.filter(subject__contains="Kế hoạch").exists()


def test_only_the_clerk_takes_in_paper(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.b.officer)
    assert client.get("/van-ban-den/quet/").status_code == 403
    assert client.post(SCAN, fields(pdf(hostile.saved(hostile.simple())))).status_code == 403
