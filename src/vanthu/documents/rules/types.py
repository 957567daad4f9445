"""Types of administrative document (loại văn bản hành chính). Norm: NĐ30 Đ.7, PL III; D42."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Which set of rules on form a type follows (D42)."""

    ADMINISTRATIVE = "administrative"


class Template(StrEnum):
    """The two shapes of Annex I: an official letter has no title of its own kind, a named type has."""

    OFFICIAL_LETTER = "cong_van"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class DocumentTypeRow:
    """One type: `ordinal` is its place in Điều 7; `abbreviation` is none for công văn and thư công.

    `default_days` is the number of working days proposed for handling one that arrives; no norm fixes it.
    `retention_years` and `permanent` (vĩnh viễn) are the keeping time proposed until the work file says its own.
    """

    ordinal: int
    code: str
    name: str
    abbreviation: str | None
    family: Family
    template: Template
    default_days: int
    retention_years: int | None = None
    permanent: bool = False


OTHER_TYPE = "khac"
OTHER = DocumentTypeRow(0, OTHER_TYPE, "Khác", None, Family.ADMINISTRATIVE, Template.NAMED, 10)
"""Whatever arrives under a name that is not among the types of Điều 7, legal normative documents included."""
