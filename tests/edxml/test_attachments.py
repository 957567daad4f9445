"""Contents: decided by their bytes, unwrapped only when wrapped, refused when they would do harm (edxml.md §2.4, §10.5)."""

import base64
import hashlib
import struct
import zipfile
from io import BytesIO

import pytest

from tests.edxml.messages import (
    PDF,
    UUID,
    Kept,
    carrying,
    carrying_file,
    composed,
    kinds,
    read_bytes,
    refusal_of,
    streamed_zip,
    zip_of,
)
from vanthu.edxml.limits import Limits
from vanthu.edxml.message import WarningKind
from vanthu.edxml.reading import ReadAttachment, read

OFFICE = zip_of(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<y/>"))


def content_of(data: bytes) -> tuple[bytes, ReadAttachment]:
    kept = Kept()
    reading = read(BytesIO(data), sink=kept)
    item = reading.attachments[0]
    content = kept.of(UUID)
    assert (item.size, item.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    return content, item


@pytest.mark.parametrize("declared", ["application/pdf", "text/plain", "application/zip", ""])
def test_a_zip_under_the_name_of_a_pdf_is_unwrapped_whatever_is_declared(declared: str) -> None:
    data = carrying_file("a.PDF", zip_of((f"{UUID}.pdf", PDF)), declared)
    content, item = content_of(data)
    assert (content, item.media_type, item.zipped) == (PDF, "application/pdf", True)
    lies = WarningKind.ATTACHMENT_TYPE_LIES in kinds(read_bytes(data).warnings)
    assert lies is (declared not in {"application/zip", ""})


@pytest.mark.parametrize("name", ["a.zip", "b.docx", "c.xlsx", "d.odt", "e.jar", "f.XLSX"])
def test_a_real_zip_and_a_real_office_file_are_kept(name: str) -> None:
    assert content_of(carrying_file(name, OFFICE))[0] == OFFICE


def test_a_wrapped_office_file_is_unwrapped() -> None:
    content, item = content_of(
        carrying_file("Phụ lục.xlsx", zip_of((f"{UUID}.xlsx", OFFICE)), "application/zip")
    )
    assert content == OFFICE
    assert item.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_an_office_file_under_an_old_ending_is_kept() -> None:
    assert content_of(carrying_file("a.doc", OFFICE))[0] == OFFICE


def test_a_zip_that_java_has_streamed_is_unwrapped() -> None:
    assert content_of(carrying_file("a.txt", streamed_zip("x.txt", PDF)))[0] == PDF


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("content", [b"", b"x", PDF * 200])
def test_stored_and_deflated_entries_are_unwrapped(method: int, content: bytes) -> None:
    assert content_of(carrying_file("a.txt", zip_of(("x.txt", content), method=method)))[0] == content


def test_an_entry_with_a_size_of_sixty_four_bits_is_unwrapped() -> None:
    out = BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.txt", "w", force_zip64=True) as entry,
    ):
        entry.write(PDF)
    assert content_of(carrying_file("a.txt", out.getvalue()))[0] == PDF


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\x.txt", "C:\\x.txt", "a/../../x", "x/", "a\\..\\b"]
)
def test_an_entry_that_leaves_its_folder_is_refused(name: str) -> None:
    assert refusal_of(carrying_file("a.txt", zip_of((name, b"x")))).code == "attachment-zip"


def test_two_entries_are_refused() -> None:
    refusal = refusal_of(carrying_file("a.txt", zip_of(("x.txt", b"x"), ("y.txt", b"y"))))
    assert (refusal.code, refusal.detail) == ("attachment-zip", "more than one entry")
    assert refusal.sender is not None


def test_a_second_entry_that_the_directory_hides_is_refused() -> None:
    two, one = zip_of(("x.txt", b"x"), ("y.txt", b"y")), zip_of(("x.txt", b"x"))
    hidden = two[: two.index(b"PK\x01\x02")] + one[one.index(b"PK\x01\x02") :]
    assert refusal_of(carrying_file("a.txt", hidden)).code == "attachment-zip"


