"""Measures pages; runs only in child processes of the sandbox, which import it beforehand."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from vanthu.presentation.rules.form_check import FormFacts
from vanthu.renditions.drawing import placing, text_runs
from vanthu.renditions.form_fields import DATE_FIELD, NUMBER_FIELD
from vanthu.renditions.pages import TextRun

MAX_PAGES = 50
MEASURED_PAGES = 5
MAX_LETTERS = 20_000
NATIONAL_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
# Where a part may stand on the first page, in parts of the page: heuristics, not law (law.md §2.9).
RIGHT_HALF = 0.48
HEAD = 0.28
TOP_BAND = 0.08
NAMED_SUBJECT = (0.12, 0.40)
PAGE_DATE = re.compile(r", ngày\b.*\btháng\b.*\bnăm\b")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: size in millimetres and runs of text."""

    width: float
    height: float
    runs: tuple[TextRun, ...]

    @property
    def number(self) -> str:
        """What stands alone in the middle of the upper margin, when it is a number."""
        middle = [
            run.text for run in self.runs if run.y1 < TOP_BAND and abs((run.x0 + run.x1) / 2 - 0.5) < 0.1
        ]
        return middle[0] if len(middle) == 1 and middle[0].isdigit() else ""


@dataclass(slots=True)
class Letters:
    """What the letters of a document have in common."""

    fonts: set[str] = field(default_factory=set)
    sizes: Counter[float] = field(default_factory=Counter)
    margins: tuple[float, float, float, float] = (999.0, 999.0, 999.0, 999.0)
    """Left, right, top, bottom in millimetres."""

    def stretch_to(self, sheet: Sheet, box: tuple[float, float, float, float]) -> None:
        x0, y0, x1, y1 = box
        if sheet.number and y1 < TOP_BAND and abs((x0 + x1) / 2 - 0.5) < 0.1:
            return  # the page number stands in the margin by right
        distances = (x0 * sheet.width, (1 - x1) * sheet.width, y0 * sheet.height, (1 - y1) * sheet.height)
        left, right, top, bottom = map(min, self.margins, distances)
        self.margins = (left, right, top, bottom)


def read_form(pdf: bytes) -> FormFacts:
    """In the child: measure the document and find the parts of Annex I."""
    with pypdfium2.PdfDocument(pdf) as document:
        sheets = [_sheet(document, index) for index in range(min(len(document), MAX_PAGES))]
        letters = _measure(document, sheets)
    fields = _field_names(pdf)
    first, last = sheets[0], sheets[-1]
    capacity, signer = _signature(last)
    return FormFacts(
        page_sizes_mm=tuple((round(sheet.width, 1), round(sheet.height, 1)) for sheet in sheets),
        margins_mm=_rounded(letters.margins),
        fonts=frozenset(letters.fonts - {""}),
        body_size_pt=letters.sizes.most_common(1)[0][0] if letters.sizes else 0.0,
        has_national_name=_has(first, NATIONAL_NAME),
        has_motto=_has(first, "Độc lập - Tự do - Hạnh phúc"),
        number_text=_line(first, lambda run: run.x1 < 0.6 and run.text.startswith("Số:")),
        has_number_field=NUMBER_FIELD in fields,
        place_date_text=_line(first, lambda run: run.x1 > RIGHT_HALF and bool(PAGE_DATE.search(run.text))),
        has_date_field=DATE_FIELD in fields,
        subject=_subject(first),
        has_recipients=any(run.text.startswith("Nơi nhận") for sheet in sheets for run in sheet.runs),
        has_signature_block=bool(capacity and signer),
        signer=signer,
        numbered_pages=frozenset(
            number for number, sheet in enumerate(sheets, start=1) if sheet.number == str(number)
        ),
    )


def _sheet(document: pypdfium2.PdfDocument, index: int) -> Sheet:
    page = document[index]
    width, height = page.get_size()
    return Sheet(width / 72 * 25.4, height / 72 * 25.4, tuple(text_runs(page)))


