"""Background entry points of the records office."""

from __future__ import annotations

from datetime import datetime

from vanthu.foundation.jobs import job
from vanthu.kernel.actor import system_actor
from vanthu.registry import operations


@job("registry.leave", priority=5)
def leave(*, document_id: int, leaves_at: str, now: datetime, **_ignored: object) -> None:
    """The hold of D28 has run out."""
    operations.leave_when_due(document_id=document_id, leaves_at=leaves_at, now=now)


@job("registry.verify", joined=False, priority=8)
def verify(*, document_id: int, agency_id: int, now: datetime, **_ignored: object) -> None:
    """Check the signatures of an arrival whose file nobody has checked yet."""
    operations.note_verdict(actor=system_actor(agency_id), document_id=document_id, now=now)
