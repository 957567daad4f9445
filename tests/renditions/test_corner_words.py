"""The words of an agency's signature: every Vietnamese letter, the font's own spacing, the right place."""

from __future__ import annotations

import unicodedata
from ctypes import c_double
from functools import cache
from io import BytesIO
from itertools import pairwise

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import typst
from fontTools.ttLib import TTFont
from PIL import Image

from vanthu.kernel.errors import DomainError
from vanthu.renditions.pages import page_image
from vanthu.renditions.stamps import PlacedStamp, words_in_corner
from vanthu.renditions.typesetting import FONTS

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
ALPHABET = "".join([*SMALL, *"bcdđfghjklmnpqrstvwxz"])
LETTERS = ALPHABET + ALPHABET.upper()
SIGNS = "0123456789/-–:+.,;()&"
NUMBER, TIME = "125/SNV-VP", "20/11/2026 09:00:05 +07:00"
A4_MM = (210.0, 297.0)
SIZE = 10.0


@cache
def font() -> TTFont:
    return TTFont(FONTS / "LiberationSerif-Regular.ttf")


def advance(letter: str) -> float:
    """The room of a letter in points at 10 pt, as the font file itself says."""
    metrics, names = font()["hmtx"], font().getBestCmap()
    return float(metrics[names[ord(letter)]][0] * SIZE / font()["head"].unitsPerEm)


def a_page(width_mm: float = 210, height_mm: float = 297) -> bytes:
    """A blank PDF/A page."""
    source = f'#set page(width: {width_mm}mm, height: {height_mm}mm)\n#hide("x")'
    pdf = typst.compile(source.encode(), pdf_standards="a-2b")
    assert isinstance(pdf, bytes)
    return pdf


def turned(width_mm: float, height_mm: float, degrees: int) -> bytes:
    with pikepdf.open(BytesIO(a_page(width_mm, height_mm))) as document:
        document.pages[0].obj.Rotate = degrees
        out = BytesIO()
        document.save(out)
    return out.getvalue()


def origins(stamp: PlacedStamp) -> list[tuple[str, float, float]]:
    """Each drawn character with the point where its glyph begins."""
    with pypdfium2.PdfDocument(stamp.pdf) as document:
        layer = document[0].get_textpage()
        found = []
        for index in range(layer.count_chars()):
            x, y = c_double(), c_double()
            pdfium.FPDFText_GetCharOrigin(layer.raw, index, x, y)
            found.append((chr(pdfium.FPDFText_GetUnicode(layer.raw, index)), x.value, y.value))
    return found


def ink_boxes(stamp: PlacedStamp) -> list[tuple[str, float]]:
    """Each drawn character with the area of its ink."""
    with pypdfium2.PdfDocument(stamp.pdf) as document:
        layer = document[0].get_textpage()
        found = []
        for index in range(layer.count_chars()):
            left, bottom, right, top = layer.get_charbox(index)
            found.append((chr(pdfium.FPDFText_GetUnicode(layer.raw, index)), (right - left) * (top - bottom)))
    return found


def test_the_whole_alphabet_is_meant() -> None:
    assert len(set(LETTERS)) == 2 * (12 * 6 + 21)
    assert {"ẵ", "ợ", "ỹ", "Đ", "Ẫ", "Ự"} <= set(LETTERS)


def test_the_font_has_a_glyph_for_every_vietnamese_letter() -> None:
    assert sorted(set(LETTERS + SIGNS) - {chr(code) for code in font().getBestCmap()}) == []


@pytest.mark.parametrize("start", range(0, len(LETTERS + SIGNS), 12))
def test_every_letter_is_drawn_and_takes_the_room_that_the_font_gives_it(start: int) -> None:
    line = (LETTERS + SIGNS)[start : start + 12]
    stamp = words_in_corner(a_page(), (line,))
    drawn = origins(stamp)
    assert "".join(letter for letter, *_ in drawn) == line
    assert all(area > 0.5 for _, area in ink_boxes(stamp))
    for (letter, x, y), (_, next_x, next_y) in pairwise(drawn):
        assert next_x - x == pytest.approx(advance(letter), abs=0.02), letter
        assert y == next_y


def test_words_that_kern_elsewhere_are_spaced_plainly() -> None:
    drawn = origins(words_in_corner(a_page(), ("VĂN AVATAR Tạo Yêu fi",)))
    for (letter, x, _), (_, next_x, _) in pairwise(drawn):
        assert next_x - x == pytest.approx(advance(letter), abs=0.02), letter


def test_the_letters_are_upright_black_and_ten_points_with_times_metrics() -> None:
    stamp = words_in_corner(a_page(), (NUMBER,))
    with pypdfium2.PdfDocument(stamp.pdf) as document:
        text = next(iter(document[0].get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT])))
        red, green, blue, alpha = (pdfium.c_uint() for _ in range(4))
        pdfium.FPDFPageObj_GetFillColor(text.raw, red, green, blue, alpha)
        matrix = text.get_matrix()
        size = pdfium.c_float()
        pdfium.FPDFTextObj_GetFontSize(text.raw, size)
    assert [channel.value for channel in (red, green, blue, alpha)] == [0, 0, 0, 255]
    assert abs(matrix.d) * size.value == pytest.approx(SIZE, abs=0.01)
    assert (matrix.b, matrix.c) == (0, 0)
    with pikepdf.open(BytesIO(stamp.pdf)) as document:
        names = {str(each.BaseFont) for each in document.objects if is_font(each)}
    assert {name.split("+")[-1].split("-Identity")[0] for name in names} == {"LiberationSerif"}


