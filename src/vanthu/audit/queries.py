"""Reads of the log: one object's history, and the check of every chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from vanthu.audit.models import AuditEvent, ChainHead
from vanthu.audit.rules.chain import GENESIS, Break, EventFacts, first_break


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
class ChainedEvent:
    """One event as its chain holds it; `text` is what was hashed, `digest` what is stored beside it."""

    facts: EventFacts
    previous: str
    digest: str

    @property
    def text(self) -> str:
        return self.facts.spelled(self.previous)


def chain_ends() -> dict[int, tuple[int, str]]:
    """The (seq, digest) at the end of each chain."""
    return {head.chain: (head.seq, head.digest) for head in ChainHead.objects.order_by("chain")}


def digest_at(chain: int, seq: int) -> str:
    """The stored digest of one event; that of the chain's beginning for 0, empty when the event is gone."""
    if seq == 0:
        return GENESIS
    rows = AuditEvent.objects.filter(chain=chain, seq=seq).values_list("digest", flat=True)
    return next(iter(rows), "")


def chain_events(chain: int, first: int, last: int) -> Iterator[ChainedEvent]:
    """The events of one chain from `first` to `last`, both included, in their order and in constant memory."""
    previous = digest_at(chain, first - 1)
    rows = AuditEvent.objects.filter(chain=chain, seq__gte=first, seq__lte=last).order_by("seq")
    for row in rows.iterator(chunk_size=2000):
        yield ChainedEvent(row.facts(), previous, row.digest)
        previous = row.digest


def events_saying(
    chain: int, first: int, last: int, verbs: frozenset[str]
) -> tuple[tuple[int, str, str], ...]:
    """(seq, subject id, digest) of the events from `first` to `last` that have one of these verbs."""
    rows = AuditEvent.objects.filter(chain=chain, seq__gte=first, seq__lte=last, verb__in=verbs)
    return tuple(rows.order_by("seq").values_list("seq", "subject_id", "digest"))


def seqs_about(kind: str, identifier: object, *, chain: int) -> tuple[int, ...]:
    """The places in one chain of every event about one object."""
    rows = AuditEvent.objects.filter(subject_kind=kind, subject_id=str(identifier), chain=chain)
    return tuple(rows.order_by("seq").values_list("seq", flat=True))


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
