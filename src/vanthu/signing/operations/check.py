"""Checking files: a verdict is reached in a child process, then recorded once for all who share the bytes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from vanthu.foundation.jobs import named
from vanthu.foundation.operation import operation, publish, record
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef
from vanthu.signing.events import VerdictChanged
from vanthu.signing.models import FileCheck
from vanthu.signing.queries import known_verdict
from vanthu.signing.rules.verdicts import FileVerdict, lacks_revocation
from vanthu.signing.trust.loading import installation_store
from vanthu.signing.trust.store import TrustStore, TrustStoreError
from vanthu.signing.validation import verify_isolated


def check_file(*, actor: Actor, sha256: str, agency_code: str = "", now: datetime) -> FileVerdict:
    """The verdict on a stored file: the fresh one that is known, else a check in a child process, then recorded.

    `agency_code` names whose document it is: anchors may serve some agencies only.
    """
    known = known_verdict(sha256, now=now)
    if known is not None:
        return known
    store = judging_store(agency_code)
    verdict = verify_isolated(blobs().read(sha256), trust=store, at=now, name=sha256)
    keep_evidence(verdict, store)
    record_check(actor=actor, verdict=verdict, now=now)
    return verdict


@operation("signing.file.check")
def record_check(*, actor: Actor, verdict: FileVerdict, now: datetime) -> None:
    """Store a verdict for every record that shares the bytes; tell when it is another one than before.

    What the verdict lacks is asked for by a job. Norm: TT41/2017 Đ.9 (M30: the lists and answers used are kept)
    """
    former = FileCheck.objects.filter(sha256=verdict.sha256).values_list("verdict", flat=True).first()
    fields = {"verdict": verdict.verdict, "report": verdict.to_record(), "checked_at": now}
    FileCheck.objects.update_or_create(sha256=verdict.sha256, defaults=fields)
    record(ObjectRef.of("documents.file", verdict.sha256), agency_id=actor.agency_id, verdict=verdict.verdict)
    if former not in {None, verdict.verdict}:
        publish(VerdictChanged(verdict.sha256, str(former), verdict.verdict, now))
    if former is None and lacks_revocation(verdict):
        named("signing.seek-revocation").enqueue(now=now, sha256=verdict.sha256)


def keep_evidence(verdict: FileVerdict, store: TrustStore | None) -> None:
    """Keep the lists and answers that a verdict rests on, by their digests, before it is recorded (M30)."""
    digests = [digest for finding in verdict.signatures for digest in finding.evidence]
    for data in (store.material(digests) if store else {}).values():
        blobs().put(data)


def trust_store(agency_code: str = "") -> TrustStore:
    """The anchors and revocation data of this installation; with a code, those that serve that agency's documents.

    Outside the demonstration only what `vanthu trust import` has let in counts, and never its root.
    Refuses: nothing imported yet (`TrustStoreError`).
    """
    return installation_store(
        trust=Path(settings.VANTHU_TRUST),
        pki=Path(settings.VANTHU_PKI),
        is_demo=settings.VANTHU_DEMO,
        agency_code=agency_code,
    )


def judging_store(agency_code: str = "") -> TrustStore | None:
    """The same; None while nothing was imported, so that trust is said to be not judged."""
    try:
        return trust_store(agency_code)
    except TrustStoreError:
        return None
