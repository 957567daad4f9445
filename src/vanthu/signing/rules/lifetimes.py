"""Until when an algorithm is believed, and when protection must be renewed; a table with its sources.

The dates are those of public guidance abroad, as Vietnamese rules name smallest lengths but no last years. They decide
when kept renditions are renewed and from when an old signature needs proof that it is older than its date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_NIST = "NIST SP 800-131A Rev. 2"
_NIST_2035 = "NIST IR 8547 (initial public draft, 2024)"


@dataclass(frozen=True, slots=True)
class Sunset:
    """The last instant at which something made with an algorithm is believed by itself."""

    algorithm: str
    """`rsa`, `ec`, `dsa` for keys, the name of the hash function otherwise."""
    fewer_bits_than: int | None
    """Applies to shorter keys than this; none: to every length."""
    until: datetime
    source: str


def _end_of(year: int) -> datetime:
    return datetime(year + 1, 1, 1, tzinfo=UTC) - timedelta(seconds=1)


SUNSETS: Final = (
    Sunset("md5", None, _end_of(2008), "RFC 6151"),
    Sunset("sha1", None, _end_of(2013), _NIST),
    Sunset("sha224", None, _end_of(2030), _NIST),
    Sunset("rsa", 2048, _end_of(2013), _NIST),
    Sunset("rsa", 3072, _end_of(2030), _NIST),
    Sunset("rsa", None, _end_of(2035), _NIST_2035),
    Sunset("ec", 224, _end_of(2013), _NIST),
    Sunset("ec", 256, _end_of(2030), _NIST),
    Sunset("ec", None, _end_of(2035), _NIST_2035),
    Sunset("dsa", None, _end_of(2013), _NIST),
)
"""In the order of search: the first that applies counts."""

NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)


def believed_until(algorithm: str, bits: int = 0) -> datetime:
    """Return the last instant of an algorithm; `NEVER` when no end is in sight."""
    for row in SUNSETS:
        if row.algorithm == algorithm and (row.fewer_bits_than is None or bits < row.fewer_bits_than):
            return row.until
    return NEVER


def holds_until(*, certificates_end: Iterable[datetime], digest: str, key: str, bits: int) -> datetime:
    """Return until when a time stamp proves something by itself.

    `certificates_end`: the last instants of its chain, the root left out, whose own validity nobody judges.
    """
    return min([*certificates_end, believed_until(digest), believed_until(key, bits)])


def renewal_due_at(protected_until: datetime, *, days: int) -> datetime:
    """Return when protection is to be renewed: so many days before it ends."""
    return protected_until - timedelta(days=days)


WARNED_DAYS: Final = (7, 30, 60)
"""Whoever holds a certificate, and his administrator, are told when so many days are left."""


def warning_stage(days_left: int) -> int | None:
    """Return the nearest stage that was reached: 7, 30 or 60; 0 when the end has passed, None when it is far."""
    if days_left < 0:
        return 0
    return next((stage for stage in WARNED_DAYS if days_left <= stage), None)
