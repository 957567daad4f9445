"""The radar of what ends: certificates of people and agencies, and the protection of kept renditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from vanthu.documents.queries import require_visible
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotVisible
from vanthu.signing.models import KeptRendition, SigningKey
from vanthu.signing.rules.kinds import CertificateState
from vanthu.signing.rules.levels import Level
from vanthu.signing.rules.lifetimes import WARNED_DAYS, warning_stage


@dataclass(frozen=True, slots=True)
class EndingCertificate:
    """Chứng thư sắp hết hạn: an active certificate within sixty days of its end, or past it."""

    owner: str
    """`person:ID` or `agency:ID`."""
    subject: str
    serial: str
    issuer: str
    ends_at: datetime
    days_left: int
    """Whole days; negative when it has ended."""
    stage: int
    """7, 30 or 60: the warning that was reached; 0 when it has ended."""


def certificates_soon_ending(
    *, now: datetime, owners: Iterable[str] | None = None
) -> tuple[EndingCertificate, ...]:
    """Active certificates that end within sixty days, the nearest end first; of these owners only, when given."""
    rows = SigningKey.objects.filter(
        state=CertificateState.ACTIVE, valid_to__lt=now + timedelta(days=max(WARNED_DAYS) + 1)
    )
    if owners is not None:
        rows = rows.filter(owner__in=list(owners))
    found = (_ending(row, now) for row in rows.defer("certificate").order_by("valid_to", "pk"))
    return tuple(row for row in found if row is not None)


def _ending(row: SigningKey, now: datetime) -> EndingCertificate | None:
    assert row.valid_to is not None
    days = (row.valid_to - now) // timedelta(days=1)
    stage = warning_stage(days)
    if stage is None:
        return None
    return EndingCertificate(row.owner, row.subject, row.serial, row.issuer, row.valid_to, days, stage)


@dataclass(frozen=True, slots=True)
class RenditionCard:
    """How an issued document is kept, as its screen shows it."""

    level: Level
    reached: Level
    sha256: str
    """Empty while the rendition is still to be made."""
    made_at: datetime | None
    protected_until: datetime | None
    renew_before: datetime | None
    """None: not renewed by itself; its evidence record goes on proving it."""
    renewals: int
    is_late: bool
    """Something went wrong at least once; it is tried again by itself."""


def rendition_card(document_id: int) -> RenditionCard | None:
    """How the document is kept; None when it was not issued here."""
    row = KeptRendition.objects.filter(document_id=document_id).first()
    if row is None:
        return None
    return RenditionCard(
        Level(row.level),
        Level(row.reached),
        row.sha256,
        row.made_at,
        row.protected_until,
        row.due_at if row.sha256 else None,
        row.renewals,
        bool(row.attempts),
    )


def rendition_bytes(*, actor: Actor, document_id: int) -> bytes:
    """The newest rendition of a document that the actor may see. Refuses: `NotVisible`, also when there is none yet."""
    require_visible(actor, document_id)
    row = KeptRendition.objects.filter(document_id=document_id).exclude(sha256="").first()
    if row is None:
        raise NotVisible
    return blobs().read(row.sha256)


@dataclass(frozen=True, slots=True)
class RenditionRadar:
    """All kept renditions in a few figures, and the ones that need somebody's eye."""

    kept: int
    owed: int
    """Issued, not made yet."""
    due: int
    """Due for renewal now."""
    failing: int
    next_renewal_at: datetime | None
    protection_ends_first: datetime | None
    """Of those that are to be renewed."""
    worst: tuple[tuple[int, str, int], ...]
    """(document, last error, failed tries) of the ones that failed most often."""


def rendition_radar(*, now: datetime) -> RenditionRadar:
    """Where the installation stands with its kept renditions."""
    rows = KeptRendition.objects.all()
    made, open_renewal = ~Q(sha256=""), Q(due_at__isnull=False)
    figures = rows.aggregate(
        kept=Count("pk", filter=made),
        owed=Count("pk", filter=~made),
        due=Count("pk", filter=made & Q(due_at__lte=now)),
        failing=Count("pk", filter=Q(attempts__gt=0)),
        next_renewal_at=Min("due_at", filter=made & Q(due_at__gt=now)),
        protection_ends_first=Min("protected_until", filter=made & open_renewal),
    )
    worst = rows.filter(attempts__gt=0).order_by("-attempts", "pk")
    listed = worst.values_list("document_id", "last_error", "attempts")[:10]
    return RenditionRadar(**figures, worst=tuple(listed))
