"""The two directories: agencies of the axis above become known here, agencies of this axis are registered there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from vanthu.axis.models import AxisAgency
from vanthu.axis.operations.directory import import_agencies
from vanthu.axis.rules.codes import is_code
from vanthu.axis.rules.listing import AgencyOrder
from vanthu.axis.upstream import upstream
from vanthu.exchange.channels.vxp.client import Gateway, LineTrouble
from vanthu.exchange.operations.directory import everybody_on, listed_in
from vanthu.exchange.operations.line_watch import Elapsing
from vanthu.exchange.rules.diagnoses import Kind
from vanthu.foundation.operation import steps
from vanthu.kernel.actor import system_actor

BATCH = 1000
"""Agencies that one act writes: whoever sends meanwhile waits no longer than that takes."""


@steps("the list is fetched first, then taken in by one act for each thousand")
def merge_directories(*, now: datetime) -> tuple[int, int] | None:
    """Know whom the axis above serves, and register our own there; how many changed and were registered.

    None where there is no axis above. Raises `LineTrouble` (the job tries again).
    """
    settings = upstream()
    if settings is None:
        return None
    gateway = Gateway(settings, clock=Elapsing(now))
    items = everybody_on(gateway)
    ours = _served_here()
    rows = (row for row in _orders(items) if not {row.code, row.old_code, row.code102} & ours)
    changed = 0
    while batch := list(islice(rows, BATCH)):
        done = import_agencies(actor=system_actor(None), orders=batch, now=now)
        changed += done.new + done.changed
    known = {item.code for item in items}
    return changed, sum(introduce(gateway, code) for code in sorted(_open_here() - known))


def _orders(items: Iterable[object]) -> Iterator[AgencyOrder]:
    """Rows that can be kept; a malformed one of somebody else's stops nobody."""
    seen: set[str] = set()
    for row in listed_in(items):  # type: ignore[arg-type]
        if not is_code(row.code) or not row.name.strip() or row.code in seen:
            continue
        seen.add(row.code)
        yield AgencyOrder(
            code=row.code,
            name=row.name.strip()[:300],
            parent_code=row.parent_code[:60],
            mail=row.mail[:100],
            old_code=row.old_code if is_code(row.old_code) else "",
            code102=row.code102 if is_code(row.code102) else "",
        )


def _served_here() -> set[str]:
    rows = AxisAgency.objects.exclude(system=None).values_list("code", "old_code", "code102")
    return {code for row in rows for code in row if code}


def _open_here() -> set[str]:
    rows = AxisAgency.objects.exclude(system=None).filter(is_deleted=False, system__is_active=True)
    return set(rows.values_list("code", flat=True))


def introduce(gateway: Gateway, code: str) -> bool:
    """Register one of our agencies on the axis above; False where it does not want it. Raises `LineTrouble`."""
    row = AxisAgency.objects.exclude(system=None).filter(code=code).first()
    if row is None:
        return False
    try:
        gateway.register_agency(
            code=row.code, name=row.name, parent_code=gateway.line.system_id, mail=row.mail, mobile=row.mobile
        )
    except LineTrouble as trouble:
        if trouble.kind is not Kind.PERMANENT:
            raise
        return False
    return True
