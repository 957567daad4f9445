"""How much proof a signed file carries in itself, and how much an issued document gets.

Norm: decision D20 (B-LTA by retention class only; the mass is kept provable by evidence records).
"""

from datetime import date
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """Mức chữ ký PAdES (ETSI EN 319 142-1), in rising order."""

    B_B = "B-B"
    """The signature alone."""
    B_T = "B-T"
    """With a time stamp on each signature."""
    B_LT = "B-LT"
    """With the certificates and revocation answers of its time."""
    B_LTA = "B-LTA"
    """With a time stamp over all of that, which can be renewed."""


LONG_KEEPING_YEARS: Final = 20
"""From here on a file outlives the certificates of two authorities in turn, so it must be able to be renewed by itself."""


def level_for(retention_years: int | None, *, permanent: bool) -> Level:
    """Return the level that an issued document of a retention class is kept at; None years: not known yet."""
    if permanent or (retention_years is not None and retention_years >= LONG_KEEPING_YEARS):
        return Level.B_LTA
    return Level.B_LT


def level_of(*, stamped: bool, has_material: bool, sealed_by_stamp: bool) -> Level:
    """Return the level of a file from its parts.

    `stamped`: each signature has a time stamp of its own. `has_material`: certificates and revocation answers
    are in the file. `sealed_by_stamp`: a document time stamp covers all of it.
    """
    if has_material and sealed_by_stamp:
        return Level.B_LTA
    if not stamped and not sealed_by_stamp:
        return Level.B_B
    return Level.B_LT if has_material else Level.B_T


def must_be_renewed(level: Level, *, protected_until: date, keep_until: date | None) -> bool:
    """Tell whether a rendition is renewed one day: only the class that lives by renewals, and only while it is kept.

    None `keep_until`: for good. A rendition of another class is proved by its evidence record once its own proof ends.
    """
    return level is Level.B_LTA and (keep_until is None or keep_until > protected_until)
