"""Reads of the log: one object's history, and the check of every chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from vanthu.audit.models import AuditEvent, ChainHead
from vanthu.audit.rules.chain import Break, first_break


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of an object's history."""

    at: datetime
    actor_name: str
    acting_as: str
    on_behalf_of: str
    verb: str
    detail: dict[str, object]


def history_of(
    kind: str, identifier: object, *, chain: int | None = None, limit: int = 200
) -> tuple[EventRow, ...]:
    """The newest `limit` events about one object, newest first; `chain` keeps to one agency's events."""
    events = AuditEvent.objects.filter(subject_kind=kind, subject_id=str(identifier))
    if chain is not None:
        events = events.filter(chain=chain)
    return tuple(
        EventRow(event.at, event.actor_name, event.acting_as, event.on_behalf_of, event.verb, event.detail)
        for event in events.order_by("-id")[:limit]
    )


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The result of recomputing one chain."""

    chain: int
    events: int
    broken: Break | None


def verify_chains() -> Iterator[ChainReport]:
    """Recompute every chain, one by one, in constant memory."""
    heads = {head.chain: (head.seq, head.digest) for head in ChainHead.objects.all()}
    chains = sorted(heads.keys() | set(AuditEvent.objects.values_list("chain", flat=True).distinct()))
    for chain in chains:
        rows = AuditEvent.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000)
        count, broken = first_break(chain, ((row.facts(), row.digest) for row in rows), heads.get(chain))
        yield ChainReport(chain, count, broken)
