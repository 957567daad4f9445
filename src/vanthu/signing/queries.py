"""Reads of keys, signatures and verdicts."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from vanthu.documents.queries import require_visible
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotVisible, Violation
from vanthu.signing.models import FileCheck, KeptRendition, PendingSignature, SignatureMade, SigningKey
from vanthu.signing.radar import (
    EndingCertificate,
    RenditionCard,
    RenditionRadar,
    certificates_soon_ending,
    rendition_bytes,
    rendition_card,
    rendition_radar,
)
from vanthu.signing.registers import (
    PROBLEM_LABELS,
    SOON,
    AuthorityRow,
    CertificateRow,
    certificates_of,
    ending_certificates,
    in_the_name_of,
    trusted_authorities,
)
from vanthu.signing.rules.desk_agent import Method
from vanthu.signing.rules.kinds import ASKED_BY_SERVICE, CertificateState, KeyPlace, SignatureKind
from vanthu.signing.rules.pending import PendingFacts, PendingStatus, SigningWay
from vanthu.signing.rules.verdicts import FileVerdict
from vanthu.signing.validation.versions import end_of_signed_version

__all__ = [
    "PROBLEM_LABELS",
    "SOON",
    "AuthorityRow",
    "CertificateRow",
    "EndingCertificate",
    "RenditionCard",
    "RenditionRadar",
    "certificates_of",
    "certificates_soon_ending",
    "ending_certificates",
    "in_the_name_of",
    "rendition_bytes",
    "rendition_card",
    "rendition_radar",
    "trusted_authorities",
]

FRESH_FOR = timedelta(hours=24)
"""How long a verdict serves further records of the same bytes; revocation may have come since."""


def known_verdict(sha256: str, *, now: datetime | None = None) -> FileVerdict | None:
    """The stored verdict on a file; with `now`, only one that is still fresh."""
    row = FileCheck.objects.filter(sha256=sha256).first()
    if row is None or (now is not None and row.checked_at < now - FRESH_FOR):
        return None
    return FileVerdict.from_json(row.report)


def signed_version_end(sha256: str) -> int | None:
    """How many bytes of a stored file were signed before it was changed; None: it was not (bản đã ký)."""
    verdict = known_verdict(sha256)
    return end_of_signed_version(blobs().read(sha256), verdict) if verdict else None


def verdict_for(sha256: str, *, sender_code: str, now: datetime | None = None) -> FileVerdict | None:
    """The same for a record that came from this sender: a certificate of somebody else is WRONG_SUBJECT (D21).

    The bytes are checked once for everybody; whose name they were sent in is asked for each record.
    """
    known = known_verdict(sha256, now=now)
    return in_the_name_of(known, sender_code) if known else None


def fresh_verdict(sha256: str, *, sender_code: str = "", now: datetime) -> str:
    """The word alone of a verdict that is still fresh; empty when there is none."""
    verdict = verdict_for(sha256, sender_code=sender_code, now=now)
    return verdict.verdict if verdict else ""


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


@dataclass(frozen=True, slots=True)
class PendingCard:
    """A signature that is waited for, or how the wait ended."""

    id: int
    way: SigningWay
    document_id: int
    kind: SignatureKind
    facts: PendingFacts
    status: PendingStatus
    reason: str
    """A refusal code: why it ended unsigned."""
    asked_at: datetime
    expires_at: datetime
    sha256_before: str
    sha256_prepared: str
    sha256_result: str
    subject: str


def card_of(row: PendingSignature) -> PendingCard:
    """The row as a screen sees it."""
    return PendingCard(
        row.pk,
        SigningWay(row.way),
        row.document_id,
        SignatureKind(row.kind),
        row.facts(),
        PendingStatus(row.status),
        row.reason,
        row.asked_at,
        row.expires_at,
        row.sha256_before,
        row.sha256_prepared,
        row.sha256_result,
        row.subject,
    )


def pending_signature(actor: Actor, pending_id: int) -> PendingCard:
    """One question. Refuses: `NotVisible` when its document is not the actor's to see."""
    row = PendingSignature.objects.filter(pk=pending_id).first()
    if row is None:
        raise NotVisible("signing.pending.not-found")
    require_visible(actor, row.document_id)
    return card_of(row)


def pending_by_token(token: str) -> PendingCard:
    """The one question that a token belongs to, for a caller without a session. Refuses: `NotVisible`.

    A token ends with its question, so only a waiting one is found; whether it has lapsed, the act asks.
    """
    digest = hashlib.sha256(token.encode()).hexdigest()
    row = PendingSignature.objects.filter(token_sha256=digest, status=PendingStatus.WAITING).first()
    if row is None:
        raise NotVisible("signing.pending.not-found")
    return card_of(row)


def last_pending(document_id: int, kind: SignatureKind) -> PendingCard | None:
    """The newest question of this kind on a document that the caller may see."""
    row = PendingSignature.objects.filter(document_id=document_id, kind=kind).order_by("-id").first()
    return card_of(row) if row else None


def asker_of(pending_id: int) -> tuple[int, int]:
    """(person, post) who asked: what goes on with the answer is his act."""
    return PendingSignature.objects.values_list("asked_by_id", "post_id").get(pk=pending_id)


