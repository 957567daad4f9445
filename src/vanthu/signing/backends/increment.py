"""Fill number and date into a document that the competent person has signed (mode A, decision D22).

One incremental update sets value, appearance and the read-only flag of exactly two fields; what it may
look like is a small grammar that the verifier checks without our renderer (`validation.number_and_date`).
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NumberObject,
    StreamObject,
    TextStringObject,
    pdf_name,
)
from pyhanko.pdf_utils.misc import PdfError

from vanthu.signing.backends import SigningFailed
from vanthu.signing.backends.writer import IncrementWriter
from vanthu.signing.field_text import (
    BASELINE,
    FIELD_NAMES,
    FieldFont,
    FieldGrammarError,
    default_appearance,
    read_font,
)

READ_ONLY = 1


def fill_text_fields(pdf: bytes, values: Mapping[str, str]) -> bytes:
    """Append an update with the values of `so_ky_hieu` and `ngay_ban_hanh`; the old bytes remain its prefix.

    Refuses: `signing.file.cannot-fill` when a field is missing or filled already, or when a text has a
    character without a glyph or does not fit into its field. Norm: NĐ30 Đ.14–15.
    """
    if set(values) != set(FIELD_NAMES):
        raise SigningFailed("signing.file.cannot-fill", why="both number and date must be given")
    out = BytesIO()
    try:
        writer = IncrementWriter(pdf)
        form = writer.root["/AcroForm"]
        fields = {str(item.get_object().get("/T", "")): item for item in form["/Fields"]}
        for name in FIELD_NAMES:
            _fill(writer, form, fields[name], values[name])
        writer.write(out)
    except (PdfError, FieldGrammarError, KeyError, OSError) as error:
        raise SigningFailed("signing.file.cannot-fill", why=str(error)[:200]) from error
    return out.getvalue()


def _fill(writer: IncrementWriter, form: Any, reference: IndirectObject, text: str) -> None:
    field = reference.get_object()
    if str(field.get("/V", "")):
        raise FieldGrammarError("the field is filled already")
    font_name, size = default_appearance(str(field["/DA"]))
    font_reference = form["/DR"]["/Font"].raw_get(font_name)
    font = read_font(font_reference.get_object())
    x0, y0, x1, y1 = (float(value) for value in field["/Rect"])
    content = _content(font, text, font_name=font_name, size=size, room=x1 - x0)
    appearance = StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): ArrayObject(
                [
                    NumberObject(0),
                    NumberObject(0),
                    FloatObject(f"{x1 - x0:.2f}"),
                    FloatObject(f"{y1 - y0:.2f}"),
                ]
            ),
            pdf_name("/Resources"): DictionaryObject(
                {pdf_name("/Font"): DictionaryObject({pdf_name(font_name): font_reference})}
            ),
        },
        stream_data=content,
    )
    field[pdf_name("/V")] = TextStringObject(text)
    field[pdf_name("/Ff")] = NumberObject(int(field.get("/Ff", 0)) | READ_ONLY)
    field[pdf_name("/AP")] = DictionaryObject({pdf_name("/N"): writer.add_object(appearance)})
    writer.mark_update(reference)


def _content(font: FieldFont, text: str, *, font_name: str, size: float, room: float) -> bytes:
    codes = font.encode(text)
    width = font.width(codes) * size / 1000
    if width > room:
        raise FieldGrammarError(f"the text is {width:.1f} pt wide, the field only {room:.1f} pt")
    run = "".join(f"{code:04X}" for code in codes)
    start = (room - width) / 2
    return (
        f"/Tx BMC q BT {font_name} {size:g} Tf 0 g {start:.2f} {BASELINE:.2f} Td <{run}> Tj ET Q EMC"
    ).encode("ascii")
