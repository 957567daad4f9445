"""Reads of keys, signatures and verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from vanthu.signing.models import FileCheck, SignatureMade
from vanthu.signing.rules.verdicts import FileVerdict

FRESH_FOR = timedelta(hours=24)
"""How long a verdict serves further records of the same bytes; revocation may have come since."""


def known_verdict(sha256: str, *, now: datetime | None = None) -> FileVerdict | None:
    """The stored verdict on a file; with `now`, only one that is still fresh."""
    row = FileCheck.objects.filter(sha256=sha256).first()
    if row is None or (now is not None and row.checked_at < now - FRESH_FOR):
        return None
    return FileVerdict.from_json(row.report)


def fresh_verdict(sha256: str, *, now: datetime) -> str:
    """The word alone of a verdict that is still fresh; empty when there is none."""
    rows = FileCheck.objects.filter(sha256=sha256, checked_at__gte=now - FRESH_FOR)
    return next(iter(rows.values_list("verdict", flat=True)), "")


@dataclass(frozen=True, slots=True)
class SignatureRow:
    kind: str
    signer_name: str
    responsibility: str
    serial: str
    signed_at: datetime
    sha256_after: str


def signatures_of(document_id: int) -> tuple[SignatureRow, ...]:
    rows = SignatureMade.objects.filter(document_id=document_id).order_by("id")
    return tuple(
        SignatureRow(
            row.kind, row.signer_name, row.responsibility, row.serial, row.signed_at, row.sha256_after
        )
        for row in rows
    )
