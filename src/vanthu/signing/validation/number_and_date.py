"""The two fields that may be filled after the personal signature: number and date, by grammar.

Norm: decision D22; NĐ30 Đ.14–15 (number and date are given after the competent person has signed).
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from typing import Any, Final

from pyhanko.pdf_utils.generic import (
    DictionaryObject,
    IndirectObject,
    Reference,
    StreamObject,
    TextStringObject,
)
from pyhanko.pdf_utils.reader import PdfFileReader

from vanthu.signing.field_text import (
    MAX_TEXT,
    FieldFont,
    FieldGrammarError,
    TextRun,
    default_appearance,
    parse_content,
    read_font,
)
from vanthu.signing.validation.comparison import entry

_READ_ONLY: Final = 1
_CHANGED_KEYS: Final = frozenset({"/V", "/AP", "/Ff"})
_STREAM_KEYS: Final = frozenset(
    {"/Type", "/Subtype", "/FormType", "/BBox", "/Resources", "/Length", "/Filter", "/DecodeParms"}
)
_TOLERANCE: Final = 0.02  # points: boxes are written with two decimals
_CAP_HEIGHT: Final = 0.66  # of the font size; Vietnamese accents above it are clipped by the box, not spread


def check_number_or_date(
    old: DictionaryObject, new: DictionaryObject, signed: PdfFileReader
) -> frozenset[str]:
    """Judge a field of D22 that has changed: filled once, by grammar; no renderer is asked.

    Returns the keys that may differ; raises FieldGrammarError (or what a broken dictionary raises).
    """
    if "/V" not in new:
        raise FieldGrammarError("changed without being filled")
    if str(entry(old, "/V", "")) or int(entry(old, "/Ff", 0)) & _READ_ONLY:
        raise FieldGrammarError("it was not empty and open when the document was signed")
    if int(entry(new, "/Ff", 0)) != int(entry(old, "/Ff", 0)) | _READ_ONLY:
        raise FieldGrammarError("it is not read-only afterwards")
    appearance = _appearance(new, signed)
    _check_stream(appearance.get_object(), old, new, signed)
    return _CHANGED_KEYS


def _appearance(new: DictionaryObject, signed: PdfFileReader) -> IndirectObject:
    """The new appearance: one fresh stream, no states, nothing that existed when the document was signed."""
    appearances = new.raw_get("/AP")
    if not isinstance(appearances, DictionaryObject) or set(appearances) != {"/N"}:
        raise FieldGrammarError("the appearance dictionary holds more than one normal appearance")
    reference = appearances.raw_get("/N")
    if not isinstance(reference, IndirectObject) or signed.xrefs[reference.reference] is not None:
        raise FieldGrammarError("the appearance is not a new object")
    return reference


def _check_stream(stream: Any, old: DictionaryObject, new: DictionaryObject, signed: PdfFileReader) -> None:
    if not isinstance(stream, StreamObject) or not set(stream) <= _STREAM_KEYS:
        raise FieldGrammarError("the appearance has entries that the grammar does not know")
    width, height = _field_size(old)
    box = [float(value) for value in stream["/BBox"]]
    if any(abs(a - b) > _TOLERANCE for a, b in zip(box, (0.0, 0.0, width, height), strict=True)):
        raise FieldGrammarError("the appearance is not exactly the field's box")
    run = parse_content(stream.data)
    if (run.font_name, run.size) != default_appearance(str(old["/DA"])):
        raise FieldGrammarError("another font or size than the signed document prescribes")
    font = _signed_font(run.font_name, stream, signed)
    _check_run(run, font, width, height)
    _check_value(new.raw_get("/V"), font.decode(run.codes))


def _field_size(field: DictionaryObject) -> tuple[float, float]:
    x0, y0, x1, y1 = (float(value) for value in field["/Rect"])
    return abs(x1 - x0), abs(y1 - y0)


def _signed_font(name: str, stream: StreamObject, signed: PdfFileReader) -> FieldFont:
    """The font must be the very object that the signed revision holds under this name."""
    prescribed: Reference = signed.root["/AcroForm"]["/DR"]["/Font"].raw_get(name).reference
    resources = stream.raw_get("/Resources")
    fonts = resources.raw_get("/Font")
    if set(resources) != {"/Font"} or set(fonts) != {name} or fonts.raw_get(name).reference != prescribed:
        raise FieldGrammarError("the appearance uses a font that the signed document does not hold")
    return read_font(signed.get_object(prescribed))


def _check_run(run: TextRun, font: FieldFont, width: float, height: float) -> None:
    end = run.x + font.width(run.codes) * run.size / 1000
    if end > width + _TOLERANCE or run.y + _CAP_HEIGHT * run.size > height + _TOLERANCE:
        raise FieldGrammarError("the text leaves the field's box")


def _check_value(value: Any, shown: str) -> None:
    if not isinstance(value, TextStringObject) or not value.strip() or len(value) > MAX_TEXT:
        raise FieldGrammarError("the value is not a short text")
    if str(value) != shown:
        raise FieldGrammarError("what is shown is not the field's value")