def is_font(thing: object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font"


def shown(pdf: bytes, stamp: PlacedStamp) -> bytes:
    """The page with the appearance in its box, as a signature shows it, but without one."""
    with pikepdf.open(BytesIO(pdf)) as document, pikepdf.open(BytesIO(stamp.pdf)) as words:
        look = document.copy_foreign(words.pages[0].as_form_xobject())
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Stamp,
            Rect=pikepdf.Array(stamp.box),
            F=4,
            AP=pikepdf.Dictionary(N=look),
        )
        document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(field)])
        out = BytesIO()
        document.save(out)
    return out.getvalue()


def ink_mm(pdf: bytes, width_mm: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of everything dark on the displayed first page, in millimetres."""
    with Image.open(BytesIO(page_image(pdf, 0, 2480))) as image:
        dark = image.convert("L").point(lambda shade: 255 if shade < 128 else 0).getbbox()
        scale = width_mm / image.width
    assert dark is not None
    return tuple(edge * scale for edge in dark)  # type: ignore[return-value]


def test_the_words_stand_at_the_upper_right_of_an_a4_page() -> None:
    stamp = words_in_corner(a_page(), (NUMBER, TIME))
    left, top, right, bottom = ink_mm(shown(a_page(), stamp), 210)
    assert right == pytest.approx(195, abs=0.5)
    assert 6 < top < 8.5
    assert bottom < 16, "stays in the upper margin"
    assert right - left == pytest.approx(sum(map(advance, TIME)) / 72 * 25.4, abs=0.4)


@pytest.mark.parametrize(
    ("size", "degrees"),
    [((297, 210), 90), ((210, 297), 180), ((297, 210), 270), ((420, 297), 0), ((148, 210), 0)],
    ids=["turned-90", "turned-180", "turned-270", "a3-across", "a5"],
)
def test_the_words_are_upright_at_the_upper_right_of_any_page(
    size: tuple[float, float], degrees: int
) -> None:
    pdf = turned(*size, degrees)
    width = size[1] if degrees % 180 else size[0]
    stamp = words_in_corner(pdf, (NUMBER, TIME))
    left, top, right, bottom = ink_mm(shown(pdf, stamp), width)
    assert width - right == pytest.approx(15, abs=0.5)
    assert 6 < top < 8.5
    assert right - left > 4 * (bottom - top)
    assert same_words(pdf, stamp)


def same_words(pdf: bytes, stamp: PlacedStamp) -> bool:
    """The ink is that of the words on a plain page, neither turned nor mirrored."""
    plain = words_in_corner(a_page(), (NUMBER, TIME))
    pictures = []
    for each, placed in ((pdf, stamp), (a_page(), plain)):
        with Image.open(BytesIO(page_image(shown(each, placed), 0, 2000))) as image:
            grey = image.convert("L")
            box = grey.point(lambda shade: 255 if shade < 128 else 0).getbbox()
            pictures.append(grey.crop(box).resize((400, 60)))
    difference = sum(
        abs(a - b) for a, b in zip(pictures[0].tobytes(), pictures[1].tobytes(), strict=True)
    ) / (400 * 60)
    return difference < 25


def test_a_cropped_page_takes_the_corner_that_is_seen() -> None:
    with pikepdf.open(BytesIO(a_page(400, 400))) as document:
        document.pages[0].cropbox = pikepdf.Array([100, 100, 100 + 595.28, 100 + 841.89])
        out = BytesIO()
        document.save(out)
    stamp = words_in_corner(out.getvalue(), (NUMBER, TIME))
    _, top, right, _ = ink_mm(shown(out.getvalue(), stamp), 210)
    assert right == pytest.approx(195, abs=0.5)
    assert 6 < top < 8.5


def test_a_page_with_large_units_shows_ten_points_all_the_same() -> None:
    with pikepdf.open(BytesIO(a_page(210, 297))) as document:
        document.pages[0].obj.UserUnit = 4
        out = BytesIO()
        document.save(out)
    x0, y0, x1, y1 = words_in_corner(out.getvalue(), (NUMBER,)).box
    a0, b0, a1, b1 = words_in_corner(a_page(), (NUMBER,)).box
    assert ((x1 - x0) * 4, (y1 - y0) * 4) == pytest.approx((a1 - a0, b1 - b0))


def test_a_long_name_goes_on_in_the_next_line_and_stays_on_the_page() -> None:
    name = "Trung tâm Phục vụ hành chính công và Chuyển đổi số cấp vùng thành phố Hà Nội"
    stamp = words_in_corner(a_page(), ("Sao y", name, TIME))
    left, top, right, bottom = ink_mm(shown(a_page(), stamp), 210)
    assert right - left < 96
    assert bottom - top > 15
    assert right == pytest.approx(195, abs=0.5)


def test_words_are_never_markup() -> None:
    stamp = words_in_corner(a_page(), ('#panic("x") $x$ *đậm* [a](b) \\',))
    assert "".join(letter for letter, *_ in origins(stamp)) == '#panic("x") $x$ *đậm* [a](b) \\'


def test_a_file_that_shows_no_page_is_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        words_in_corner(b"%PDF-1.7\nnothing", (NUMBER,))
    assert refusal.value.code == "renditions.page.cannot-be-drawn"
