"""Background entry points of evidence; the timetable asks for each once in its slot."""

from __future__ import annotations

import logging
from datetime import datetime

from vanthu.evidence import operations
from vanthu.evidence.rules.growth import LogRewritten
from vanthu.foundation.jobs import job
from vanthu.kernel.actor import system_actor
from vanthu.kernel.errors import DomainError
from vanthu.signing.timestamping import TimestampUnavailable

log = logging.getLogger("vanthu.evidence")


@job("evidence.grow", joined=False, priority=2)
def grow(*, now: datetime, **_ignored: object) -> None:
    """Take new events into the tree; what has piled up for days is taken in by several calls."""
    actor = system_actor(None)
    operations.open_log(actor=actor, now=now)
    try:
        grown = operations.grow_tree(actor=actor, now=now)
    except LogRewritten as found:
        # Not an error that goes away when tried again: it is reported, and no head is signed.
        log.error("the log was rewritten: %s", found.details["why"])  # noqa: TRY400 - the trace says nothing
        operations.raise_alarm(actor=actor, code=found.code, subject="nhật ký", detail=found.details, now=now)
        return
    if grown.more:
        grow.enqueue(now=now)


@job("evidence.stamp", joined=False)
def stamp(*, now: datetime, **_ignored: object) -> None:
    """The night's work: gather what became final, renew what lapses, ask for the tokens that are missing."""
    actor = system_actor(None)
    operations.open_log(actor=actor, now=now)
    while operations.gather_batch(actor=actor, now=now) == operations.BATCH:
        continue
    operations.renew_stamps(actor=actor, now=now)
    try:
        operations.stamp_what_waits(actor=actor, now=now)
    except TimestampUnavailable as away:
        log.warning("no time stamp tonight: %s", _code(away))


def _code(refusal: DomainError) -> str:
    return f"{refusal.code} {refusal.details}"


@job("evidence.fixity", joined=False, priority=-1)
def read_stored_bytes(*, now: datetime, **_ignored: object) -> None:
    """Read the part of the store that is due; it waits behind whatever people wait for."""
    operations.check_stored_bytes(now=now)


@job("evidence.leftovers", joined=False, priority=-1)
def sweep_leftovers(*, now: datetime, **_ignored: object) -> None:
    """Remove what killed writers left half-written."""
    operations.sweep_leftovers(now=now)
