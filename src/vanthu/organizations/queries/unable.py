"""Who cannot receive electronically, why, and since when (product.md, principle 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vanthu.organizations.models import Agency, AgencyStatus, OutsideAgency


@dataclass(frozen=True, slots=True)
class UnableRow:
    """Cơ quan chưa nhận được văn bản điện tử; `since` None where nobody wrote it down."""

    code: str
    name: str
    reason: str
    since: date | None
    is_ours: bool


def unable_agencies(*, limit: int = 500) -> tuple[UnableRow, ...]:
    """Active agencies that get paper, ours first, by name; two queries."""
    ours = Agency.objects.filter(can_receive=False, status=AgencyStatus.ACTIVE).order_by("name")[:limit]
    others = OutsideAgency.objects.filter(can_receive=False, is_active=True).order_by("name")[:limit]
    return (*map(_row, ours), *map(_row, others))


def _row(agency: Agency | OutsideAgency) -> UnableRow:
    return UnableRow(
        agency.code,
        agency.name,
        agency.cannot_receive_reason,
        agency.cannot_receive_since,
        isinstance(agency, Agency),
    )
