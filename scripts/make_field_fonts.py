"""Make the two small fonts with which numbers and dates are filled in after signing.

Run by hand, with fontTools, when the Liberation fonts change:

    .venv/bin/python scripts/make_field_fonts.py

The result is committed; nothing at run time needs fontTools. The licence reserves the name
Liberation, so the derived fonts carry another one.
"""

from __future__ import annotations

import csv
import string
import unicodedata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "src/vanthu/renditions/fonts"
STYLES = {"LiberationSerif-Regular": "VanthuSerif", "LiberationSerif-Italic": "VanthuSerifItalic"}


def vietnamese_letters() -> str:
    """Every precomposed letter of the Vietnamese alphabet with every tone."""
    marks = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = {
        unicodedata.normalize("NFC", vowel + mark) for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for mark in marks
    }
    return "".join(sorted(letters | {"đ", "Đ"}))


def wanted_characters() -> str:
    return string.digits + string.ascii_letters + vietnamese_letters() + " /-.,()–&:;'"


def make(source: str, name: str, characters: str) -> None:
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 6, 13, 14]
    font = TTFont(FONTS / f"{source}.ttf", recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 6}:
            record.string = name
    font.save(FONTS / f"{name}.ttf")
    cmap, units = font.getBestCmap(), font["head"].unitsPerEm
    with (FONTS / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["codepoint", "glyph", "width"])
        for code in sorted(cmap):
            glyph = font.getGlyphID(cmap[code])
            rows.writerow([f"{code:04X}", glyph, round(font["hmtx"][cmap[code]][0] * 1000 / units)])


if __name__ == "__main__":
    for style, new_name in STYLES.items():
        make(style, new_name, wanted_characters())
