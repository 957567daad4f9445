"""Who will be reached by which way, before a document leaves."""

from __future__ import annotations

from dataclasses import dataclass

from vanthu.documents.queries import recipients_of
from vanthu.exchange.channels.vxp.settings import line
from vanthu.exchange.rules.ways import Reach, Way, way_to
from vanthu.organizations.queries import Addressee, addressees


@dataclass(frozen=True, slots=True)
class PlannedRecipient:
    """A recipient of a document, and the way by which it will be reached. `is_closed`: ours, and issuing refuses it."""

    code: str
    name: str
    way: Way
    is_closed: bool


def planned_recipients(document_id: int) -> tuple[PlannedRecipient, ...]:
    """The recipients by the codes in force, each agency once; a few queries however many there are.

    One named by two codes of its own gets the document once; a name without a code has no way and is left out, a code
    that nobody knows too (issuing refuses it).
    """
    rows = [row for row in recipients_of(document_id) if row.agency_code]
    known = addressees([row.agency_code for row in rows])
    has_line = line() is not None
    found: dict[str, PlannedRecipient] = {}
    for row in rows:
        named = known.get(row.agency_code)
        if named is not None and named.code not in found:
            way = way_to(reach_of(named), has_line=has_line)
            is_closed = named.is_ours and not named.is_active
            found[named.code] = PlannedRecipient(named.code, row.name, way, is_closed)
    return tuple(found.values())


def reach_of(named: Addressee) -> Reach:
    return Reach(
        named.is_ours,
        named.is_active,
        named.closed_on,
        named.can_receive,
        named.cannot_receive_reason,
        named.cannot_receive_since,
    )
