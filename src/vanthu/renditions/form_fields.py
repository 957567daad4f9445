"""The two text fields through which number and date enter a document that is already signed (D22)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

FONTS = Path(__file__).parent / "fonts"
NUMBER_FIELD = "so_ky_hieu"
DATE_FIELD = "ngay_ban_hanh"
FONT_SIZE = 13
REGULAR = "VanthuSerif"
ITALIC = "VanthuSerifItalic"
BASELINE_PT = 4.0
"""Height of the baseline over the lower edge of a field, the same as in the templates."""

Box = tuple[int, float, float, float, float]
"""(page from 0, x0, y0, x1, y1) in PDF points from the lower left corner."""


@dataclass(frozen=True, slots=True)
class FieldFont:
    """One of the two embedded fonts: which glyph draws which character, and how wide it is."""

    name: str
    glyphs: dict[str, int]
    widths: dict[int, int]
    """Glyph → width in thousandths of the font size."""
    program: bytes


def add_number_and_date_fields(pdf: bytes, boxes: dict[str, Box]) -> bytes:
    """Add the empty fields `so_ky_hieu` and `ngay_ban_hanh` at boxes "number" and "date".

    Both fonts are embedded with every glyph that a notation or a date may need, so that filling
    them later brings no new font into the signed file.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = Dictionary(
            {f"/{font.name}": document.make_indirect(_embedded(document, font)) for font in _both_fonts()}
        )
        fields = [
            _field(document, NUMBER_FIELD, boxes["number"], REGULAR, fonts),
            _field(document, DATE_FIELD, boxes["date"], ITALIC, fonts),
        ]
        document.Root.AcroForm = document.make_indirect(
            Dictionary(
                Fields=Array(fields),
                DR=Dictionary(Font=fonts),
                DA=String(f"/{REGULAR} {FONT_SIZE} Tf 0 g"),
            )
        )
        out = BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def appearance_of(text: str, box: Box, *, italic: bool = False) -> bytes:
    """The content stream that shows `text` centred in a field: one text run, one font (D22).

    Raises ValueError when a character has no glyph or the text is wider than the field.
    """
    font = load_font(ITALIC if italic else REGULAR)
    width = text_width(text, italic=italic)
    room = box[3] - box[1]
    if width > room:
        raise ValueError(f"text is {width:.1f} pt wide, its field only {room:.1f} pt")
    codes = "".join(f"{font.glyphs[character]:04X}" for character in text)
    start = (room - width) / 2
    return (
        f"/Tx BMC q BT /{font.name} {FONT_SIZE} Tf 0 g {start:.2f} {BASELINE_PT:.2f} Td <{codes}> Tj ET Q EMC"
    ).encode("ascii")


def text_width(text: str, *, italic: bool = False) -> float:
    """Width of `text` in points at the size of the fields."""
    font = load_font(ITALIC if italic else REGULAR)
    missing = sorted(set(text) - set(font.glyphs))
    if missing:
        raise ValueError(f"no glyph for {missing}")
    return sum(font.widths[font.glyphs[character]] for character in text) * FONT_SIZE / 1000


@cache
def load_font(name: str) -> FieldFont:
    """Read a font and its table, made once by scripts/make_field_fonts.py."""
    glyphs: dict[str, int] = {}
    widths: dict[int, int] = {}
    with (FONTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            glyph = int(row["glyph"])
            glyphs[chr(int(row["codepoint"], 16))] = glyph
            widths[glyph] = int(row["width"])
    return FieldFont(name, glyphs, widths, (FONTS / f"{name}.ttf").read_bytes())


def _both_fonts() -> tuple[FieldFont, FieldFont]:
    return load_font(REGULAR), load_font(ITALIC)


def _field(document: pikepdf.Pdf, name: str, box: Box, font_name: str, fonts: Dictionary) -> pikepdf.Object:
    page_index, x0, y0, x1, y1 = box
    page = document.pages[page_index]
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String(name),
            Rect=Array([x0, y0, x1, y1]),
            DA=String(f"/{font_name} {FONT_SIZE} Tf 0 g"),
            Q=1,
            F=4,  # printed, as PDF/A demands
            P=page.obj,
            AP=Dictionary(N=_empty_appearance(document, x1 - x0, y1 - y0, font_name, fonts)),
        )
    )
    if Name.Annots not in page.obj:
        page.obj.Annots = Array()
    page.obj.Annots.append(field)
    return field


def _empty_appearance(
    document: pikepdf.Pdf, width: float, height: float, font_name: str, fonts: Dictionary
) -> pikepdf.Stream:
    stream = document.make_stream(b"/Tx BMC EMC")
    stream.Type = Name.XObject
    stream.Subtype = Name.Form
    stream.BBox = Array([0, 0, round(width, 2), round(height, 2)])
    stream.Resources = Dictionary(Font=Dictionary({f"/{font_name}": fonts[f"/{font_name}"]}))
    return stream


def _embedded(document: pikepdf.Pdf, font: FieldFont) -> Dictionary:
    program = document.make_stream(font.program)
    program.Length1 = len(font.program)
    base = Name(f"/VANTHU+{font.name}")
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=base,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        CIDToGIDMap=Name.Identity,
        DW=0,
        W=_width_table(font),
        FontDescriptor=document.make_indirect(_descriptor(font, base, document.make_indirect(program))),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=base,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([document.make_indirect(descendant)]),
        ToUnicode=document.make_stream(_to_unicode(font)),
    )


def _descriptor(font: FieldFont, base: Name, program: pikepdf.Object) -> Dictionary:
    italic = font.name == ITALIC
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=base,
        Flags=4 + 2 + (64 if italic else 0),  # symbolic (glyphs are addressed by index), serif, italic
        FontBBox=Array([-544, -303, 1287, 981]),
        ItalicAngle=-16 if italic else 0,
        Ascent=891,
        Descent=-216,
        CapHeight=655,
        StemV=80,
        FontFile2=program,
    )


def _width_table(font: FieldFont) -> Array:
    table: list[pikepdf.Object | int] = []
    for glyph in sorted(font.widths):
        table += [glyph, Array([font.widths[glyph]])]
    return Array(table)


def _to_unicode(font: FieldFont) -> bytes:
    pairs = sorted((glyph, character) for character, glyph in font.glyphs.items())
    lines = [f"<{glyph:04X}> <{character.encode('utf-16-be').hex().upper()}>" for glyph, character in pairs]
    # A CMap takes at most 100 pairs in one section.
    sections = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in sections)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
