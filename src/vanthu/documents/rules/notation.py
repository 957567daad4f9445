"""Số, ký hiệu: how the number and the symbol of a document are written. Norm: NĐ30 PL I (II.3), PL III."""


def _part(text: str, what: str) -> str:
    part = text.strip()
    if not part or "/" in part or any(letter.isspace() for letter in part):
        raise ValueError(
            f"{what} {text!r} cannot stand in a notation: it is empty or holds a slash or a space"
        )
    return part


def notation(type_abbreviation: str | None, agency_abbreviation: str, unit_abbreviation: str | None) -> str:
    """Ký hiệu: `QĐ-UBND` for a named type, `SNV-VTLT` for a công văn.

    A named type is followed by the issuing agency; a type without abbreviation (công văn) gives the agency
    and the drafting unit or the field, and cannot do without it. Norm: NĐ30 PL I (II.3.b), PL III.
    """
    agency = _part(agency_abbreviation, "agency")
    if type_abbreviation is not None:
        return f"{_part(type_abbreviation, 'type')}-{agency}"
    if unit_abbreviation is None:
        raise ValueError("the notation of a công văn needs the abbreviation of its drafting unit or field")
    return f"{agency}-{_part(unit_abbreviation, 'unit')}"


def format_number(number: int) -> str:
    """Số: Arabic, a leading 0 below 10, counted from 01 each year. Norm: NĐ30 PL I (II.3.a), Đ.15.1."""
    if number < 1:
        raise ValueError(f"a document number starts from 1, not {number}")
    return f"{number:02d}"


def full(number: int, symbol: str) -> str:
    """Số và ký hiệu of an administrative document: `05/SNV-VP`. Norm: NĐ30 PL I (II.3)."""
    return f"{format_number(number)}/{symbol}"


def full_normative(number: int, year: int, symbol: str) -> str:
    """Số và ký hiệu of a legal normative document (VBQPPL), which carries the year: `25/2025/QĐ-UBND`.

    Norm: NĐ78/2025 (form of VBQPPL); each type has its own series, NĐ30 Đ.15.1a.
    """
    return f"{format_number(number)}/{year:04d}/{symbol}"
