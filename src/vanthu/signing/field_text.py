"""The text of the two fields for number and date: names, font tables and the one sentence of their grammar.

Shared by the filling (`backends.increment`) and the check (`validation.number_and_date`); plain mappings in, so that
this module needs no PDF library. Norm: decision D22.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

FIELD_NAMES: Final = ("so_ky_hieu", "ngay_ban_hanh")
BASELINE: Final = 4.0
"""Points from the lower edge of a field to its baseline, as in the letter templates."""
MAX_TEXT: Final = 100

_DEFAULT_APPEARANCE = re.compile(r"(/[A-Za-z0-9_+-]{1,64}) (\d{1,2}(?:\.\d{1,2})?) Tf 0 g")
_CONTENT = re.compile(
    rb"/Tx BMC q BT (?P<font>/[A-Za-z0-9_+-]{1,64}) (?P<size>\d{1,2}(?:\.\d{1,2})?) Tf 0 g "
    rb"(?P<x>\d{1,4}(?:\.\d{1,2})?) (?P<y>\d{1,3}(?:\.\d{1,2})?) Td "
    rb"<(?P<run>(?:[0-9A-Fa-f]{4}){1,100})> Tj ET Q EMC\s*"
)
_BFCHAR = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4,8})>")


class FieldGrammarError(ValueError):
    """A field or its appearance is not what the grammar of D22 allows."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """The only thing that an appearance may show."""

    font_name: str
    size: float
    x: float
    y: float
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FieldFont:
    """What a Type0 font of the form says: glyph to character, glyph to width in thousandths."""

    characters: Mapping[int, str]
    widths: Mapping[int, float]
    default_width: float

    def encode(self, text: str) -> tuple[int, ...]:
        """Return the codes that draw the text; refuse a character without a glyph."""
        codes = {character: code for code, character in self.characters.items()}
        missing = sorted(set(text) - set(codes))
        if missing:
            raise FieldGrammarError(f"the embedded font has no glyph for {missing}")
        return tuple(codes[character] for character in text)

    def decode(self, codes: Sequence[int]) -> str:
        """Return the text that the codes stand for."""
        try:
            return "".join(self.characters[code] for code in codes)
        except KeyError as error:
            raise FieldGrammarError("a code without a character") from error

    def width(self, codes: Sequence[int]) -> float:
        """Return the width of the codes in thousandths of the font size."""
        return sum(self.widths.get(code, self.default_width) for code in codes)


def default_appearance(text: str) -> tuple[str, float]:
    """Read font and size out of a field's `/DA`, black text only."""
    match = _DEFAULT_APPEARANCE.fullmatch(text.strip())
    if match is None:
        raise FieldGrammarError("the default appearance is not a font, a size and black")
    return match[1], float(match[2])


def parse_content(content: bytes) -> TextRun:
    """Read an appearance stream; anything but one text run in black is refused."""
    match = _CONTENT.fullmatch(content)
    if match is None:
        raise FieldGrammarError("the appearance is not one text run")
    run = match["run"].decode("ascii")
    return TextRun(
        font_name=match["font"].decode("ascii"),
        size=float(match["size"]),
        x=float(match["x"]),
        y=float(match["y"]),
        codes=tuple(int(run[start : start + 4], 16) for start in range(0, len(run), 4)),
    )


def read_font(font: Any) -> FieldFont:
    """Read the tables of a Type0 font with Identity-H, given as a PDF dictionary."""
    if font.get("/Subtype") != "/Type0" or font.get("/Encoding") != "/Identity-H":
        raise FieldGrammarError("the field's font is not a Type0 font with Identity-H")
    descendant = font["/DescendantFonts"][0].get_object()
    if descendant.get("/CIDToGIDMap") != "/Identity":
        raise FieldGrammarError("the field's font maps its glyphs anew")
    return FieldFont(
        characters=_characters(font["/ToUnicode"].data),
        widths=_widths(descendant.get("/W", ())),
        default_width=float(descendant.get("/DW", 1000)),
    )


@lru_cache(maxsize=16)
def _characters(cmap: bytes) -> Mapping[int, str]:
    return {
        int(code, 16): bytes.fromhex(character.decode("ascii")).decode("utf-16-be")
        for section in _BFCHAR.findall(cmap)
        for code, character in _PAIR.findall(section)
    }


def _widths(table: Any) -> dict[int, float]:
    widths: dict[int, float] = {}
    items = [item.get_object() if hasattr(item, "get_object") else item for item in table]
    position = 0
    while position + 1 < len(items):
        first, second = int(items[position]), items[position + 1]
        if isinstance(second, list):
            widths |= {first + offset: float(value) for offset, value in enumerate(second)}
            position += 2
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(items[position + 2]))
            position += 3
    return widths
