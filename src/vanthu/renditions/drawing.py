"""Draws pages; runs only in child processes of the sandbox, which import it beforehand."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pypdfium2
from PIL import Image

from vanthu.kernel.errors import DomainError
from vanthu.renditions.pages import TextRun

MAX_PIXELS = 24_000_000
WEBP_QUALITY = 82
MAX_RUNS = 20_000
MAX_COMPARED = 300
COMPARED_SCALE = 1.5

Place = Callable[[float, float, float, float], tuple[float, float, float, float]]

# Loads the picture formats in the waiting process, not in every child again.
Image.init()


def count(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def draw(pdf: bytes, page: int, width_px: int) -> bytes:
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        sheet = _page_of(document, page)
        width, height = sheet.get_size()
        scale = (width_px - 0.001) / width  # pdfium rounds up
        if width_px * height * scale > MAX_PIXELS:
            raise DomainError("renditions.page.cannot-be-drawn", page=page + 1, reason="page too long")
        return _webp(sheet.render(scale=scale).to_pil())


def _webp(image: Image.Image) -> bytes:
    out = BytesIO()
    image.convert("RGB").save(out, "WEBP", quality=WEBP_QUALITY, method=2)
    return out.getvalue()


def differences(before: bytes, after: bytes) -> list[tuple[bool, bool, bool]]:
    """For each page: is it in the first file, is it in the second, does it look otherwise."""
    with pypdfium2.PdfDocument(before) as old, pypdfium2.PdfDocument(after) as new:
        old.init_forms()
        new.init_forms()
        count = min(max(len(old), len(new)), MAX_COMPARED)
        return [(page < len(old), page < len(new), _looks_otherwise(old, new, page)) for page in range(count)]


def _looks_otherwise(old: pypdfium2.PdfDocument, new: pypdfium2.PdfDocument, page: int) -> bool:
    if page >= len(old) or page >= len(new):
        return True
    return _greys(old[page]) != _greys(new[page])


def _greys(sheet: pypdfium2.PdfPage) -> tuple[int, int, bytes]:
    width, height = sheet.get_size()
    # Close enough for one letter to show, small enough for a poster not to fill the memory.
    scale = min(COMPARED_SCALE, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
    picture = sheet.render(scale=scale, grayscale=True)
    return picture.width, picture.height, bytes(picture.buffer)


def text(pdf: bytes, page: int) -> list[TextRun]:
    with pypdfium2.PdfDocument(pdf) as document:
        return text_runs(_page_of(document, page))


def text_runs(sheet: pypdfium2.PdfPage) -> list[TextRun]:
    """The words of one page with their places."""
    layer = sheet.get_textpage()
    place = placing(sheet)
    runs = []
    for index in range(min(layer.count_rects(), MAX_RUNS)):
        left, bottom, right, top = layer.get_rect(index)
        words = layer.get_text_bounded(left, bottom, right, top).strip()
        if words:
            runs.append(TextRun(words, *place(left, bottom, right, top)))
    return runs


def placing(sheet: pypdfium2.PdfPage) -> Place:
    """From points of the sheet to parts of the displayed page, which may be cropped and turned."""
    x0, y0, x1, y1 = sheet.get_cropbox()
    turn = sheet.get_rotation() // 90

    def place(left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        corners = [
            _turned((x - x0) / (x1 - x0), (y1 - y) / (y1 - y0), turn)
            for x, y in ((left, top), (right, bottom))
        ]
        xs, ys = sorted(c[0] for c in corners), sorted(c[1] for c in corners)
        return _part(xs[0]), _part(ys[0]), _part(xs[1]), _part(ys[1])

    return place


def _part(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 5)


def _turned(x: float, y: float, quarters: int) -> tuple[float, float]:
    return ((x, y), (1 - y, x), (1 - x, 1 - y), (y, 1 - x))[quarters % 4]


def _page_of(document: pypdfium2.PdfDocument, page: int) -> pypdfium2.PdfPage:
    if not 0 <= page < len(document):
        raise DomainError("renditions.page.not-there", page=page + 1, pages=len(document))
    return document[page]
