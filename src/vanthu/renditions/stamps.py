"""The pictures of a hand signature and of a seal, as one-page transparent PDFs in vectors.

They stand in for the images that an agency registers; they prove nothing, the signature behind them does.
Norm: NĐ30 Phụ lục I, II.7–8 (law.md §2.10).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from vanthu.renditions.typesetting import typeset

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=256)
def signature_appearance(name: str) -> bytes:
    """Hình ảnh chữ ký: `name` in blue as if written by hand, 48 × 24 mm."""
    return typeset(TEMPLATES / "chu_ky.typ", {"name": name})


@lru_cache(maxsize=256)
def seal_appearance(agency_name: str, diameter_mm: float = 36.0) -> bytes:
    """Hình ảnh con dấu: a red round seal at its true size, marked TRÌNH DIỄN."""
    return typeset(TEMPLATES / "con_dau.typ", {"name": agency_name, "diameter": f"{diameter_mm:g}"})