@dataclass(frozen=True, slots=True)
class DeviceTask:
    """What a device at the browser is given; all bytes in base64."""

    certificate: str
    to_be_signed: str
    """DER of the signed attributes: for a device that hashes by itself."""
    digest: str
    """SHA-256 of `to_be_signed`: for a device that is given a hash."""
    algorithm: str
    """`rsa` (PKCS#1 v1.5) or `ec` (P-256), with SHA-256."""


def device_task(actor: Actor, pending_id: int) -> DeviceTask:
    """What is to be signed for a question whose file is prepared. Refuses: as `pending_signature`."""
    pending_signature(actor, pending_id)
    state = PendingSignature.objects.values_list("state", flat=True).get(pk=pending_id)
    digest = hashlib.sha256(b64decode(state["signed_attributes"])).digest()
    return DeviceTask(
        state["certificate"],
        state["signed_attributes"],
        b64encode(digest).decode("ascii"),
        state["algorithm"],
    )


@dataclass(frozen=True, slots=True)
class KeyCard:
    """Where a person's or an agency's key lies, and what the place asks for at each signature."""

    place: KeyPlace
    subject: str
    serial: str
    asks: tuple[str, ...]
    """`pin`, `otp`: typed at signing, passed through, never kept."""


def key_card(owner: str) -> KeyCard | None:
    """None where no key is registered."""
    row = SigningKey.objects.filter(owner=owner, state=CertificateState.ACTIVE).first()
    if row is None:
        return None
    return KeyCard(KeyPlace(row.place), row.subject, row.serial, asked_of(row))


def asked_of(row: SigningKey) -> tuple[str, ...]:
    """The secrets that the place of this key asks for."""
    if row.place == KeyPlace.PKCS11:
        return ("pin",)
    return ASKED_BY_SERVICE.get(str(row.whereabouts.get("auth")), ()) if row.place == KeyPlace.REMOTE else ()


@dataclass(frozen=True, slots=True)
class AgentCard:
    """A signature that the desk agent is asked for, as the screen follows it."""

    pending: PendingCard
    method: Method
    is_started: bool
    """A token was given: the agent has been called at least once."""
    said: Violation | None
    """What the agent told the browser when it did not sign; a hint."""
    refused: Violation | None
    """Why the last file that it brought was not taken."""


def agent_card(actor: Actor, pending_id: int) -> AgentCard:
    """One question to the desk agent. Refuses: as `pending_signature`; `NotVisible` for another way of signing."""
    card = pending_signature(actor, pending_id)
    row = PendingSignature.objects.get(pk=pending_id)
    if card.way is not SigningWay.DESK_AGENT:
        raise NotVisible("signing.pending.not-found")
    said, refused = _word(row.state.get("said")), _word(row.state.get("refused"))
    return AgentCard(card, agent_method(row), bool(row.state.get("token")), said, refused)


def _word(kept: dict[str, Any] | None) -> Violation | None:
    return Violation(kept["code"], tuple(sorted(kept["details"].items()))) if kept else None


def agent_method(row: PendingSignature) -> Method:
    """Which of the agent's methods is asked: the act may name it in its errand, else the kind of signature says it."""
    named = row.errand.get("agent_method")
    if named:
        return Method(named)
    return Method.APPROVED if row.kind == SignatureKind.PERSONAL else Method.ISSUED


def asked_by_token(pending_id: int, token: str) -> PendingSignature:
    """The question to a desk agent that a token was given for, ended or not. Refuses: `NotVisible`, nothing more said.

    Compared in constant time, and a question that does not exist takes as long as one that does.
    """
    row = PendingSignature.objects.filter(pk=pending_id, way=SigningWay.DESK_AGENT).first()
    known = str(row.state.get("token", "")) if row else ""
    given = hashlib.sha256(token.encode()).hexdigest()
    matches = hmac.compare_digest(given, known or "0" * len(given))
    if row is None or not matches:
        raise NotVisible("signing.pending.not-found")
    return row


def agent_until(row: PendingSignature) -> datetime:
    """Until when the addresses of this question answer."""
    return datetime.fromisoformat(row.state["until"])


def served_file(*, pending_id: int, token: str, now: datetime) -> bytes:
    """The very file to be signed, for whoever carries its token. Refuses: `NotVisible`, whatever is wrong."""
    row = asked_by_token(pending_id, token)
    if row.status != PendingStatus.WAITING or now > agent_until(row):
        raise NotVisible("signing.pending.not-found")
    return blobs().read(row.sha256_before)


def kept_digests(*, after: str, limit: int) -> list[str]:
    """Up to `limit` digests of second renditions (D20) behind `after`, in their order."""
    rows = KeptRendition.objects.filter(sha256__gt=after).order_by("sha256")
    return list(rows.values_list("sha256", flat=True).distinct()[:limit])


def documents_keeping(sha256: str) -> tuple[int, ...]:
    """The documents whose second rendition has these bytes."""
    return tuple(KeptRendition.objects.filter(sha256=sha256).values_list("document_id", flat=True))
