"""PDF/A rules about fonts: everything needed to draw the text is in the file, and says the same widths."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Stream

from vanthu.renditions.pdfa.parts import Fact, Parts

PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
WIDTH_TOLERANCE = 1.0
"""Thousandths of the font size (ISO 19005-2, 6.2.11.5)."""


def embedded(parts: Parts) -> Iterator[str]:
    for where, font in _drawing(parts):
        if _program(font) is None:
            yield f"{where} {font.get('/BaseFont', '')}"


def _drawing(parts: Parts) -> Iterator[Fact]:
    """Fonts that carry a program: simple ones, and the descendants of composite ones."""
    for where, font in parts.fonts:
        if font.get("/Subtype") not in {Name.Type0, Name.Type3}:
            yield where, font


def _program(font: Dictionary) -> Stream | None:
    descriptor = font.get("/FontDescriptor", Dictionary())
    found = (descriptor.get(key) for key in PROGRAMS)
    return next((program for program in found if isinstance(program, Stream)), None)


def composite(parts: Parts) -> Iterator[str]:
    """Codes lead to glyphs by tables that are in the file."""
    for where, font in parts.fonts:
        encoding = font.get("/Encoding")
        if font.get("/Subtype") == Name.Type0 and not (
            isinstance(encoding, Stream) or str(encoding) in {"/Identity-H", "/Identity-V"}
        ):
            yield where
        if font.get("/Subtype") == Name.CIDFontType2 and "/CIDToGIDMap" not in font:
            yield where


def widths(parts: Parts) -> Iterator[str]:
    """The widths that the file states are those of the font's own program; else letters stand too far apart."""
    for where, font in _drawing(parts):
        program = _program(font)
        if (
            font.get("/Subtype") == Name.CIDFontType2
            and font.get("/CIDToGIDMap") == Name.Identity
            and program is not None
            and "/W" in font
        ):
            advances = advances_of(program.read_bytes())
            stated = stated_widths(font.W)
            if any(abs(advances.get(cid, width) - width) > WIDTH_TOLERANCE for cid, width in stated.items()):
                yield f"{where} {font.get('/BaseFont', '')}"


def stated_widths(table: Object) -> dict[int, float]:
    """CID → width in thousandths."""
    found: dict[int, float] = {}
    position = 0
    items = list(table)
    while position + 1 < len(items):
        first, second = int(items[position]), items[position + 1]
        if isinstance(second, Array):
            found |= {first + offset: float(value) for offset, value in enumerate(second)}
            position += 2
        else:
            found |= dict.fromkeys(range(first, int(second) + 1), float(items[position + 2]))
            position += 3
    return found


def advances_of(program: bytes) -> dict[int, float]:
    """Glyph → advance in thousandths, read from a TrueType program; nothing for another kind of program."""
    if len(program) < 12 or program[:4] not in {b"\x00\x01\x00\x00", b"true"}:
        return {}
    count = struct.unpack_from(">H", program, 4)[0]
    tables = {
        program[at : at + 4]: struct.unpack_from(">I", program, at + 8)[0]
        for at in range(12, 12 + 16 * count, 16)
    }
    if not {b"head", b"hhea", b"hmtx", b"maxp"} <= set(tables):
        return {}
    per_em = struct.unpack_from(">H", program, tables[b"head"] + 18)[0]
    glyphs = struct.unpack_from(">H", program, tables[b"maxp"] + 4)[0]
    metrics = struct.unpack_from(">H", program, tables[b"hhea"] + 34)[0]
    table = tables[b"hmtx"]
    return {
        glyph: struct.unpack_from(">H", program, table + 4 * min(glyph, metrics - 1))[0] * 1000 / per_em
        for glyph in range(glyphs)
    }
