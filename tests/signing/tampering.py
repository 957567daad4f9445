"""Ways to tamper with a signed file, each one small and deterministic."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NumberObject,
    StreamObject,
    TextStringObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from vanthu.signing.rules.verdicts import FileVerdict

Change = Callable[[IncrementalPdfFileWriter], None]


def updated(data: bytes, change: Change) -> bytes:
    """Append an incremental update that makes one change."""
    writer = IncrementalPdfFileWriter(BytesIO(data), strict=False)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def flip_byte(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


def flip_content(data: bytes) -> bytes:
    return flip_byte(data, data.index(b"stream\n") + 20)


def flip_signature(data: bytes) -> bytes:
    signature = PdfFileReader(BytesIO(data), strict=False).embedded_signatures[0]
    value = signature.signer_info["signature"].native.hex().encode()
    position = data.lower().index(value) + 40
    digit = b"1" if data[position : position + 1] != b"1" else b"2"
    return data[:position] + digit + data[position + 1 :]


def zero_byte_range(data: bytes) -> bytes:
    return re.sub(
        rb"/ByteRange ?\[[^\]]*\]", lambda match: b"/ByteRange [0 0 0 0]".ljust(len(match[0])), data, count=1
    )


def zero_contents(data: bytes) -> bytes:
    return re.sub(
        rb"(/Contents ?<)([0-9a-fA-F]+)>", lambda match: match[1] + b"0" * len(match[2]) + b">", data, count=1
    )


def transplant(data: bytes, donor: bytes) -> bytes:
    """Put the signature of another file into this one."""
    contents = re.compile(rb"/Contents ?<[0-9a-fA-F]{1000,}>")
    found = contents.search(donor)
    assert found is not None
    return contents.sub(found[0], data, count=1)


def encrypt(data: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="chu", user="khach"))
    return out.getvalue()


def page_of(writer: IncrementalPdfFileWriter) -> Any:
    return writer.root["/Pages"]["/Kids"][0]


def overlay_page(writer: IncrementalPdfFileWriter) -> None:
    page = page_of(writer)
    extra = writer.add_object(StreamObject(stream_data=b"q 1 1 1 rg 60 500 300 200 re f Q"))
    page["/Contents"] = ArrayObject([page.raw_get("/Contents"), extra])
    writer.update_container(page)


def rewrite_content(writer: IncrementalPdfFileWriter) -> None:
    content = page_of(writer)["/Contents"]
    stream = content[0].get_object() if isinstance(content, ArrayObject) else content
    stream._data = b"q Q"
    stream._encoded_data = None
    writer.update_container(stream)


def add_annotation(writer: IncrementalPdfFileWriter) -> None:
    page = page_of(writer)
    box = ArrayObject([NumberObject(value) for value in (60, 500, 300, 540)])
    note = DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): box,
            pdf_name("/Contents"): TextStringObject("9 000 000 dong"),
            pdf_name("/DA"): TextStringObject("/Helv 12 Tf 0 g"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])


def add_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    page = DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/Parent"): writer.root.raw_get("/Pages"),
            pdf_name("/MediaBox"): ArrayObject([NumberObject(value) for value in (0, 0, 595, 842)]),
        }
    )
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)


def add_script(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.update_root()


def field_of(writer: IncrementalPdfFileWriter, name: str) -> Any:
    return next(item for item in writer.root["/AcroForm"]["/Fields"] if item.get_object()["/T"] == name)


def set_value(name: str, text: str) -> Change:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference = field_of(writer, name)
        reference.get_object()[pdf_name("/V")] = TextStringObject(text)
        writer.mark_update(reference)

    return change


def in_filled_appearance(old: bytes, new: bytes) -> Change:
    """Change the appearance of an already filled number field; same bytes elsewhere."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        field = field_of(writer, "so_ky_hieu").get_object()
        stream = field["/AP"]["/N"]
        assert old in stream.data
        fresh = StreamObject(
            {key: stream.raw_get(key) for key in ("/Type", "/Subtype", "/BBox", "/Resources")},
            stream_data=stream.data.replace(old, new),
        )
        field[pdf_name("/AP")] = DictionaryObject({pdf_name("/N"): writer.add_object(fresh)})
        writer.mark_update(field_of(writer, "so_ky_hieu"))

    return change


def add_covering_field(writer: IncrementalPdfFileWriter) -> None:
    """An empty signature field whose picture hides the text: nobody has signed it."""
    picture = StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): ArrayObject([NumberObject(value) for value in (0, 0, 220, 60)]),
        },
        stream_data=b"1 1 1 rg 0 0 220 60 re f",
    )
    append_signature_field(writer, SigFieldSpec("CoQuan_9", on_page=0, box=(80, 560, 300, 620)))
    field = field_of(writer, "CoQuan_9").get_object()
    field[pdf_name("/AP")] = DictionaryObject({pdf_name("/N"): writer.add_object(picture)})


def unlock_number(writer: IncrementalPdfFileWriter) -> None:
    reference = field_of(writer, "so_ky_hieu")
    reference.get_object()[pdf_name("/Ff")] = NumberObject(0)
    writer.mark_update(reference)


def move_number(writer: IncrementalPdfFileWriter) -> None:
    reference = field_of(writer, "so_ky_hieu")
    reference.get_object()[pdf_name("/Rect")] = ArrayObject([NumberObject(v) for v in (60, 560, 260, 580)])
    writer.mark_update(reference)


def exchange_form_font(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    fonts = form["/DR"]["/Font"]
    copy = DictionaryObject({key: fonts["/VanthuSerif"].raw_get(key) for key in fonts["/VanthuSerif"]})
    copy[pdf_name("/BaseFont")] = pdf_name("/Khac")
    fonts[pdf_name("/VanthuSerif")] = writer.add_object(copy)
    writer.update_container(form)


def with_third_field(draft: bytes) -> bytes:
    """A draft with one text field more than D22 knows."""
    out = BytesIO()
    with pikepdf.open(BytesIO(draft)) as document:
        model = document.Root.AcroForm.Fields[0]
        third = document.make_indirect(pikepdf.Dictionary(dict(model.items())))
        third.T = pikepdf.String("trich_yeu")
        third.Rect = pikepdf.Array([60, 700, 260, 720])
        document.Root.AcroForm.Fields.append(third)
        document.pages[0].obj.Annots.append(third)
        document.save(out)
    return out.getvalue()


def summary(verdict: FileVerdict) -> str:
    """What a failing test should say about a verdict."""
    findings = [(finding.field, finding.verdict) for finding in verdict.signatures]
    return f"{verdict.verdict} {findings} {verdict.reasons}"
