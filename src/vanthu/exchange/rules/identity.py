"""How a document is called between agencies: the same words on every line."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from datetime import date

_PACKAGES = uuid.UUID("6e0c2a30-4f1f-5b58-9d0b-0a6c1d1a4729")


def document_id_of(organ_code: str, issued_on: date, full_number: str) -> str:
    """Mã văn bản as edXML composes it: `H26.99,2026/11/22,125/STN-VP`. Opaque for whoever reads it (edxml.md §2.2)."""
    return f"{organ_code},{issued_on:%Y/%m/%d},{full_number}"


def package_id_of(sender_code: str, document_id: str, business: int, sha256: str) -> str:
    """The inbox key of a message that brings none of its own: equal for equal (from, document, business, bytes)."""
    return str(uuid.uuid5(_PACKAGES, "\n".join((sender_code, document_id, str(business), sha256))))


def is_same_day(written: str, other: str) -> bool:
    """Whether two dates as written mean one day: year first or last, whatever stands between (edxml.md §6.7)."""
    return bool(written) and _day_first(written) == _day_first(other)


def _day_first(written: str) -> tuple[int, ...]:
    parts = [int(part) for part in re.findall(r"\d+", written, re.ASCII)[:3]]
    return tuple(reversed(parts)) if parts and parts[0] > 31 else tuple(parts)


def is_same(code: str, ours: Collection[str]) -> bool:
    """Whether a code that a message names is one of ours; blanks around it mean nothing (edxml.md §8)."""
    return code.strip() in ours
