"""Reads about stored bytes: how far the round is, what it found, which documents are concerned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from vanthu.documents import queries as documents
from vanthu.documents.queries import Holding
from vanthu.evidence.models import FixityFinding, FixityRound
from vanthu.evidence.rules.fixity import LAST, FindingKind, FindingState, WhyOpen, is_behind, share_covered
from vanthu.foundation.storage import MissingBlob, UnreadableBlob, backup_blobs, blobs
from vanthu.signing import queries as signing

KEPT = "bản lưu trữ dài hạn"


@dataclass(frozen=True, slots=True)
class FoundBytes:
    """One finding with the records that have the bytes."""

    id: int
    sha256: str
    kind: FindingKind
    state: FindingState
    found_at: datetime
    ended_at: datetime | None
    why_open: WhyOpen | None
    kept_at: str
    holdings: tuple[Holding, ...]

    @property
    def size(self) -> int | None:
        """Bytes, as the records know it; None where no record has them."""
        return self.holdings[0].size if self.holdings else None


@dataclass(frozen=True, slots=True)
class FixityStatus:
    """How the care for stored bytes stands."""

    number: int
    """Of the round that is running; 0 before the first."""
    started_at: datetime | None
    read_at: datetime | None
    share: float
    blobs: int
    size: int
    last_ended_at: datetime | None
    """When the store was last read to its end."""
    is_behind: bool
    open_findings: int
    has_backup: bool
    days: int


def fixity_status(*, now: datetime) -> FixityStatus:
    """The round that is running and what is open."""
    running = FixityRound.objects.filter(ended_at=None).order_by("-number").first()
    ended = FixityRound.objects.filter(cursor=LAST).exclude(ended_at=None).order_by("-number").first()
    shown = running or ended
    days = settings.VANTHU_FIXITY_DAYS
    return FixityStatus(
        number=shown.number if shown else 0,
        started_at=shown.started_at if shown else None,
        read_at=shown.read_at if shown else None,
        share=share_covered(shown.cursor) if shown else 0.0,
        blobs=shown.blobs if shown else 0,
        size=shown.size if shown else 0,
        last_ended_at=ended.ended_at if ended else None,
        is_behind=running is not None and is_behind(running.cursor, running.started_at, now, days=days),
        open_findings=FixityFinding.objects.filter(state=FindingState.OPEN).count(),
        has_backup=backup_blobs() is not None,
        days=days,
    )


def findings(*, only_open: bool, limit: int = 200) -> tuple[FoundBytes, ...]:
    """The findings, newest first; each names its bytes, their size and the records that have them."""
    rows = FixityFinding.objects.order_by("-id")
    if only_open:
        rows = rows.filter(state=FindingState.OPEN)
    return tuple(_found(row) for row in rows[:limit])


def _found(row: FixityFinding) -> FoundBytes:
    return FoundBytes(
        row.pk,
        row.sha256,
        FindingKind(row.kind),
        FindingState(row.state),
        row.found_at,
        row.ended_at,
        WhyOpen(row.why_open) if row.why_open else None,
        row.kept_at,
        holders_of(row.sha256),
    )


def expected_digests(*, after: str, limit: int) -> list[str]:
    """Up to `limit` digests behind `after` that some record needs, in their order."""
    needed = {
        *documents.digests_in_use(after=after, limit=limit),
        *signing.kept_digests(after=after, limit=limit),
    }
    return sorted(needed)[:limit]


def holders_of(sha256: str) -> tuple[Holding, ...]:
    """The records that need these bytes, as a file of theirs or as their second rendition."""
    kept = documents.holdings_of_records(signing.documents_keeping(sha256), file_name=KEPT)
    return (*documents.holdings_of(sha256), *kept)


def reading_of(sha256: str) -> tuple[FindingKind | None, int]:
    """What is wrong with the bytes under a digest (None: nothing), and how many were read."""
    try:
        found = blobs().measure(sha256)
    except MissingBlob:
        return FindingKind.MISSING, 0
    except UnreadableBlob:
        return FindingKind.UNREADABLE, 0
    return (None if found.digest == sha256 else FindingKind.ALTERED), found.size
