"""Names as people look for them: without accents, case and doubled spaces."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """`Bộ Tài  chính` → `bo tai chinh`."""
    spread = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in spread if not unicodedata.combining(letter)).split())
