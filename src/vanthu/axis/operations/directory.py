"""Whom the axis serves: agencies that systems register by themselves, and lists that the operator imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from vanthu.axis.models import AxisAgency, AxisSystem
from vanthu.axis.operations.stamping import count_change
from vanthu.axis.rules.codes import is_code, may_register
from vanthu.axis.rules.listing import AgencyOrder, Imported
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import DomainError
from vanthu.kernel.refs import ObjectRef

CARRIED = ("name", "parent_code", "mail", "mobile", "fax", "old_code", "code102")
BATCH = 500


@operation("axis.agency.register")
def register_agency(*, actor: Actor, system_id: int, order: AgencyOrder, now: datetime) -> None:
    """A system registers, renames or takes up again an agency of its own; repeated, it changes nothing.

    Refuses: a malformed code, no name, a code of somebody else's, a code outside what the system may register.
    """
    _demand_form(order)
    system = load_locked(AxisSystem.objects.all(), code="axis.system.unknown", pk=system_id)
    if not may_register(order.code, system.allowed_codes):
        allowed = ", ".join(system.allowed_codes)
        raise DomainError("axis.agency.not-allowed", code=order.code, system=system.code, allowed=allowed)
    holder = _holder_of(order.code)
    if holder is not None and (holder.code != order.code or holder.system_id not in {None, system_id}):
        raise DomainError("axis.agency.taken", code=order.code)
    kept = replace(order, old_code=holder.old_code, code102=holder.code102) if holder else order
    if not _write(holder or AxisAgency(code=order.code), kept, system_id, now):
        nothing_changed()
        return
    count_change()
    _record(order.code, after={"code": order.code, "name": order.name, "system": system.code})


@operation("axis.agency.delete")
def delete_agency(*, actor: Actor, system_id: int, code: str, now: datetime) -> None:
    """A system gives an agency up: nothing is sent to it or from it any more; what waits can still be fetched.

    Refuses: an agency that is not this system's.
    """
    found = AxisAgency.objects.filter(code=code, system_id=system_id)
    row = load_locked(found, code="axis.agency.unknown")
    if row.is_deleted:
        nothing_changed()
        return
    row.is_deleted, row.closed_at, row.modified_at = True, now, now
    row.version += 1
    row.save(update_fields=["is_deleted", "closed_at", "modified_at", "version"])
    count_change()
    _record(code, before={"is_deleted": False}, after={"is_deleted": True})


@operation("axis.agency.import")
def import_agencies(*, actor: Actor, orders: Sequence[AgencyOrder], now: datetime) -> Imported:
    """Write a list of agencies, all or none; rows that are as they were stay untouched.

    Refuses: a malformed row, with its number; a system that did not join.
    """
    systems = dict(AxisSystem.objects.values_list("code", "pk"))
    for line, order in enumerate(orders, start=1):
        _demand_row(line, order, systems)
    known = _known(orders)
    new = changed = 0
    for order in orders:
        row = known.get(order.code)
        is_changed = _write(
            row or AxisAgency(code=order.code), order, systems.get(order.system), now, may_close=True
        )
        new += row is None
        changed += row is not None and is_changed
    if new or changed:
        count_change()
        record(ObjectRef.of("axis.directory", 1), agency_id=None, new=new, changed=changed)
    else:
        nothing_changed()
    return Imported(new=new, changed=changed, same=len(orders) - new - changed)


def _known(orders: Sequence[AgencyOrder]) -> dict[str, AxisAgency]:
    codes = [order.code for order in orders]
    return {
        row.code: row
        for start in range(0, len(codes), BATCH)
        for row in AxisAgency.objects.filter(code__in=codes[start : start + BATCH])
    }


def _demand_form(order: AgencyOrder) -> None:
    if not is_code(order.code):
        raise DomainError("axis.agency.bad-code", code=order.code[:60])
    if not order.name:
        raise DomainError("axis.agency.no-name", code=order.code)


def _demand_row(line: int, order: AgencyOrder, systems: Iterable[str]) -> None:
    others = [code for code in (order.old_code, order.code102) if code]
    for code in (order.code, *others):
        if not is_code(code):
            raise DomainError("axis.import.bad-code", line=line, code=code[:60])
    if not order.name:
        raise DomainError("axis.import.no-name", line=line, code=order.code)
    if order.system and order.system not in systems:
        raise DomainError("axis.import.unknown-system", line=line, system=order.system[:60])


def _holder_of(code: str) -> AxisAgency | None:
    """Who has this code, as its own or as another name of it; its own counts first."""
    found = list(AxisAgency.objects.filter(Q(code=code) | Q(old_code=code) | Q(code102=code))[:10])
    return min(found, key=lambda row: row.code != code, default=None)


def _write(
    row: AxisAgency, order: AgencyOrder, system_id: int | None, now: datetime, *, may_close: bool = False
) -> bool:
    """Bring the row to what the order says; False where it was so already."""
    is_closed = order.is_closed if may_close else False
    wanted = {name: getattr(order, name) for name in CARRIED} | {
        "system_id": system_id,
        "is_deleted": is_closed,
    }
    if row.pk is not None and all(getattr(row, name) == value for name, value in wanted.items()):
        return False
    row.version += row.pk is not None
    for name, value in wanted.items():
        setattr(row, name, value)
    row.closed_at = (row.closed_at or now) if is_closed else None
    row.modified_at = now
    row.save()
    return True


def _record(
    code: str, *, before: dict[str, object] | None = None, after: dict[str, object] | None = None
) -> None:
    record(ObjectRef.of("axis.agency", code), agency_id=None, before=before, after=after)
