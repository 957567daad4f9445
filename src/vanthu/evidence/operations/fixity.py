"""Stored bytes are read again, portion by portion; what is no longer right is named and restored from the backup.

The cursor stands in the database and moves after each portion, so a killed run goes on where it was;
a finding is committed before anything is mended. Norm: TT41/2017 Đ.4.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from vanthu.evidence.models import FixityFinding, FixityRound
from vanthu.evidence.operations.mending import look_again, report_finding
from vanthu.evidence.queries.fixity import expected_digests, reading_of
from vanthu.evidence.rules.fixity import LAST, FindingState, read_up_to, seems_detached
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.foundation.storage import StoreUnavailable, blobs
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.refs import ObjectRef

PORTION = 200
"""Files between two marks of the cursor: what a killed run reads again at most."""
SECONDS = 75.0
"""A run ends in time before its lease does; the next slot goes on."""
LEFTOVER_AGE = timedelta(hours=24)
KIND = "evidence.fixity"


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What one run read."""

    blobs: int
    size: int
    found: int
    """Findings of this run, mended ones included."""
    ended_round: bool


@dataclass
class _Run:
    """Limits and counts of one run."""

    until: str
    bytes_left: int
    seconds: float
    started: float
    blobs: int = 0
    size: int = 0
    found: int = 0

    @property
    def is_over(self) -> bool:
        return self.size >= self.bytes_left or time.monotonic() - self.started > self.seconds


@steps("reads the store outside any transaction; each portion and each finding is an act of its own")
def check_stored_bytes(*, now: datetime) -> ReadReport:
    """Read the part of the store that is due by now, within the limit of one slot.

    Raises: StoreUnavailable, when the store does not answer or holds nothing of what it should.
    """
    actor = system_actor(None)
    mend_findings(actor=actor, now=now)
    row = _open_round(actor, now)
    return _read(
        actor,
        row,
        _Run(
            until=read_up_to(row.started_at, now, days=settings.VANTHU_FIXITY_DAYS),
            bytes_left=settings.VANTHU_FIXITY_MB * 1024 * 1024,
            seconds=SECONDS,
            started=time.monotonic(),
        ),
        now,
    )


@steps("as `check_stored_bytes`, without limits")
def check_all_stored_bytes(*, now: datetime) -> ReadReport:
    """Read the whole store in a round of its own, now."""
    actor = system_actor(None)
    mend_findings(actor=actor, now=now)
    running = FixityRound.objects.filter(ended_at=None).first()
    if running is not None:
        _end_round(actor=actor, round_id=running.pk, now=now)
    row = _open_round(actor, now)
    return _read(actor, row, _Run(LAST, 1 << 62, float("inf"), time.monotonic()), now)


@steps("each finding that is looked at again is an act of its own")
def mend_findings(*, actor: Actor, now: datetime) -> None:
    """Look again at everything that is open: it may have been brought back, or the backup be there now."""
    for finding_id in FixityFinding.objects.filter(state=FindingState.OPEN).values_list("pk", flat=True):
        look_again(actor=actor, finding_id=finding_id, now=now)


@steps("removes only what writers left half-written; nothing that a record knows is touched")
def sweep_leftovers(*, now: datetime) -> int:
    """Remove half-written files of killed writers; how many."""
    return blobs().sweep_leftovers(before=now - LEFTOVER_AGE)


def _open_round(actor: Actor, now: datetime) -> FixityRound:
    running = FixityRound.objects.filter(ended_at=None).order_by("number").first()
    if running is None:
        _begin_round(actor=actor, now=now)
        running = FixityRound.objects.filter(ended_at=None).order_by("number").first()
        assert running is not None
    return running


def _read(actor: Actor, row: FixityRound, run: _Run, now: datetime) -> ReadReport:
    cursor = row.cursor
    while cursor < run.until and not run.is_over:
        digests, end = _portion_behind(cursor)
        due = [each for each in digests if each <= run.until]
        before = (run.blobs, run.size)
        count = _look_at(actor, due, run, now)
        # Whoever stopped in the middle stands at the last digest that he read.
        reached = min(end, run.until) if count == len(due) else due[count - 1]
        read = (run.blobs - before[0], run.size - before[1])
        if not _mark(actor=actor, round_id=row.pk, seen=(cursor, reached), read=read, now=now):
            break  # another run took over
        cursor = reached
    ended = cursor == LAST
    if ended:
        _end_round(actor=actor, round_id=row.pk, now=now)
    return ReadReport(run.blobs, run.size, run.found, ended_round=ended)


def _portion_behind(cursor: str) -> tuple[list[str], str]:
    """The next digests that are stored or should be, and up to where this list is complete."""
    stored = blobs().names(after=cursor, limit=PORTION)
    expected = expected_digests(after=cursor, limit=PORTION)
    if seems_detached(expected=len(expected), present=len(stored)):
        raise StoreUnavailable(
            "Chưa kiểm tra được kho tệp. Kho không có tệp nào trong số các tệp mà sổ văn bản ghi. "
            "Kiểm tra ổ đĩa đã gắn đúng chưa và VANTHU_BLOBS, rồi làm lại."
        )
    ends = [names[-1] for names in (stored, expected) if len(names) == PORTION]
    end = min(ends, default=LAST)
    return sorted(each for each in {*stored, *expected} if each <= end), end


def _look_at(actor: Actor, digests: Sequence[str], run: _Run, now: datetime) -> int:
    """Read digests in their order until the run is over, at least one; how many were read."""
    for count, digest in enumerate(digests, start=1):
        kind, size = reading_of(digest)
        run.blobs, run.size = run.blobs + 1, run.size + size
        if kind is not None:
            run.found += 1
            report_finding(actor=actor, sha256=digest, kind=kind, now=now)
        if run.is_over:
            return count
    return len(digests)


@operation("evidence.fixity.begin")
def _begin_round(*, actor: Actor, now: datetime) -> None:
    """Start at the first digest again; of two hosts at once one finds the round of the other."""
    last = FixityRound.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    _, is_new = FixityRound.objects.get_or_create(number=number, defaults={"started_at": now})
    if not is_new:
        nothing_changed()
        return
    record(ObjectRef.of(KIND, number), agency_id=None)


@operation("evidence.fixity.read")
def _mark(
    *, actor: Actor, round_id: int, seen: tuple[str, str], read: tuple[int, int], now: datetime
) -> bool:
    """Move the cursor from where this run saw it; False when another run has moved it."""
    rows = FixityRound.objects.filter(pk=round_id, ended_at=None, cursor=seen[0])
    moved = rows.update(cursor=seen[1], read_at=now, blobs=F("blobs") + read[0], size=F("size") + read[1])
    if not moved:
        nothing_changed()
        return False
    record(ObjectRef.of(KIND, round_id), agency_id=None, upto=seen[1], blobs=read[0], bytes=read[1])
    return True


@operation("evidence.fixity.finish")
def _end_round(*, actor: Actor, round_id: int, now: datetime) -> None:
    if not FixityRound.objects.filter(pk=round_id, ended_at=None).update(ended_at=now):
        nothing_changed()
        return
    row = FixityRound.objects.get(pk=round_id)
    record(ObjectRef.of(KIND, row.number), agency_id=None, blobs=row.blobs, bytes=row.size, upto=row.cursor)
