"""Number and date enter through two empty fields whose font is already in the file (D22)."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from tests.renditions.samples import LETTER
from vanthu.presentation.letters import RenderedLetter, render_letter
from vanthu.renditions.form_fields import (
    DATE_FIELD,
    FONT_SIZE,
    ITALIC,
    NUMBER_FIELD,
    REGULAR,
    Box,
    appearance_of,
    load_font,
    text_width,
)
from vanthu.renditions.pages import page_image, page_text

DATE = "Hà Nội, ngày 20 tháng 11 năm 2026"
NOTATIONS = (
    "125/SNV-VP",
    "05/QĐ-UBND",
    "12345/UBND-VPUB",
    "07/QyĐ-SNV",
    "01/CTr-BCĐ",
    "Số: 9–10 (bản 2); A.B:C & D'E",
)


@pytest.fixture
def letter() -> RenderedLetter:
    return render_letter(LETTER)


def fill(letter: RenderedLetter, number: str, date: str) -> bytes:
    """What signing does later, in its simplest form."""
    with pikepdf.open(BytesIO(letter.pdf)) as document:
        number_field, date_field = document.Root.AcroForm.Fields
        for field, value, box, italic in (
            (number_field, number, letter.boxes["number"], False),
            (date_field, date, letter.boxes["date"], True),
        ):
            field.V = pikepdf.String(value)
            field.AP.N.write(appearance_of(value, box, italic=italic))
        out = BytesIO()
        document.save(out)
    return out.getvalue()


def test_both_fields_are_there_and_empty(letter: RenderedLetter) -> None:
    with pikepdf.open(BytesIO(letter.pdf)) as document:
        fields = list(document.Root.AcroForm.Fields)
        assert [str(field.T) for field in fields] == [NUMBER_FIELD, DATE_FIELD]
        for field in fields:
            assert field.FT == "/Tx"
            assert "/V" not in field
            assert int(field.F) == 4
            assert b"Tj" not in field.AP.N.read_bytes()
            assert field.objgen in {annotation.objgen for annotation in document.pages[0].obj.Annots}
        assert "/NeedAppearances" not in document.Root.AcroForm
        assert str(fields[0].DA) == f"/{REGULAR} {FONT_SIZE} Tf 0 g"
        assert str(fields[1].DA) == f"/{ITALIC} {FONT_SIZE} Tf 0 g"


def test_both_fonts_are_embedded_whole(letter: RenderedLetter) -> None:
    with pikepdf.open(BytesIO(letter.pdf)) as document:
        fonts = document.Root.AcroForm.DR.Font
        for name in (REGULAR, ITALIC):
            descendant = fonts[f"/{name}"].DescendantFonts[0]
            assert fonts[f"/{name}"].Encoding == "/Identity-H"
            assert descendant.CIDToGIDMap == "/Identity"
            assert descendant.FontDescriptor.FontFile2.read_bytes() == load_font(name).program


@pytest.mark.parametrize("italic", [False, True])
@pytest.mark.parametrize("text", [*NOTATIONS, DATE, "Phường Ô Chợ Dừa", "ĂÂĐÊÔƠƯ ẵặỡợữựỹỵ"])
def test_every_letter_of_a_notation_or_date_has_a_glyph(text: str, italic: bool) -> None:
    assert text_width(text, italic=italic) > 0


def ink_in(pdf: bytes, box: Box) -> int:
    """Dark dots inside a box of the drawn page."""
    with Image.open(BytesIO(page_image(pdf, 0, 1190))) as image:
        dots = image.width / 595.276
        _, x0, y0, x1, y1 = box
        inside = image.convert("L").crop(
            (int(x0 * dots), int((841.89 - y1) * dots), int(x1 * dots), int((841.89 - y0) * dots))
        )
    return sum(inside.histogram()[:128])


@pytest.mark.parametrize("name", ["number", "date"])
def test_a_filled_file_shows_its_value_in_the_box(letter: RenderedLetter, name: str) -> None:
    filled = fill(letter, "125/SNV-VP", DATE)
    assert ink_in(letter.pdf, letter.boxes[name]) == 0
    assert ink_in(filled, letter.boxes[name]) > 200


def test_nothing_but_the_two_values_changes(letter: RenderedLetter) -> None:
    assert page_text(fill(letter, "125/SNV-VP", DATE), 0) == page_text(letter.pdf, 0)


def test_the_appearance_is_one_run_that_reads_as_the_value(letter: RenderedLetter) -> None:
    stream = appearance_of("125/SNV-VP", letter.boxes["number"]).decode()
    assert stream.count("Tj") == 1
    codes = stream.split("<")[1].split(">")[0]
    letters = {glyph: character for character, glyph in load_font(REGULAR).glyphs.items()}
    assert "".join(letters[int(codes[i : i + 4], 16)] for i in range(0, len(codes), 4)) == "125/SNV-VP"


def test_five_figures_still_fit_the_room_for_the_number(letter: RenderedLetter) -> None:
    assert appearance_of("12345/SNV-VP", letter.boxes["number"])
    assert appearance_of(DATE, letter.boxes["date"], italic=True)


def test_a_value_that_does_not_fit_is_refused(letter: RenderedLetter) -> None:
    with pytest.raises(ValueError, match="pt wide"):
        appearance_of("125/SNV-VP-VTLT-KHTC-TCCB", letter.boxes["number"])


def test_a_letter_without_glyph_is_refused(letter: RenderedLetter) -> None:
    with pytest.raises(ValueError, match="no glyph"):
        appearance_of("125/漢", letter.boxes["number"])
