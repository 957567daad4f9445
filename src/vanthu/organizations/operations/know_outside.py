"""Takes the axis' list of agencies in: 111,000 rows read once, only what changed is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from vanthu.foundation.db import insert_many
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.kernel.actor import Actor
from vanthu.kernel.due import local
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.models import Agency, AgencyAlias, AliasSource, OutsideAgency
from vanthu.organizations.rules import policy
from vanthu.organizations.rules.listing import (
    Changes,
    Known,
    Listed,
    aliases_in,
    changes_of,
    is_readable_code,
    is_too_short,
    tidy,
)
from vanthu.organizations.rules.names import folded

T = TypeVar("T")
PIECE = 500
"""Rows per statement where rows are changed or closed."""


@dataclass(frozen=True, slots=True)
class OutsideReport:
    """What a listing changed. `unfit`: entries left out, whose code is none."""

    listed: int
    added: int
    altered: int
    closed: int
    aliases: int
    unfit: int


@dataclass(frozen=True, slots=True)
class _Aliases:
    """What changes among other codes: alias → (code, source), and aliases that became somebody's own code."""

    fresh: dict[str, tuple[str, str]]
    moved: dict[str, tuple[str, str]]
    ended: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.fresh) + len(self.moved) + len(self.ended)


@steps("compares before the transaction opens, so that nobody waits for it; what changed is one act")
def know_outside(*, actor: Actor, rows: Iterable[Listed], now: datetime) -> OutsideReport:
    """Bring what is known of agencies outside up to the axis' list. Ours never become outside.

    Refuses: neither the system nor the city's administrator; a list with less than half of those known as active.
    """
    if not actor.is_system:
        policy.may_keep_agencies(actor).or_refuse()
    entries = list(rows)
    listed, unfit = tidy(entries), sum(not is_readable_code(row.code) for row in entries)
    known = _known()
    active = sum(row.is_active for row in known.values())
    if is_too_short(len(listed), active):
        found = (("active", str(active)), ("listed", str(len(listed))))
        raise NotReady([Violation("organizations.outside.list-too-short", found)])
    ours = frozenset(Agency.objects.values_list("code", flat=True))
    changes = changes_of(listed, known, ours=ours)
    aliases = _aliases(listed, ours | frozenset(listed))
    _apply(actor=actor, changes=changes, aliases=aliases, now=now)
    return OutsideReport(
        len(listed), len(changes.fresh), len(changes.altered), len(changes.gone), len(aliases), unfit
    )


@operation("organizations.outside.know")
def _apply(*, actor: Actor, changes: Changes, aliases: _Aliases, now: datetime) -> None:
    _write(changes, now)
    _write_aliases(aliases)
    if changes.fresh or changes.altered or changes.gone or aliases:
        record(
            ObjectRef.of("organizations.directory", "outside"),
            agency_id=None,
            added=len(changes.fresh),
            altered=len(changes.altered),
            closed=len(changes.gone),
            aliases=len(aliases),
        )
    else:
        nothing_changed()


def _known() -> dict[str, Known]:
    rows = OutsideAgency.objects.values_list("code", "name", "parent_code", "mail", "is_active")
    return {
        code: Known(name, parent, mail, is_active)
        for code, name, parent, mail, is_active in rows.iterator(chunk_size=5000)
    }


def _write(changes: Changes, now: datetime) -> None:
    insert_many([_row(each, now) for each in changes.fresh])
    for piece in _pieces(changes.altered):
        OutsideAgency.objects.bulk_create(
            [_row(each, now) for each in piece],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "folded_name", "parent_code", "mail", "is_active", "closed_on"],
        )
    today = local(now).date()
    for codes in _pieces(changes.gone):
        OutsideAgency.objects.filter(code__in=codes).update(is_active=False, closed_on=today)
    OutsideAgency.objects.filter(is_active=True).update(seen_at=now)


def _row(each: Listed, now: datetime) -> OutsideAgency:
    return OutsideAgency(
        code=each.code,
        name=each.name,
        folded_name=folded(each.name),
        parent_code=each.parent_code,
        mail=each.mail,
        is_active=True,
        seen_at=now,
    )


def _pieces(rows: Sequence[T]) -> list[Sequence[T]]:
    return [rows[start : start + PIECE] for start in range(0, len(rows), PIECE)]


def _aliases(listed: dict[str, Listed], taken: frozenset[str]) -> _Aliases:
    """Other codes of agencies, ours included; what an administrator wrote stays."""
    rows = AgencyAlias.objects.values_list("alias", "code", "source")
    known = {alias: (code, source) for alias, code, source in rows}
    fixed = {alias for alias, (_, source) in known.items() if source == AliasSource.MANUAL}
    wanted = {
        alias: (code, source)
        for alias, code, source in aliases_in(listed.values(), taken)
        if alias not in fixed
    }
    return _Aliases(
        fresh={alias: facts for alias, facts in wanted.items() if alias not in known},
        moved={alias: facts for alias, facts in wanted.items() if known.get(alias, facts) != facts},
        ended=tuple(alias for alias in known if alias in taken and alias not in fixed),
    )


def _write_aliases(aliases: _Aliases) -> None:
    insert_many(
        [
            AgencyAlias(alias=alias, code=code, source=source)
            for alias, (code, source) in aliases.fresh.items()
        ]
    )
    for piece in _pieces(list(aliases.moved.items())):
        AgencyAlias.objects.bulk_create(
            [AgencyAlias(alias=alias, code=code, source=source) for alias, (code, source) in piece],
            update_conflicts=True,
            unique_fields=["alias"],
            update_fields=["code", "source"],
        )
    for codes in _pieces(aliases.ended):
        AgencyAlias.objects.filter(alias__in=codes).delete()
