"""The axis' directory: its list is fetched each night; our agencies are registered there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from vanthu.edxml.answers import AgencyItem
from vanthu.exchange.channels.vxp.client import Gateway, LineTrouble
from vanthu.exchange.operations.line import has_line, open_line
from vanthu.exchange.rules.diagnoses import Kind
from vanthu.foundation.operation import operation, record, steps
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.operations import OutsideReport, know_outside
from vanthu.organizations.queries import AgencyRow, addressable_agencies, agencies_by_code
from vanthu.organizations.rules.listing import Listed

LEVELS = (1, 2, 3, 4)
"""Cấp of QĐ 20/2020: each is a call of its own; one that the axis does not know is an empty list."""


@steps("the list is fetched first; then it is taken in by one act")
def sync_agencies(*, now: datetime) -> OutsideReport | None:
    """Bring the directory of agencies outside up to the axis' list; None where there is no line.

    Raises `LineTrouble` (the job tries again). Refuses: as `know_outside`.
    """
    if not has_line():
        return None
    gateway = open_line(now=now)
    return know_outside(actor=system_actor(None), rows=listed_in(everybody_on(gateway)), now=now)


def everybody_on(gateway: Gateway) -> list[AgencyItem]:
    """All levels by the new codes; an axis that does not know that call is asked for its old list."""
    try:
        found = [item for level in LEVELS for item in gateway.agencies_qd20(level)]
    except LineTrouble as trouble:
        if trouble.kind is not Kind.PERMANENT:
            raise
        found = []
    return found or list(gateway.agencies())


def listed_in(items: Sequence[AgencyItem]) -> Iterator[Listed]:
    """The entries as the directory knows them; a parent is named by its id there, by its code here."""
    codes = {item.id: item.code for item in items if item.id}
    for item in items:
        parent = codes.get(item.parent_id, "")
        yield Listed(item.code, item.name, parent, item.mail, item.old_code, item.code102)


@steps("each agency is one call and one act; a repeated registration changes nothing on the axis")
def register_agencies(*, actor: Actor, codes: Sequence[str], now: datetime) -> tuple[str, ...]:
    """Register agencies of ours on the axis, all active ones where no code is given; the codes registered.

    Raises `NoLine`, `LineTrouble`.
    """
    gateway = open_line(now=now)
    rows = list(agencies_by_code(codes).values()) if codes else _active(addressable_agencies())
    for row in rows:
        gateway.register_agency(code=row.code, name=row.name, parent_code=gateway.line.system_id)
        _note_registration(actor=actor, agency_id=row.id, code=row.code, now=now)
    return tuple(row.code for row in rows)


def _active(rows: Iterable[AgencyRow]) -> list[AgencyRow]:
    return [row for row in rows if row.is_active]


@operation("exchange.agency.register")
def _note_registration(*, actor: Actor, agency_id: int, code: str, now: datetime) -> None:
    record(ObjectRef.of("organizations.agency", agency_id), agency_id=agency_id, code=code)
