"""Three checks that the PDF library does not make: bytes after the end, covered text, who has signed.

An untrusted extra signature, the third gap of the library, needs no code here: each signature is judged
alone, and the file's verdict is that of the worst (D21).
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
from asn1crypto import x509
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, Reference
from pyhanko.pdf_utils.reader import PdfFileReader

from vanthu.signing.field_text import FIELD_NAMES
from vanthu.signing.rules.verdicts import Kind, SignerIdentity
from vanthu.signing.validation.comparison import entry
from vanthu.signing.validation.fields import pages_of

_BLANKS: Final = b"\r\n\t \x00"
_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF")

# Around an earlier signature lie the signer's office and name; the seal may touch them (NĐ30 PL I: it
# covers a third of the signature, on its left). Points: left, below, right, above.
_SIGNATURE_BLOCK: Final = (120.0, 45.0, 60.0, 90.0)
_INSET: Final = 3.0  # points: touching a line of text is not covering it
_LABEL_LETTERS: Final = 24
_INK_SCALE: Final = 1.0
_INK_SHARE: Final = 0.01
_IS_INK: Final = bytes(level < 160 for level in range(256))  # of grey: darker than the paper of a scan

PERSON_PREFIXES: Final = frozenset({"CCCD", "CMND", "HC", "BHXH", "DEMO"})
AGENCY_PREFIXES: Final = frozenset({"MST", "MNS", "DEMO-CQ"})

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SeenSignature:
    """Where a signature stands: its revision, its object and the end of what it covers."""

    revision: int
    value: tuple[int, int]
    end: int


@dataclass(frozen=True, slots=True)
class _Widget:
    page: int
    rect: Rect
    revision: int
    """When it came to show something: with its signature, or when it was added."""
    signed: bool
    placed: int
    """When its place on the page was made; a form has places for signatures before anybody signs."""


@dataclass(frozen=True, slots=True)
class _Annotation:
    page: int
    reference: Reference | None
    dictionary: Any
    rect: Rect


def has_bytes_after_end(data: bytes, signatures: Sequence[SeenSignature]) -> bool:
    """Tell whether something that is not a PDF update follows the last signed byte."""
    covered = max((signature.end for signature in signatures), default=0)
    if covered >= len(data):
        return False
    ends = list(_END.finditer(data))
    if not data[covered:].strip(_BLANKS):
        return False
    if not ends or data[ends[-1].end() :].strip(_BLANKS):
        return True
    # A tail that repeats an old end marker pretends to be an update without being one.
    return int(ends[-1][1]) < covered


def covered_revisions(data: bytes, reader: PdfFileReader, signatures: Sequence[SeenSignature]) -> set[int]:
    """Return revisions whose text is hidden by a visible signature field that was added later.

    Text around an earlier signature is left out: there the seal belongs. Number and date are text, too.
    """
    if not signatures or min(item.end for item in signatures) >= len(data):
        return set()  # whatever there is has been signed by all of them
    annotations = list(_annotations(reader))
    revisions = {item.value: item.revision for item in signatures}
    widgets = [widget for item in annotations for widget in _signature_widget(reader, item, revisions)]
    first = min(item.revision for item in signatures)
    later = [widget for widget in widgets if widget.revision > first]
    if not later:
        return set()
    filled = [(item.page, item.rect) for item in annotations if entry(item.dictionary, "/T") in FIELD_NAMES]
    hidden: set[int] = set()
    document = pypdfium2.PdfDocument(data)
    try:
        for widget in later:
            is_prepared = widget.placed <= first
            if _covers_field(widget, filled) or _covers_text(document, widget, widgets, prepared=is_prepared):
                hidden |= {item.revision for item in signatures if item.revision < widget.revision}
    finally:
        document.close()
    return hidden


def _covers_field(widget: _Widget, filled: Sequence[tuple[int, Rect]]) -> bool:
    inner = _inset(widget.rect)
    return any(page == widget.page and _without(inner, rect) != [inner] for page, rect in filled)


def _covers_text(document: Any, widget: _Widget, widgets: Sequence[_Widget], *, prepared: bool) -> bool:
    free = [_inset(widget.rect)]
    for other in widgets:
        if other.page == widget.page and other.signed and other.revision < widget.revision:
            free = [part for rect in free for part in _without(rect, _block(other.rect))]
    page = document[widget.page]
    text = page.get_textpage()
    try:
        covered = [text.get_text_bounded(*rect).strip() for rect in free]
        if prepared:
            return any(_is_more_than_a_label(words) for words in covered)
        return any(covered) or any(_covers_drawing(page, rect) for rect in free)
    finally:
        text.close()
        page.close()


def _is_more_than_a_label(words: str) -> bool:
    """In the place that a form keeps for a signature stand a line, dots and a word or two; no sum, no date."""
    return any(letter.isdigit() for letter in words) or sum(map(str.isalpha, words)) > _LABEL_LETTERS


def _covers_drawing(page: Any, rect: Rect) -> bool:
    """Lines and pictures count by their ink, so that a seal may lie on the blank part of a scanned page."""
    inside = _within(rect, page.get_cropbox())
    if inside is None or not any(_meets(item, inside) for item in page.get_objects(max_depth=1)):
        return False
    left, below, right, above = page.get_cropbox()
    cuts = (inside[0] - left, inside[1] - below, right - inside[2], above - inside[3])
    picture = page.render(
        scale=_INK_SCALE, crop=cuts, grayscale=True, draw_annots=False, may_draw_forms=False
    )
    try:
        pixels = bytes(picture.buffer)
    finally:
        picture.close()
    return bool(sum(pixels.translate(_IS_INK)) > _INK_SHARE * len(pixels))


def _within(rect: Rect, limits: Rect) -> Rect | None:
    x0, y0 = max(rect[0], limits[0]), max(rect[1], limits[1])
    x1, y1 = min(rect[2], limits[2]), min(rect[3], limits[3])
    return (x0, y0, x1, y1) if x1 - x0 > _INSET and y1 - y0 > _INSET else None


def _meets(item: Any, rect: Rect) -> bool:
    if item.type == pypdfium2.raw.FPDF_PAGEOBJ_TEXT:
        return False
    x0, y0, x1, y1 = (float(value) for value in item.get_bounds())
    return x0 < rect[2] and rect[0] < x1 and y0 < rect[3] and rect[1] < y1


def _annotations(reader: PdfFileReader) -> Iterator[_Annotation]:
    for index, page in enumerate(pages_of(reader)):
        for raw in entry(page, "/Annots", ()):
            dictionary = raw.get_object()
            reference = raw.reference if isinstance(raw, IndirectObject) else None
            if isinstance(dictionary, DictionaryObject):
                yield _Annotation(index, reference, dictionary, _rect(dictionary))


def _signature_widget(
    reader: PdfFileReader, item: _Annotation, revisions: dict[tuple[int, int], int]
) -> Iterator[_Widget]:
    """The visible widget of a signature field; an empty field counts, for it can hide text as well."""
    parent = entry(item.dictionary, "/Parent", {})
    x0, y0, x1, y1 = item.rect
    is_signature = "/Sig" in (entry(item.dictionary, "/FT"), entry(parent, "/FT"))
    if not is_signature or "/AP" not in item.dictionary or x0 >= x1 or y0 >= y1:
        return
    revision = revisions.get(_value_of(item.dictionary))
    added = revision if revision is not None else _last_changed(reader, item)
    placed = _introduced(reader, item)
    yield _Widget(item.page, item.rect, added, signed=revision is not None, placed=placed)


def _introduced(reader: PdfFileReader, item: _Annotation) -> int:
    if item.reference is None:
        return int(reader.xrefs.total_revisions)  # a direct object: as late as can be
    return int(reader.xrefs.get_introducing_revision(item.reference))


def _last_changed(reader: PdfFileReader, item: _Annotation) -> int:
    if item.reference is None:
        return int(reader.xrefs.total_revisions)  # a direct object: as late as can be
    return int(reader.xrefs.get_last_change(item.reference))


def _value_of(annotation: Any) -> tuple[int, int]:
    holder = annotation if "/V" in annotation else entry(annotation, "/Parent", {})
    value = holder.raw_get("/V") if "/V" in holder else None
    if isinstance(value, IndirectObject):
        return value.reference.idnum, value.reference.generation
    return (-1, -1)


def _rect(annotation: Any) -> Rect:
    x0, y0, x1, y1 = (float(value) for value in _numbers(annotation))
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _numbers(annotation: Any) -> list[Any]:
    numbers = [value.get_object() for value in entry(annotation, "/Rect", ())]
    return numbers if len(numbers) == 4 else [0.0] * 4


def _inset(rect: Rect) -> Rect:
    return rect[0] + _INSET, rect[1] + _INSET, rect[2] - _INSET, rect[3] - _INSET


def _block(rect: Rect) -> Rect:
    left, below, right, above = _SIGNATURE_BLOCK
    return rect[0] - left, rect[1] - below, rect[2] + right, rect[3] + above


def _without(rect: Rect, hole: Rect) -> list[Rect]:
    """Cut a hole out of a rectangle: what is left, below, above and beside it."""
    x0, y0, x1, y1 = rect
    hx0, hy0, hx1, hy1 = max(x0, hole[0]), max(y0, hole[1]), min(x1, hole[2]), min(y1, hole[3])
    if hx0 >= hx1 or hy0 >= hy1:
        return [rect]
    parts = [(x0, y0, hx0, y1), (hx1, y0, x1, y1), (hx0, y0, hx1, hy0), (hx0, hy1, hx1, y1)]
    return [part for part in parts if part[2] - part[0] > 1 and part[3] - part[1] > 1]


def identity_of(certificate: x509.Certificate) -> SignerIdentity:
    """Read who the subject is; identifiers stand as `PREFIX:value` in its UIDs."""
    native: dict[str, Any] = certificate.subject.native
    ids: dict[str, str] = {}
    for uid in _texts(native.get("user_id")):
        prefix, colon, value = uid.partition(":")
        ids.setdefault(prefix.strip().upper() if colon else "UID", (value if colon else uid).strip())
    return SignerIdentity(
        name=", ".join(_texts(native.get("common_name"))),
        organisation=", ".join(_texts(native.get("organization_name"))),
        ids=ids,
        serial=f"{certificate.serial_number:X}",
    )


def kind_of(signer: SignerIdentity, field_name: str) -> Kind:
    """Tell a person from an agency; the certificate decides before the name of the field does.

    Else a person could pose as an agency by naming his field `CoQuan_1`.
    """
    if signer.ids.keys() & PERSON_PREFIXES:
        return "personal"
    if signer.ids.keys() & AGENCY_PREFIXES:
        return "agency"
    if not signer.name or signer.name == signer.organisation or field_name.startswith("CoQuan"):
        return "agency"
    return "personal"


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
