"""What signatures look like on the page, in vectors: hand signature, seal, and words where no picture is shown.

The pictures stand in for the images that an agency registers; they prove nothing, the signature behind them does.
Norm: NĐ30 Phụ lục I, II.7–8 (law.md §2.10).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pikepdf

from vanthu.renditions.inspection import first_page_frame
from vanthu.renditions.rules.stamp_lines import Box, room_for_words_mm, upper_right
from vanthu.renditions.typesetting import typeset

TEMPLATES = Path(__file__).parent / "templates"
WORDS = TEMPLATES / "chu_thich_ky.typ"


@dataclass(frozen=True, slots=True)
class PlacedStamp:
    """An appearance (a one-page PDF) and the box on the first page in which it is shown."""

    pdf: bytes
    box: Box


@lru_cache(maxsize=256)
def signature_appearance(name: str) -> bytes:
    """Hình ảnh chữ ký: `name` in blue as if written by hand, 48 × 24 mm."""
    return typeset(TEMPLATES / "chu_ky.typ", {"name": name})


@lru_cache(maxsize=256)
def seal_appearance(agency_name: str, diameter_mm: float = 36.0) -> bytes:
    """Hình ảnh con dấu: a red round seal at its true size, marked TRÌNH DIỄN."""
    return typeset(TEMPLATES / "con_dau.typ", {"name": agency_name, "diameter": f"{diameter_mm:g}"})


def words_in_corner(pdf: bytes, lines: tuple[str, ...]) -> PlacedStamp:
    """The words of an agency's signature for the upper right corner of the first page of `pdf`.

    Refuses: renditions.page.cannot-be-drawn, renditions.template.unprintable.
    """
    frame = first_page_frame(pdf)
    data = {"lines": lines, "width_mm": room_for_words_mm(frame), "turn": frame.quarter_turns}
    words = typeset(WORDS, {"data": json.dumps(data, ensure_ascii=False)})
    width, height = _size(words)
    if frame.quarter_turns % 2:
        width, height = height, width
    return PlacedStamp(words, upper_right(frame, width, height))


def _size(words: bytes) -> tuple[float, float]:
    with pikepdf.open(BytesIO(words)) as document:
        x0, y0, x1, y1 = (float(edge) for edge in document.pages[0].mediabox)
    return x1 - x0, y1 - y0
