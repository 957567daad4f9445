"""Which arrival of ours somebody means, by whatever name he has for it (edxml.md §4, §6.20–21)."""

from __future__ import annotations

from dataclasses import dataclass

from vanthu.exchange.models import Arrival
from vanthu.exchange.rules.identity import is_same_day
from vanthu.organizations.queries import aliases_of, canonical_code


@dataclass(frozen=True, slots=True)
class Named:
    """A document as its sender calls it, at the agency asked."""

    agency_id: int
    sender_code: str
    message_id: str = ""
    document_id: str = ""
    code: str = ""
    issued_on: str = ""


def names_of_sender(code: str) -> tuple[str, ...]:
    """Every code under which the sender may have sent: the one in force and its old ones."""
    now = canonical_code(code)
    return tuple(dict.fromkeys((code, now, *aliases_of(now))))


def arrival_named(named: Named) -> Arrival | None:
    """By the line's id, else by the document's id, else by sender, number and date; the newest of several."""
    rows = Arrival.objects.filter(
        agency_id=named.agency_id, sender_code__in=names_of_sender(named.sender_code)
    )
    rows = rows.order_by("-id")
    if named.message_id and (found := rows.filter(message_id=named.message_id).first()):
        return found
    if named.document_id and (found := rows.filter(their_document_id=named.document_id).first()):
        return found
    if not named.code:
        return None
    same = rows.filter(their_code=named.code)
    if not named.issued_on:
        return same.first()
    return next((row for row in same if is_same_day(row.their_issued_on, named.issued_on)), None)
