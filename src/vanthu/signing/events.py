"""Facts that signing tells: ids and values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from vanthu.kernel.actor import Actor
from vanthu.signing.rules.kinds import SignatureKind


@dataclass(frozen=True, slots=True)
class SignatureArrived:
    """A key elsewhere has signed; the act named by `purpose` goes on, in the same transaction, exactly once."""

    pending_id: int
    document_id: int
    agency_id: int
    kind: SignatureKind
    purpose: str
    errand: Mapping[str, object]
    actor: Actor
    """Who asked, in the post in which he asked: the act that goes on is his."""
    sha256_before: str
    sha256: str
    """Of the signed file, which is in the store and has been checked."""
    serial: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VerdictChanged:
    """A file was checked again and the answer is another one; every record that shares the bytes may say so."""

    sha256: str
    before: str
    after: str
    at: datetime