def test_two_names_for_one_entry_are_refused() -> None:
    data = bytearray(zip_of(("x.txt", b"content")))
    data[data.rindex(b"x.txt")] = ord("y")
    assert refusal_of(carrying_file("a.txt", bytes(data))).code == "attachment-zip"


def test_a_bomb_is_refused_long_before_it_has_grown() -> None:
    bomb = zip_of(("x.txt", b"\0" * 40_000_000))
    assert len(bomb) < 50_000
    assert refusal_of(carrying_file("a.txt", bomb)).code == "bomb"


def test_an_entry_beyond_the_cap_is_refused() -> None:
    refusal = refusal_of(carrying_file("a.txt", zip_of(("x.txt", PDF * 300))), Limits(file_bytes=1_000_000))
    assert refusal.code == "too-large"


@pytest.mark.parametrize("damage", ["checksum", "short", "flag", "method", "directory", "size"])
def test_a_damaged_zip_is_refused(damage: str) -> None:
    data = bytearray(zip_of(("x.txt", PDF)))
    central = data.index(b"PK\x01\x02")
    if damage == "checksum":
        struct.pack_into("<I", data, central + 16, 1)
    elif damage == "short":
        data = data[: central - 3]
    elif damage == "flag":
        data[6] |= 1
    elif damage == "method":
        data[8] = 12
    elif damage == "directory":
        data = data[:central]
    else:
        struct.pack_into("<I", data, central + 24, 1)
    assert refusal_of(carrying_file("a.txt", bytes(data))).code == "attachment-zip"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"QUJD*UQ=", "attachment-base64"),
        (b"QUJ", "attachment-base64"),
        (b"QUJDRA", "attachment-base64"),
        (b"QQ==QUJD", "attachment-base64"),
        (b"${__StringFromFile(test.txt,,,)}", "attachment-base64"),
        (b"QUJD<x/>", "attachment-base64"),
        ("QUJDĐ".encode(), "attachment-base64"),
        (b"QUJD&unknown;", "attachment-base64"),
    ],
)
def test_text_that_is_no_base64_is_refused(text: bytes, code: str) -> None:
    assert refusal_of(carrying(text)).code in {code, "not-xml"}


@pytest.mark.parametrize(
    "text",
    [
        b"QUJDRA==",
        b"\r\n  QUJD\r\n\tRA==\n",
        b"QUJD&#13;&#10;RA=&#61;",
        b"QUJD&#xD;\nRA==",
        b"<![CDATA[QUJD]]>RA==",
        b"QU<!-- a > b -->JDRA==",
        b"<?x >?>QUJDRA==",
        b"Q U J D R A = =",
    ],
)
def test_base64_in_every_legal_dress_is_decoded(text: bytes) -> None:
    assert content_of(carrying(text, "a.txt"))[0] == b"ABCD"


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 7, 64, 4093])
def test_it_does_not_matter_in_what_pieces_the_stream_comes(piece: int) -> None:
    class Dripping(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(piece, size) if size is not None and size > 0 else piece)

    broken = base64.encodebytes(PDF).replace(b"\n", b"&#13;\r\n")
    for data in (
        composed(),
        carrying_file("a.pdf", PDF),
        carrying(broken),
        carrying_file("b.txt", zip_of(("x", PDF))),
    ):
        assert read(Dripping(data)) == read_bytes(data)


