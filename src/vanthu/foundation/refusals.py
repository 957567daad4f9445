"""The one place that turns a refusal's code into words; contexts install their tables at start."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext

from vanthu.kernel.errors import Violation
from vanthu.kernel.refusals import UNKNOWN, Catalogue, Refusal

_tables: dict[str, Refusal] = {}


def install(*catalogues: Catalogue) -> None:
    """Add tables of refusals; the same code twice is a programming error."""
    for catalogue in catalogues:
        for code, refusal in catalogue.items():
            known = _tables.setdefault(code, refusal)
            if known != refusal:
                raise ValueError(f"two refusals for {code}")


@dataclass(frozen=True, slots=True)
class SpokenRefusal:
    """A refusal in the reader's language."""

    code: str
    reference: str
    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.why} {self.remedy} ({self.reference})"


def spoken(violation: Violation) -> SpokenRefusal:
    """The three sentences and the reference for a violation, in the active language."""
    refusal = _tables.get(violation.code, UNKNOWN)
    values = defaultdict(lambda: "…", dict(violation.details))
    what, why, remedy = (
        gettext(text).format_map(values) if text else ""
        for text in (refusal.what, refusal.why, refusal.remedy)
    )
    return SpokenRefusal(violation.code, refusal.reference, what, why, remedy)


def known_codes() -> frozenset[str]:
    return frozenset(_tables)
