"""Who may sign what, in which capacity, and how long. Norm: NĐ30 Đ.13; decision D41; rule M8."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

BY_WRITTEN_DELEGATION = "TUQ"


@dataclass(frozen=True, slots=True)
class AuthorityFacts:
    """One row of the signing-authority table; an empty `doc_types` means every type."""

    id: int
    post_id: int
    capacity: tuple[str, ...]
    title_lines: tuple[str, ...]
    issuer: str
    doc_types: frozenset[str]
    valid_from: date
    valid_to: date | None
    basis: str

    def covers(self, *, doc_type: str, on: date) -> bool:
        """Whether this row lets its post sign a document of the type on the day.

        NĐ30 Đ.13.3: a TUQ delegation is written, limited in time, and not handed on: without an end or a basis,
        or mixed with another capacity (TUQ of a TUQ, KT of one), it counts for nothing.
        """
        if BY_WRITTEN_DELEGATION in self.capacity and not self._is_proper_delegation():
            return False
        in_time = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_time and (not self.doc_types or doc_type in self.doc_types)

    def _is_proper_delegation(self) -> bool:
        is_direct = self.capacity == (BY_WRITTEN_DELEGATION,)
        return is_direct and self.valid_to is not None and bool(self.basis.strip())


def authority_for(rows: Iterable[AuthorityFacts], *, doc_type: str, on: date) -> AuthorityFacts | None:
    """The first row that covers the document, or None: then the post may not sign it."""
    return next((row for row in rows if row.covers(doc_type=doc_type, on=on)), None)
