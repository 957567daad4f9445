"""Checking files: a verdict is reached in a child process, then recorded once for all who share the bytes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from vanthu.foundation.operation import operation, record
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef
from vanthu.signing.models import FileCheck
from vanthu.signing.queries import known_verdict
from vanthu.signing.rules.verdicts import FileVerdict
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation import verify_isolated


def check_file(*, actor: Actor, sha256: str, now: datetime) -> FileVerdict:
    """The verdict on a stored file: the fresh one that is known, else a check in a child process, then recorded."""
    known = known_verdict(sha256, now=now)
    if known is not None:
        return known
    verdict = verify_isolated(blobs().read(sha256), trust=trust_store(), at=now, name=sha256)
    record_check(actor=actor, verdict=verdict, now=now)
    return verdict


@operation("signing.file.check")
def record_check(*, actor: Actor, verdict: FileVerdict, now: datetime) -> None:
    """Store a verdict for every record that shares the bytes."""
    fields = {"verdict": verdict.verdict, "report": verdict.to_json(), "checked_at": now}
    FileCheck.objects.update_or_create(sha256=verdict.sha256, defaults=fields)
    record(ObjectRef.of("documents.file", verdict.sha256), agency_id=actor.agency_id, verdict=verdict.verdict)


def trust_store() -> TrustStore:
    """The anchors and revocation lists of this installation."""
    return TrustStore.load(Path(settings.VANTHU_TRUST))
