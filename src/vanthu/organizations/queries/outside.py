"""Reads of agencies outside this installation, and of everybody a document may be addressed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet

from vanthu.organizations.models import Agency, AgencyAlias, AgencyStatus, OutsideAgency
from vanthu.organizations.rules.names import folded

SHORTEST_SEARCH = 2


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """An agency that the axis lists, or listed until `closed_on`."""

    code: str
    name: str
    parent_code: str
    is_active: bool
    closed_on: date | None
    can_receive: bool
    cannot_receive_reason: str
    cannot_receive_since: date | None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whoever a code names: an agency of ours (`agency_id`), or one outside. `code` is the one in force."""

    code: str
    name: str
    agency_id: int | None
    is_active: bool
    closed_on: date | None
    can_receive: bool
    cannot_receive_reason: str
    cannot_receive_since: date | None

    @property
    def is_ours(self) -> bool:
        return self.agency_id is not None


@dataclass(frozen=True, slots=True)
class OutsideState:
    """How much of the axis' list is known here, and since when."""

    active: int
    closed: int
    aliases: int
    seen_at: datetime | None


def addressees(codes: Iterable[str]) -> dict[str, Addressee]:
    """By the code asked for, old ones too; a code nobody knows is left out. Three queries at most."""
    asked = [code for code in dict.fromkeys(codes) if code]
    found = _ours(asked)
    missing = [code for code in asked if code not in found]
    if missing:
        found |= _outside(missing)
    missing = [code for code in missing if code not in found]
    renamed = _renamed(missing) if missing else {}
    if renamed:
        known = _ours(renamed.values())
        known |= _outside([code for code in renamed.values() if code not in known])
        found |= {old: known[new] for old, new in renamed.items() if new in known}
    return found


def _ours(codes: Iterable[str]) -> dict[str, Addressee]:
    return {
        row.code: Addressee(
            row.code,
            row.name,
            row.pk,
            row.status == AgencyStatus.ACTIVE,
            row.closed_on,
            row.can_receive,
            row.cannot_receive_reason,
            row.cannot_receive_since,
        )
        for row in Agency.objects.filter(code__in=list(codes))
    }


def _outside(codes: Iterable[str]) -> dict[str, Addressee]:
    return {
        row.code: Addressee(
            row.code,
            row.name,
            None,
            row.is_active,
            row.closed_on,
            row.can_receive,
            row.cannot_receive_reason,
            row.cannot_receive_since,
        )
        for row in OutsideAgency.objects.filter(code__in=list(codes))
    }


def _renamed(codes: Iterable[str]) -> dict[str, str]:
    rows = AgencyAlias.objects.filter(alias__in=list(codes))
    return dict(rows.values_list("alias", "code"))


def outside_by_code(codes: Iterable[str]) -> dict[str, OutsideRow]:
    """Agencies outside by their code in force."""
    return {row.code: _row(row) for row in OutsideAgency.objects.filter(code__in=list(codes))}


def canonical_codes(codes: Iterable[str]) -> dict[str, str]:
    """The code in force of each code: itself where it stands for nobody else. Codes compare by case (edxml.md §8)."""
    asked = list(dict.fromkeys(codes))
    renamed = _renamed(asked)
    old = Agency.objects.filter(legacy_code13__in=[code for code in asked if code]).values_list(
        "legacy_code13", "code"
    )
    known = set(Agency.objects.filter(code__in=asked).values_list("code", flat=True))
    return {code: code if code in known else (renamed | dict(old)).get(code, code) for code in asked}


def canonical_code(code: str) -> str:
    """The code in force of an agency, ours or another, that is named by an old one."""
    return canonical_codes([code])[code]


def aliases_of(code: str) -> tuple[str, ...]:
    """Other codes under which messages may name the agency whose code in force this is."""
    listed = AgencyAlias.objects.filter(code=code).values_list("alias", flat=True)
    legacy = (
        Agency.objects.filter(code=code).exclude(legacy_code13="").values_list("legacy_code13", flat=True)
    )
    return tuple(sorted({*listed, *legacy}))


def find_outside(text: str, *, limit: int = 20, with_closed: bool = False) -> tuple[OutsideRow, ...]:
    """Agencies whose name has every word of `text`, accents or not, or whose code, old or new, begins with it."""
    words = folded(text).split()
    if len("".join(words)) < SHORTEST_SEARCH:
        return ()
    named = Q()
    for word in words:
        named &= Q(folded_name__contains=word)
    begins = Q(code__startswith=text.strip())
    old = AgencyAlias.objects.filter(alias__startswith=text.strip()).values("code")
    rows: QuerySet[OutsideAgency] = OutsideAgency.objects.filter(named | begins | Q(code__in=old))
    if not with_closed:
        rows = rows.filter(is_active=True)
    return tuple(_row(row) for row in rows.order_by("folded_name", "code")[:limit])


def outside_state() -> OutsideState:
    """Counts for whoever looks after the line."""
    active = OutsideAgency.objects.filter(is_active=True).count()
    closed = OutsideAgency.objects.filter(is_active=False).count()
    seen = OutsideAgency.objects.aggregate(at=Max("seen_at"))["at"]
    return OutsideState(active, closed, AgencyAlias.objects.count(), seen)


def _row(row: OutsideAgency) -> OutsideRow:
    return OutsideRow(
        row.code,
        row.name,
        row.parent_code,
        row.is_active,
        row.closed_on,
        row.can_receive,
        row.cannot_receive_reason,
        row.cannot_receive_since,
    )
