"""When two writings name the same thing: codes of statuses, numbers with notation."""

from __future__ import annotations


def padded(code: str) -> str:
    """Two digits: "5" is "05" (edxml.md §6.19)."""
    plain = code.strip()
    return plain.zfill(2) if plain.isascii() and plain.isdigit() else plain


def squeezed(text: str) -> str:
    """Without spaces and case: only ever a second try."""
    return "".join(text.split()).casefold()


def is_same_code(one: str, other: str) -> bool:
    return squeezed(one) == squeezed(other)
