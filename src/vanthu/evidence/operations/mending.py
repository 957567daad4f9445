"""What a reading found is committed first, then mended from the backup; the alarm stays until the bytes are right."""

from __future__ import annotations

import logging
from datetime import datetime

from vanthu.evidence.models import FixityFinding
from vanthu.evidence.queries.fixity import holders_of, reading_of
from vanthu.evidence.rules.fixity import FindingKind, FindingState, WhyOpen, may_read_fixity
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.foundation.storage import (
    DamagedBlob,
    MissingBlob,
    StoreUnavailable,
    backup_blobs,
    blobs,
)
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotVisible
from vanthu.kernel.refs import ObjectRef

log = logging.getLogger("vanthu.evidence")


class _NoRightBytes(Exception):
    """The backup cannot help."""

    def __init__(self, why: WhyOpen) -> None:
        super().__init__(why)
        self.why = why


@steps("the finding is committed before the store is touched; what came of the mending is a second act")
def report_finding(*, actor: Actor, sha256: str, kind: FindingKind, now: datetime) -> None:
    """Name bytes that are not right, then restore them if the backup has them."""
    _mend(actor, _record_finding(actor=actor, sha256=sha256, kind=kind, now=now), now)


@steps("reads and perhaps restores outside any transaction; the outcome is an act")
def look_again(*, actor: Actor, finding_id: int, now: datetime) -> FindingState:
    """Read the bytes of an open finding again: right by now, or to be restored.

    Refuses: not the installation's administrator; no such finding.
    """
    may_read_fixity(actor).or_refuse()
    row = FixityFinding.objects.filter(pk=finding_id).first()
    if row is None:
        raise NotVisible
    if row.state == FindingState.OPEN:
        kind, _ = reading_of(row.sha256)
        if kind is None:
            # A run that was killed between restoring and recording has set the altered bytes aside before.
            state = FindingState.RESTORED if row.kept_at else FindingState.SOUND_AGAIN
            _end(actor=actor, finding_id=row.pk, state=state, now=now)
        elif kind is FindingKind.MISSING and not holders_of(row.sha256):
            _end(actor=actor, finding_id=row.pk, state=FindingState.GONE, now=now)
        else:
            _mend(actor, row, now)
    row.refresh_from_db(fields=["state"])
    return FindingState(row.state)


def _mend(actor: Actor, row: FixityFinding, now: datetime) -> None:
    try:
        data = _from_backup(row.sha256)
    except _NoRightBytes as missing:
        _note(actor=actor, finding_id=row.pk, why=missing.why, now=now)
        return
    store = blobs()
    try:
        # What lies there now decides, not what was found before a run that was killed.
        kind, _ = reading_of(row.sha256)
        if kind in {FindingKind.ALTERED, FindingKind.UNREADABLE}:
            _note_aside(actor=actor, finding_id=row.pk, kept_at=store.set_aside(row.sha256), now=now)
        if kind is not None:
            store.restore(row.sha256, data)
        kind, _ = reading_of(row.sha256)
    except OSError as error:
        log.error("stored bytes could not be restored: %s", error)  # noqa: TRY400 - the trace says nothing
        kind = FindingKind.UNREADABLE
    if kind is not None:
        _note(actor=actor, finding_id=row.pk, why=WhyOpen.STORE_REFUSES, now=now)
        return
    _end(actor=actor, finding_id=row.pk, state=FindingState.RESTORED, now=now)


def _from_backup(sha256: str) -> bytes:
    """The right bytes, checked. Raises: `_NoRightBytes`."""
    backup = backup_blobs()
    if backup is None:
        raise _NoRightBytes(WhyOpen.NO_BACKUP)
    try:
        return backup.read(sha256)
    except MissingBlob:
        raise _NoRightBytes(WhyOpen.NOT_IN_BACKUP) from None
    except DamagedBlob:
        raise _NoRightBytes(WhyOpen.BACKUP_ALTERED) from None
    except (StoreUnavailable, OSError):
        raise _NoRightBytes(WhyOpen.BACKUP_AWAY) from None


@operation("evidence.fixity.find")
def _record_finding(*, actor: Actor, sha256: str, kind: FindingKind, now: datetime) -> FixityFinding:
    row, is_new = FixityFinding.objects.get_or_create(
        sha256=sha256, state=FindingState.OPEN, defaults={"kind": kind, "found_at": now}
    )
    if not is_new:
        nothing_changed()
        return row
    held = holders_of(sha256)
    record(
        ObjectRef.of("documents.file", sha256),
        agency_id=None,
        found=kind,
        size=held[0].size if held and held[0].size else 0,
        documents=[each.document_id for each in held],
    )
    return row


@operation("evidence.fixity.note")
def _note(*, actor: Actor, finding_id: int, why: WhyOpen, now: datetime) -> None:
    """Say why the right bytes could not be put back; said once, however often it is tried."""
    rows = FixityFinding.objects.filter(pk=finding_id, state=FindingState.OPEN).exclude(why_open=why)
    if not rows.update(why_open=why):
        nothing_changed()
        return
    record(ObjectRef.of("evidence.finding", finding_id), agency_id=None, why=why)


@operation("evidence.fixity.aside")
def _note_aside(*, actor: Actor, finding_id: int, kept_at: str, now: datetime) -> None:
    """Say where the altered bytes are kept, before others take their place."""
    FixityFinding.objects.filter(pk=finding_id).update(kept_at=kept_at)
    record(ObjectRef.of("evidence.finding", finding_id), agency_id=None, kept_at=kept_at)


@operation("evidence.fixity.end")
def _end(*, actor: Actor, finding_id: int, state: FindingState, now: datetime) -> None:
    """The right bytes are back, or nobody needs them any more."""
    row = FixityFinding.objects.get(pk=finding_id)
    ended = FixityFinding.objects.filter(pk=finding_id, state=FindingState.OPEN).update(
        state=state, ended_at=now, why_open=""
    )
    if not ended:
        nothing_changed()
        return
    record(ObjectRef.of("documents.file", row.sha256), agency_id=None, outcome=state, kept_at=row.kept_at)