def test_a_pdf_ruined_by_a_text_conversion_is_noticed() -> None:
    ruined = PDF.decode("utf-8", "replace").encode()
    assert WarningKind.ATTACHMENT_MANGLED in kinds(read_bytes(carrying_file("a.pdf", ruined)).warnings)
    assert WarningKind.ATTACHMENT_MANGLED not in kinds(read_bytes(carrying_file("a.pdf", PDF)).warnings)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\vt\\125.pdf", "125.pdf"),
        ("hóa đơn\u202efdp.exe", "hóa đơnfdp.exe"),
        ("a\u200bb.pdf", "ab.pdf"),
        ("x&#13;&#10;y.pdf", "xy.pdf"),
        ("...", "Tệp 1"),
        ("   ", "Tệp 1"),
        ("dài" * 200 + ".pdf", None),
    ],
)
def test_a_name_is_for_display_only(raw: str, shown: str | None) -> None:
    data = carrying(b"QUJD", "NAME").replace(b"NAME", raw.encode())
    reading = read_bytes(data)
    name = reading.attachments[0].name
    assert name == shown or (shown is None and len(name) <= 200 and name.endswith(".pdf"))
    assert kinds(reading.warnings) & {WarningKind.ATTACHMENT_NAME_CLEANED, WarningKind.FIELD_MISSING}


def test_reference_and_content_are_paired_by_id_with_and_without_its_prefix() -> None:
    data = composed().replace(b"<ContentId>cid:", b"<ContentId>")
    turned = data.replace(b"ContentId>cid:00000000-0000-0000-0000-000000000001", b"ContentId>CID:9", 1)
    assert read_bytes(data).warnings == ()
    assert [item.name for item in read_bytes(turned).attachments] == [
        "125_STN-VP.signed.pdf",
        "Phu luc I.xlsx",
    ]


def test_an_attachment_without_a_name_has_that_of_the_manifest() -> None:
    data = carrying(b"QUJD", "a.txt").replace(b"<AttachmentName>a.txt</AttachmentName>", b"")
    assert read_bytes(data).attachments[0].name == "a.txt"


def test_an_attachment_that_no_manifest_names_is_noticed() -> None:
    data = carrying(b"QUJD", "a.txt")
    start, end = data.index(b"<edXML:Reference>"), data.index(b"</edXML:edXMLManifest>")
    reading = read_bytes(data[:start] + data[end:])
    assert kinds(reading.warnings) == {WarningKind.ATTACHMENT_UNPAIRED, WarningKind.ATTACHMENT_TYPE_LIES}
    assert reading.attachments[0].name == "a.txt"


@pytest.mark.parametrize(
    ("head", "name", "found"),
    [
        (b"%PDF-1.4", "a.doc", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "a", "image/png"),
        (b"\xff\xd8\xff\xe0", "a.pdf", "image/jpeg"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "application/vnd.ms-excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.bin", "application/x-ole-storage"),
        (b"Rar!\x1a\x07\x01", "a.rar", "application/vnd.rar"),
        ("chữ".encode(), "a.csv", "text/csv"),
        (b"\x00\x01", "a.pdf", "application/octet-stream"),
        (b'<?xml version="1.0"?>', "a.edxml", "application/xml"),
    ],
)
def test_the_type_is_that_of_the_bytes(head: bytes, name: str, found: str) -> None:
    assert content_of(carrying_file(name, head))[1].media_type == found


def test_the_sink_hears_of_each_content_before_it_comes() -> None:
    kept = Kept()
    read(BytesIO(composed()), sink=kept)
    assert [(head.position, head.name, head.declared_type) for head in kept.heads] == [
        (0, "125_STN-VP.signed.pdf", "application/pdf"),
        (1, "Phu luc I.xlsx", "application/zip"),
    ]


def test_a_long_message_is_hashed_beside_the_decoding_and_right() -> None:
    content = PDF * 1_600
    data = carrying_file("a.pdf", content)
    assert len(data) > 20_000_000
    reading = read_bytes(data)
    assert reading.sha256 == hashlib.sha256(data).hexdigest()
    assert reading.attachments[0].sha256 == hashlib.sha256(content).hexdigest()


def test_a_digest_that_the_store_knows_is_not_computed_again() -> None:
    assert read(BytesIO(composed()), sha256="known").sha256 == "known"
