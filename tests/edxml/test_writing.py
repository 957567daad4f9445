"""What is written: byte for byte what was read, the same for the same values, right for every text that XML can carry."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from tests.edxml.messages import (
    COMPOSED,
    PDF,
    UUID,
    Kept,
    composed,
    edoc_of,
    file,
    opened,
    read_bytes,
    zip_of,
)
from vanthu.edxml.message import (
    NAMESPACE,
    Business,
    BusinessInfo,
    Edoc,
    Organization,
    ResponseFor,
    Signer,
    Staff,
    StatusReport,
    Trace,
)
from vanthu.edxml.reading import read
from vanthu.edxml.writing import Attachment, Unwritable, check_written, edoc_bytes, status_bytes, write_edoc

ODD = "Số «1» & <b>đỏ</b> 'x' \"y\" \r\n\t]]> \U0001f4c4 ơ\u0309"
EDOC = Edoc(
    sender=Organization("H26.99", "Sở Thử nghiệm"),
    receivers=(Organization("G99"), Organization("H26.98")),
    document_id="H26.99,2026/11/22,1/A",
    number="1",
    notation="A",
    subject="Trích yếu",
    issued_on=date(2026, 11, 22),
    traces=(Trace("H26.99", datetime(2026, 11, 22, 9, 30)),),  # noqa: DTZ001  # local, as written
)
STATUS = StatusReport(Organization("G99"), ResponseFor("H26.99", "1/A", "H26.99,2026/11/22,1/A"), "03")


@pytest.mark.parametrize("path", COMPOSED, ids=lambda path: path.stem)
def test_a_composed_message_is_written_again_byte_for_byte(path: Path) -> None:
    data, kept = path.read_bytes(), Kept()
    reading = read(BytesIO(data), sink=kept)
    if reading.status is not None:
        assert status_bytes(reading.status) == data
        return
    assert reading.edoc is not None
    attachments = [
        Attachment(
            item.content_id,
            item.name,
            opened(kept.of(item.content_id)),
            item.description,
            item.sha256,
            item.packing,
        )
        for item in reading.attachments
    ]
    assert edoc_bytes(reading.edoc, attachments) == data


def test_the_same_values_give_the_same_bytes() -> None:
    attachments = [file("a.pdf", PDF), file("b.xlsx", PDF, "2")]
    assert edoc_bytes(EDOC, attachments) == edoc_bytes(EDOC, attachments)


@pytest.mark.parametrize(
    "name",
    [
        "a.pdf",
        "A.PDF",
        "a.doc",
        "a.docx",
        "a.xlsx",
        "a.txt",
        "a.png",
        "a.edxml",
        "a.zip",
        "a.jar",
        "a",
        "a.tệp",
    ],
)
@pytest.mark.parametrize("size", [0, 1, 2, 3, 300_001])
def test_a_file_comes_back_as_it_was_whatever_its_name(name: str, size: int) -> None:
    content, kept = (PDF * 40)[:size], Kept()
    reading = read(BytesIO(edoc_bytes(EDOC, [file(name, content)])), sink=kept)
    assert kept.of(UUID) == content
    assert (reading.attachments[0].name, reading.attachments[0].size) == (name, size)


@pytest.mark.parametrize("name", ["a.docx", "a.zip", "a.xlsx", "a.odt"])
def test_a_file_that_is_a_zip_itself_comes_back_whole(name: str) -> None:
    content, kept = zip_of(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<y/>")), Kept()
    read(BytesIO(edoc_bytes(EDOC, [file(name, content)])), sink=kept)
    assert kept.of(UUID) == content


@pytest.mark.parametrize(
    ("name", "wrapped", "declared"),
    [
        ("a.pdf", False, "application/pdf"),
        ("b.DOCX", False, "application/docx"),
        ("c.xlsx", True, "application/zip"),
    ],
)
def test_what_is_no_pdf_and_no_word_file_is_wrapped_and_both_places_say_so(
    name: str, wrapped: bool, declared: str
) -> None:
    data = edoc_bytes(EDOC, [file(name, b"content")])
    assert data.count(f"ContentType>{declared}</".encode()) == 2
    assert read_bytes(data).attachments[0].zipped is wrapped


def test_prefixes_stand_where_the_axis_wants_them() -> None:
    text = edoc_bytes(EDOC, [file("a.pdf", PDF)]).decode()
    assert text.startswith(f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{NAMESPACE}">\n')
    assert f'\n  <edXML:edXMLEnvelope xmlns:edXML="{NAMESPACE}">\n' in text
    assert "\n  <AttachmentEncoded>\n    <Attachment>\n      <ContentId>cid:" in text
    assert f'\n      <edXML:ContentTransferEncoded xmlns:edXML="{NAMESPACE}">JVBER' in text
    assert "<edXML:Bussiness>" in text
    assert "<edXML:Business>" not in text


def test_odd_text_comes_back_character_for_character() -> None:
    edoc = replace(
        EDOC, subject=ODD.strip(), number=" 0012 ", notation="A&B<C>", signer=Signer("Nguyễn & Văn <A>")
    )
    assert edoc_of(edoc_bytes(edoc)) == replace(
        edoc, issued_on_raw="2026/11/22", traces=edoc_of(edoc_bytes(EDOC)).traces
    )


@pytest.mark.parametrize("letter", ["\0", "\x0b", "\x1f", "\ufffe", "\ud800"])
def test_what_xml_cannot_carry_is_refused(letter: str) -> None:
    with pytest.raises(Unwritable) as refused:
        edoc_bytes(replace(EDOC, subject=f"a{letter}b"))
    assert (refused.value.reason, refused.value.element) == ("character", "Subject")


@pytest.mark.parametrize(
    ("change", "element"),
    [
        ({"receivers": ()}, "To"),
        ({"receivers": (Organization(""),)}, "To/OrganId"),
        ({"sender": Organization(" ")}, "From/OrganId"),
        ({"document_id": ""}, "DocumentId"),
        ({"receivers": (Organization("G99"), Organization("G99"))}, "To/OrganId"),
    ],
)
def test_what_the_axis_would_refuse_is_not_written(change: dict[str, object], element: str) -> None:
    with pytest.raises(Unwritable) as refused:
        edoc_bytes(replace(EDOC, **change))  # type: ignore[arg-type]
    assert refused.value.element == element


def test_two_files_with_one_content_id_are_refused() -> None:
    with pytest.raises(Unwritable, match="attachment-twice"):
        edoc_bytes(EDOC, [file("a.pdf", PDF), file("b.pdf", PDF)])


def test_a_status_must_say_whom_it_answers() -> None:
    with pytest.raises(Unwritable, match="ResponseFor/OrganId"):
        status_bytes(replace(STATUS, response_for=ResponseFor(code="1/A")))
    with pytest.raises(Unwritable, match="ResponseFor/Code"):
        status_bytes(replace(STATUS, response_for=ResponseFor("H26.99")))


@pytest.mark.parametrize("code", ["01", "02", "03", "04", "05", "06", "13", "15", "16"])
def test_a_status_comes_back_as_it_was_written(code: str) -> None:
    at = datetime(2026, 11, 22, 10, 5)  # noqa: DTZ001  # local, as written
    staff = Staff("Văn phòng", "VP", "Văn Thư Thử", "vt01", "a@example.gov.vn", "09")
    report = replace(
        STATUS, code=code, description=ODD.strip(), at=at, at_raw="2026/11/22 10:05:00", staff=staff
    )
    assert read_bytes(status_bytes(report)).status == report


def test_the_answered_code_is_repeated_character_for_character() -> None:
    report = replace(STATUS, response_for=ResponseFor("H26.99", " 12 / Ơ\u0309-VP "))
    found = read_bytes(status_bytes(report)).status
    assert found is not None
    assert found.response_for.code == " 12 / Ơ\u0309-VP "


def test_empty_elements_are_left_out() -> None:
    text = edoc_bytes(EDOC).decode()
    for name in (
        "Email",
        "Content",
        "SignerInfo",
        "DueDate",
        "ResponseFor",
        "SteeringType",
        "ToPlaces",
        "Place",
    ):
        assert f"<edXML:{name}>" not in text


def test_everything_a_document_can_hold_comes_back() -> None:
    edoc = edoc_of(composed("edoc_2_update"))
    full = replace(
        edoc,
        task_codes=("T1", "T2"),
        application_type="1",
        reply_fors="x",
        reference_codes="y",
        direction=True,
        sender=Organization("A", "B", "C", "D", "e@f", "1", "2", "w"),
        business=replace(edoc.business, type=Business.UPDATE, content_changed=False),
    )
    assert edoc_of(edoc_bytes(full)) == full


def test_a_file_that_changed_since_it_was_hashed_is_noticed() -> None:
    with pytest.raises(Unwritable, match="attachment-changed"):
        edoc_bytes(EDOC, [Attachment(UUID, "a.pdf", opened(PDF), sha256="0" * 64)])


def test_reading_back_notices_another_content() -> None:
    out = BytesIO()
    write_edoc(EDOC, [file("a.pdf", PDF)], out)
    out.seek(0)
    with pytest.raises(Unwritable, match="attachment-changed"):
        check_written(out, ["0" * 64])


def test_business_without_details_is_new() -> None:
    assert edoc_of(edoc_bytes(EDOC)).business == BusinessInfo()