def _rounded(margins: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, right, top, bottom = (round(value, 1) for value in margins)
    return (left, right, top, bottom)


def _has(sheet: Sheet, text: str) -> bool:
    return bool(_line(sheet, lambda run: run.x1 > RIGHT_HALF and text in " ".join(run.text.split())))


def _line(sheet: Sheet, wanted: Callable[[TextRun], bool]) -> str:
    return next((run.text for run in sheet.runs if run.y0 < HEAD and wanted(run)), "")


def _subject(sheet: Sheet) -> str:
    """Ô 5b begins with "V/v"; ô 5a is what stands centred under the head of the page."""
    letter = _line(sheet, lambda run: run.x1 < 0.6 and run.text.startswith("V/v"))
    if letter:
        return letter.removeprefix("V/v").strip()
    low, high = NAMED_SUBJECT
    centred = [
        run.text
        for run in sheet.runs
        if low < run.y0 < high and abs((run.x0 + run.x1) / 2 - 0.536) < 0.03 and run.x0 > 0.17
    ]
    return centred[1] if len(centred) > 1 and centred[0].isupper() else ""


def _signature(sheet: Sheet) -> tuple[str, str]:
    """Capacity: capitals beside or under "Nơi nhận", on the right; the name: the next line that is not."""
    start = next((run.y0 for run in sheet.runs if run.text.startswith("Nơi nhận")), 0.5)
    block = [run.text for run in sheet.runs if run.x0 > 0.5 and run.y0 > start - 0.03]
    capacity = next((text for text in block if text.isupper()), "")
    name = next((text for text in block if not text.isupper() and text[:1].isalpha()), "")
    return capacity, name


def _measure(document: pypdfium2.PdfDocument, sheets: list[Sheet]) -> Letters:
    """Go through the letters of the first pages: fonts, sizes, and how near they come to the edges."""
    letters = Letters()
    for index, sheet in enumerate(sheets[:MEASURED_PAGES]):
        page = document[index]
        layer, place = page.get_textpage(), placing(page)
        top, foot = _body_of(sheet, is_first=index == 0)
        for number in range(min(layer.count_chars(), MAX_LETTERS)):
            # Blanks that the program itself puts in report size 1 and no font (stack.md pitfall 20).
            if chr(pdfium.FPDFText_GetUnicode(layer, number)).isspace():
                continue
            letters.fonts.add(_font_name(layer, number))
            box = place(*layer.get_charbox(number))
            if top < box[1] < foot:
                letters.sizes[_size(layer, number)] += 1
            letters.stretch_to(sheet, box)
    return letters


def _body_of(sheet: Sheet, *, is_first: bool) -> tuple[float, float]:
    """Where ô 6 stands: under the head of the first page, above "Nơi nhận"; heads are smaller and say nothing of it."""
    foot = next((run.y0 for run in sheet.runs if run.text.startswith("Nơi nhận")), 1.0)
    return (HEAD if is_first else 0.0), foot


def _font_name(layer: pypdfium2.PdfTextPage, place: int) -> str:
    room = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(layer, place, room, len(room), ctypes.byref(flags))
    name = room.raw[: max(0, min(length, len(room)) - 1)].decode("utf-8", "replace")
    return name.partition("+")[2] or name


def _size(layer: pypdfium2.PdfTextPage, place: int) -> float:
    """Some programs write size 1 and scale by the matrix."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(layer, place, ctypes.byref(matrix))
    stretch = (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
    return float(round(pdfium.FPDFText_GetFontSize(layer, place) * stretch, 1))


def _field_names(pdf: bytes) -> set[str]:
    with pikepdf.open(BytesIO(pdf)) as document:
        form = document.Root.get("/AcroForm")
        if not isinstance(form, pikepdf.Dictionary):
            return set()
        return {str(item.get("/T", "")) for item in form.get("/Fields", pikepdf.Array())}
