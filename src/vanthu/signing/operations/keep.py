"""Second renditions of issued files, and their renewal. The row is the truth; a job is a reminder to look at it.

What asks a time-stamping authority runs outside any transaction; only a rendition that was made and checked is recorded.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from vanthu.documents.queries import document_type, record_of
from vanthu.foundation.db import load_locked
from vanthu.foundation.jobs import named
from vanthu.foundation.operation import operation, record, steps
from vanthu.foundation.storage import blobs, sha256_of
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.due import local
from vanthu.kernel.errors import DomainError
from vanthu.kernel.refs import ObjectRef
from vanthu.kernel.retry import Backoff
from vanthu.signing.backends import SigningFailed
from vanthu.signing.backends.levels import Raised, raise_level, renew
from vanthu.signing.models import KeptRendition
from vanthu.signing.operations.check import trust_store
from vanthu.signing.rules.levels import Level, level_for, must_be_renewed
from vanthu.signing.rules.lifetimes import renewal_due_at
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.timestamping import worker_timestamps
from vanthu.signing.trust.demonstration import demo_authority_in
from vanthu.signing.trust.store import TrustStore, TrustStoreError
from vanthu.signing.validation import verify_isolated

log = logging.getLogger("vanthu.signing")

COME_BACK = Backoff(first=timedelta(minutes=15), longest=timedelta(days=1), attempts=1_000_000)
"""A rendition that could not be made is tried again for as long as its document is kept."""
_DAYS_OF_A_YEAR = 365.25


@operation("signing.rendition.owe")
def owe_rendition(*, actor: Actor, document_id: int, agency_id: int, now: datetime) -> None:
    """Note that an issued document is to be kept at the level of its retention class, and remind a worker. Norm: D20."""
    document = record_of(document_id)
    kind = document_type(document.type_code)
    years, permanent = (kind.retention_years, kind.permanent) if kind else (None, False)
    level = level_for(years, permanent=permanent)
    due_at = now + timedelta(minutes=settings.VANTHU_KEEP_AFTER_MINUTES)
    row = KeptRendition.objects.create(
        document_id=document_id,
        agency_id=agency_id,
        issued_sha256=document.main_sha256,
        level=level,
        keep_until=None if permanent or years is None else _years_later(now, years),
        due_at=due_at,
    )
    named("signing.keep").enqueue(now=now, run_at=due_at, rendition_id=row.pk)
    subject = ObjectRef.of("documents.document", document_id)
    record(subject, agency_id=agency_id, after={"level": level, "sha256": row.issued_sha256}, level=level)


def _years_later(now: datetime, years: int) -> date:
    return (local(now) + timedelta(days=years * _DAYS_OF_A_YEAR)).date()


@steps("asks an authority and checks in a child process; the rendition is then recorded in one act")
def keep_rendition(*, rendition_id: int, now: datetime) -> bool:
    """Make or renew a rendition that is due; True when that was done. What could not be done is tried again later."""
    row = KeptRendition.objects.filter(pk=rendition_id).first()
    if row is None or row.due_at is None or row.due_at > now:
        return False
    before = row.sha256 or row.issued_sha256
    try:
        made = _made(row, blobs().read(before), now)
    except (DomainError, TrustStoreError) as error:
        _come_back(row, error, now)
        return False
    blobs().put(made.pdf)
    _record_kept(actor=system_actor(row.agency_id), rendition_id=row.pk, before=before, made=made, now=now)
    return True


def _made(row: KeptRendition, pdf: bytes, now: datetime) -> Raised:
    trust = _fresh_trust(now)
    timestamps = worker_timestamps(now)
    if not row.sha256:
        made = raise_level(pdf, target=Level(row.level), trust=trust, timestamps=timestamps, now=now)
    else:
        made = renew(pdf, trust=trust, timestamps=timestamps, now=now)
        if row.protected_until is not None and made.protected_until <= row.protected_until:
            # The authority still stamps with the certificate or the algorithm that is about to end.
            raise SigningFailed("signing.rendition.not-extended")
    verdict = verify_isolated(made.pdf, trust=trust, at=now, name=str(row.pk)).verdict
    if verdict is not Verdict.VALID:
        raise SigningFailed("signing.rendition.not-sound", verdict=verdict)
    return made


def _fresh_trust(now: datetime) -> TrustStore:
    if settings.VANTHU_DEMO:
        # The demonstration publishes its lists itself, when the old ones are soon to lapse.
        demo_authority_in(Path(settings.VANTHU_PKI) / "trust", now).crls(now)
    return trust_store()


def _come_back(row: KeptRendition, error: Exception, now: datetime) -> None:
    code = error.code if isinstance(error, DomainError) else type(error).__name__
    log.warning("rendition %s: %s", row.pk, code)
    attempts = min(row.attempts + 1, 30_000)
    # Only the row that was looked at: another worker may have made the rendition meanwhile.
    KeptRendition.objects.filter(pk=row.pk, sha256=row.sha256, due_at=row.due_at).update(
        attempts=attempts,
        last_error=_words(error, code),
        due_at=now + COME_BACK.wait(attempts, key=str(row.pk)),
    )


def _words(error: Exception, code: str) -> str:
    details = error.details.values() if isinstance(error, DomainError) else ()
    return ": ".join((code, *details))[:300]


@operation("signing.rendition.keep")
def _record_kept(*, actor: Actor, rendition_id: int, before: str, made: Raised, now: datetime) -> None:
    row = load_locked(KeptRendition.objects.all(), pk=rendition_id)
    subject = ObjectRef.of("documents.document", row.document_id)
    if (row.sha256 or row.issued_sha256) != before:
        # Another worker was quicker; its rendition stands and this one is left alone.
        record(subject, agency_id=row.agency_id, superseded=sha256_of(made.pdf))
        return
    lasting = must_be_renewed(
        Level(row.level), protected_until=local(made.protected_until).date(), keep_until=row.keep_until
    )
    row.renewals += 1 if row.sha256 else 0
    row.sha256, row.reached = sha256_of(made.pdf), made.level
    row.made_at, row.protected_until = now, made.protected_until
    row.due_at = renewal_due_at(made.protected_until, days=settings.VANTHU_RENEW_DAYS) if lasting else None
    row.attempts, row.last_error = 0, ""
    row.save()
    record(
        subject,
        agency_id=row.agency_id,
        before={"sha256": before},
        after={"sha256": row.sha256, "level": row.reached},
        level=row.reached,
        sha256=row.sha256,
        renewals=row.renewals,
        protected_until=made.protected_until,
    )


def remind_of_renditions(*, now: datetime) -> int:
    """Hand the renditions that are due to the workers, the most urgent first, in a bounded portion; how many."""
    due = KeptRendition.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    ids = list(due.values_list("pk", flat=True)[: settings.VANTHU_RENEW_PORTION])
    named("signing.keep").enqueue_many([{"rendition_id": number} for number in ids], now=now)
    return len(ids)
