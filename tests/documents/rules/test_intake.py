"""Files must be what they say; secret marks are found as stamps, not as words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pytest

from vanthu.documents.rules.intake import MediaType, UploadFacts, secrecy_marks_in, sniff, unmet_for_upload

PDF_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
DOCX_HEAD = b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml....PK\x03\x04word/document.xml"
XLSX_HEAD = b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml....PK\x03\x04xl/workbook.xml"


@dataclass(frozen=True)
class Look:
    pages: int = 1
    encrypted: bool = False
    has_javascript: bool = False
    unreadable: str = ""


def upload(
    name: str = "cong-van.pdf",
    declared: str = "application/pdf",
    head: bytes = PDF_HEAD,
    size: int = 1000,
    pdf: Look | None = None,
) -> UploadFacts:
    return UploadFacts(name, declared, size, head, pdf)


def codes(facts: UploadFacts, *, attachment: bool = False) -> list[str]:
    return [violation.code for violation in unmet_for_upload(facts, attachment=attachment)]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PDF_HEAD, MediaType.PDF),
        (DOCX_HEAD, MediaType.DOCX),
        (XLSX_HEAD, MediaType.XLSX),
        (b"PK\x03\x04 anything", MediaType.ZIP),
        (b"\x89PNG\r\n\x1a\n....", MediaType.PNG),
        (b"\xff\xd8\xff\xe0", MediaType.JPEG),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', MediaType.XML),
        (b"MZ\x90\x00", MediaType.UNKNOWN),
        (b"", MediaType.UNKNOWN),
    ],
)
def test_first_bytes_tell_the_kind(head: bytes, kind: MediaType) -> None:
    assert sniff(head) is kind


def test_a_plain_pdf_may_enter() -> None:
    assert codes(upload(pdf=Look())) == []


def test_an_upload_without_a_declared_type_is_judged_by_its_bytes() -> None:
    assert codes(upload(declared="", pdf=Look())) == []
    assert codes(upload(declared="application/octet-stream", pdf=Look())) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (upload(size=0, head=b""), "documents.file.empty"),
        (upload(size=50 * 1024 * 1024 + 1), "documents.file.too-large"),
        (upload(head=b"MZ\x90\x00"), "documents.file.not-a-pdf"),
        (upload(name="a.docx", declared="", head=DOCX_HEAD), "documents.file.not-a-pdf"),
        (upload(name="a.png", declared=""), "documents.file.type-lies"),
        (upload(name="a.exe", declared=""), "documents.file.type-lies"),
        (upload(declared="image/png"), "documents.file.type-lies"),
        (upload(pdf=Look(encrypted=True, pages=0)), "documents.file.encrypted"),
        (upload(pdf=Look(unreadable="no trailer", pages=0)), "documents.file.unreadable"),
        (upload(pdf=Look(pages=0)), "documents.file.unreadable"),
        (upload(pdf=Look(has_javascript=True)), "documents.file.javascript"),
    ],
)
def test_a_bad_main_file_is_refused_with_its_reason(facts: UploadFacts, code: str) -> None:
    assert codes(facts) == [code]


def test_a_file_of_the_limit_may_enter() -> None:
    assert codes(upload(size=50 * 1024 * 1024)) == []


def test_all_reasons_are_named_at_once() -> None:
    facts = upload(name="a.png", size=60 * 1024 * 1024, pdf=Look(has_javascript=True))
    assert codes(facts) == [
        "documents.file.too-large",
        "documents.file.type-lies",
        "documents.file.javascript",
    ]


def test_a_violation_names_the_file() -> None:
    assert dict(unmet_for_upload(upload(head=b"MZ"))[0].details)["name"] == "cong-van.pdf"


def test_an_attachment_may_be_an_office_file_or_a_picture() -> None:
    assert codes(upload("bang.xlsx", "", XLSX_HEAD), attachment=True) == []
    assert codes(upload("anh.JPG", "image/jpeg", b"\xff\xd8\xff\xe0"), attachment=True) == []


def test_an_attachment_must_be_of_a_known_kind() -> None:
    assert codes(upload("a.exe", "", b"MZ\x90"), attachment=True) == ["documents.file.unknown-type"]
    assert codes(upload("a.pdf", "", b"MZ\x90"), attachment=True) == ["documents.file.not-a-pdf"]
    assert codes(upload("a.docx", "", XLSX_HEAD), attachment=True) == ["documents.file.type-lies"]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("UBND THÀNH PHỐ\nMẬT\nSố: 12", ("MẬT",)),
        ("  TỐI MẬT  ", ("TỐI MẬT",)),
        ("[ TUYỆT MẬT ]", ("TUYỆT MẬT",)),
        ("Số: 01/BC        TỐI MẬT        Hà Nội", ("TỐI MẬT",)),
        ("T Ố I  M Ậ T", ("TỐI MẬT",)),
        ("Báo cáo tình hình (Mật)", ("MẬT",)),
        ("Độ mật: Tối mật", ("TỐI MẬT",)),
        (unicodedata.normalize("NFD", "TUYỆT MẬT"), ("TUYỆT MẬT",)),
        ("MẬT\nTUYỆT MẬT", ("TUYỆT MẬT", "MẬT")),
        ("Về việc bảo vệ bí mật nhà nước", ()),
        ("V/v tăng cường bảo mật thông tin", ()),
        ("BẢO VỆ BÍ MẬT NHÀ NƯỚC", ()),
        ("LUẬT BẢO VỆ BÍ\nMẬT NHÀ NƯỚC", ()),
        ("mật ong rừng", ()),
        ("Thư ký khóa bí mật", ()),
        ("", ()),
    ],
)
def test_secret_marks_are_stamps_and_not_words(text: str, marks: tuple[str, ...]) -> None:
    assert secrecy_marks_in(text) == marks
