"""Signatures that a key elsewhere owes: ask, take the answer once, give up, let lapse.

The file is prepared and completed outside any transaction; what was asked stands in the database, so that a
restart between question and answer loses nothing. What goes on with the answer is in `wiring.SIGNED_FOR`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from vanthu.documents.queries import require_visible
from vanthu.foundation import jobs
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import nothing_changed, operation, publish, record, steps
from vanthu.foundation.storage import blobs, sha256_of
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.errors import NotVisible, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.signing.backends import SignatureRequest, SigningFailed
from vanthu.signing.backends.interrupted import Prepared, complete, prepare, verified
from vanthu.signing.events import SignatureArrived
from vanthu.signing.models import PendingSignature, SigningKey
from vanthu.signing.operations.check import check_file
from vanthu.signing.operations.keys import NO_SECRETS, KeySecrets, chain_of, waits
from vanthu.signing.operations.sign import Signed, Signer, key_of, sign
from vanthu.signing.queries import PendingCard, card_of
from vanthu.signing.rules import pending as rules
from vanthu.signing.rules.acceptance import MUST_REFUSE
from vanthu.signing.rules.kinds import SignatureKind
from vanthu.signing.rules.pending import PENDING, PendingMove, PendingStatus, SigningWay
from vanthu.signing.timestamping import desk_timestamps

KIND = "signing.pending"
NOT_FOUND = "signing.pending.not-found"


@dataclass(frozen=True, slots=True)
class SignatureOrder:
    """What is to be signed and which act goes on with it (`wiring.SIGNED_FOR`); `errand` is that act's own."""

    document_id: int
    agency_id: int
    kind: SignatureKind
    purpose: str
    errand: Mapping[str, object] = field(default_factory=dict)


@steps("the key may be a slow device or far away: signs without a transaction, or asks and returns")
def sign_or_ask(
    *,
    actor: Actor,
    signer: Signer,
    order: SignatureOrder,
    pdf: bytes,
    request: SignatureRequest,
    typed: KeySecrets = NO_SECRETS,
    now: datetime,
) -> Signed | None:
    """Sign here and now where the key allows it; None: the owner's device or service has been asked.

    Refuses: as `sign` and `ask_signature`.
    """
    key = key_of(signer, now=now)
    if not waits(key):
        return sign(signer=signer, pdf=pdf, request=request, typed=typed, now=now)
    ask_signature(actor=actor, key=key, order=order, pdf=pdf, request=request, now=now)
    return None


@steps("the file is laid out before the transaction opens; `_record_asked` records it in one act")
def ask_signature(
    *,
    actor: Actor,
    key: SigningKey,
    order: SignatureOrder,
    pdf: bytes,
    request: SignatureRequest,
    now: datetime,
) -> int:
    """Ask the key's owner for a signature on these bytes; the id to answer with.

    Asking again for the same bytes finds the question that waits already; for other bytes replaces it.
    Refuses: `signing.key.unsuitable`, `signing.file.cannot-sign`.
    """
    assert actor.user_id is not None
    assert actor.post_id is not None
    way, before = SigningWay(key.place), sha256_of(pdf)
    waiting = PendingSignature.objects.filter(
        document_id=order.document_id, kind=order.kind, status=PendingStatus.WAITING
    ).first()
    if waiting is not None and _is_same(waiting, actor, key, before) and now <= waiting.expires_at:
        return waiting.pk
    row = PendingSignature(
        way=way,
        owner=key.owner,
        agency_id=order.agency_id,
        asked_by_id=actor.user_id,
        post_id=actor.post_id,
        document_id=order.document_id,
        kind=order.kind,
        purpose=order.purpose,
        errand=dict(order.errand),
        sha256_before=blobs().put(pdf),
        serial=key.serial,
        subject=key.subject,
        asked_at=now,
        expires_at=now + timedelta(minutes=settings.VANTHU_SIGNING_MINUTES),
    )
    if way is SigningWay.DESK_AGENT:
        row.state = _told(request)
    else:
        prepared = _prepared(key, pdf, request)
        row.state, row.sha256_prepared = prepared.to_json(), blobs().put(prepared.pdf)
    return _record_asked(actor=actor, row=row, now=now)


def _is_same(row: PendingSignature, actor: Actor, key: SigningKey, before: str) -> bool:
    return (row.post_id, row.way, row.serial, row.sha256_before) == (
        actor.post_id,
        SigningWay(key.place),
        key.serial,
        before,
    )


def _prepared(key: SigningKey, pdf: bytes, request: SignatureRequest) -> Prepared:
    certificate = bytes(key.certificate)
    return prepare(pdf, request, certificate=certificate, chain=chain_of(certificate))


def _told(request: SignatureRequest) -> dict[str, object]:
    """What the desk agent may use; it decides about place and picture itself (signing.md §4)."""
    return {
        "field_name": request.field_name,
        "signer_name": request.signer_name,
        "reason": request.reason,
        "page": request.page,
        "box": list(request.box) if request.box else None,
        "signed_at": request.signed_at.isoformat(),
    }


@operation("signing.pending.ask")
def _record_asked(*, actor: Actor, row: PendingSignature, now: datetime) -> int:
    waiting = PendingSignature.objects.filter(
        document_id=row.document_id, kind=row.kind, status=PendingStatus.WAITING
    )
    for old in waiting.select_for_update():
        _end(old, PendingMove.GIVE_UP, now, reason="signing.pending.overtaken")
    # Two who ask at the same instant: one row wins, and both are led to it.
    PendingSignature.objects.bulk_create([row], ignore_conflicts=True)
    won: int = waiting.values_list("pk", flat=True).get()
    record(
        ObjectRef.of(KIND, won),
        agency_id=row.agency_id,
        after={"sha256": row.sha256_before, "status": PendingStatus.WAITING},
        way=row.way,
        document=row.document_id,
        kind=row.kind,
    )
    if row.way == SigningWay.REMOTE:
        jobs.named("signing.ask_remote").enqueue(now=now, pending_id=won)
    return won


@operation("signing.pending.give-token")
def give_token(*, actor: Actor, pending_id: int, now: datetime) -> str:
    """A new token for this one question: whoever carries it may fetch the file and answer. Only its hash is kept.

    Refuses: `signing.pending.not-yours`, `signing.pending.expired`, answered or given up already.
    """
    row = _locked(pending_id)
    _demand(actor, row, PendingMove.ANSWER, now)
    token = secrets.token_urlsafe(32)
    row.token_sha256 = token_hash(token)
    row.save(update_fields=["token_sha256"])
    record(ObjectRef.of(KIND, row.pk), agency_id=row.agency_id, way=row.way)
    return token


def token_hash(token: str) -> str:
    return sha256_of(token.encode())


@steps("verifies, stamps and checks outside a transaction; `_record_answer` records it in one act")
def deliver_signature(*, actor: Actor, pending_id: int, signature: bytes, now: datetime) -> PendingCard:
    """Take the bare signature of a prepared file; what asked for it goes on. A repeated answer changes nothing.

    Refuses: `signing.pending.not-yours`, `signing.pending.expired`, `signing.remote.wrong-signature`, given up
    already, and whatever the act that goes on refuses: then the question still waits.
    """
    row = _readable(actor, pending_id)
    if row.status != PendingStatus.DONE:
        _demand(actor, row, PendingMove.ANSWER, now)
    prepared = Prepared.from_json(blobs().read(row.sha256_prepared), row.state)
    if row.status == PendingStatus.DONE:
        verified(prepared, signature)
        return card_of(row)
    pdf = complete(prepared, signature, timestamps=desk_timestamps(now), stamped_at=now)
    return conclude(actor=actor, pending_id=pending_id, pdf=pdf, now=now)


@steps("stores and checks the file outside a transaction; `_record_answer` records it in one act")
def conclude(*, actor: Actor, pending_id: int, pdf: bytes, now: datetime) -> PendingCard:
    """Take a whole signed file as the answer, from a caller who has satisfied himself that it is the right one.

    Refuses: as `deliver_signature`; `signing.pending.bad-result` for a file that nobody may accept (D40).
    """
    sha256 = blobs().put(pdf)
    verdict = check_file(actor=actor, sha256=sha256, now=now).verdict
    if verdict in MUST_REFUSE:
        raise SigningFailed("signing.pending.bad-result", verdict=verdict)
    _record_answer(actor=actor, pending_id=pending_id, sha256=sha256, now=now)
    return card_of(PendingSignature.objects.get(pk=pending_id))


@operation("signing.pending.answer")
def _record_answer(*, actor: Actor, pending_id: int, sha256: str, now: datetime) -> None:
    row = _locked(pending_id)
    if row.status == PendingStatus.DONE:
        nothing_changed()
        return
    _demand(actor, row, PendingMove.ANSWER, now)
    _end(row, PendingMove.ANSWER, now, sha256_result=sha256)
    record(
        ObjectRef.of(KIND, row.pk),
        agency_id=row.agency_id,
        before={"sha256": row.sha256_before, "status": PendingStatus.WAITING},
        after={"sha256": sha256, "status": row.status},
        way=row.way,
        document=row.document_id,
    )
    publish(
        SignatureArrived(
            pending_id=row.pk,
            document_id=row.document_id,
            agency_id=row.agency_id,
            kind=SignatureKind(row.kind),
            purpose=row.purpose,
            errand=row.errand,
            actor=actor,
            sha256_before=row.sha256_before,
            sha256=sha256,
            serial=row.serial,
            subject=row.subject,
            at=now,
        )
    )


@operation("signing.pending.give-up")
def give_up(
    *, actor: Actor, pending_id: int, reason: str = "signing.pending.given-up", now: datetime
) -> None:
    """End a question unsigned: `reason` is the refusal code that says why. Again: nothing changes.

    Refuses: `signing.pending.not-yours`; answered already.
    """
    row = _locked(pending_id)
    if row.status in {PendingStatus.REFUSED, PendingStatus.EXPIRED}:
        nothing_changed()
        return
    PENDING.after(PendingStatus(row.status), PendingMove.GIVE_UP)
    rules.may_answer(actor, row.facts()).or_refuse()
    _end(row, PendingMove.GIVE_UP, now, reason=reason)
    record(ObjectRef.of(KIND, row.pk), agency_id=row.agency_id, reason=reason, document=row.document_id)


@steps("each question that has lapsed is ended by an act of its own")
def expire_waiting(*, now: datetime) -> int:
    """End what nobody answered in time; how many."""
    overdue = PendingSignature.objects.filter(status=PendingStatus.WAITING, expires_at__lt=now)
    rows = list(overdue.values_list("pk", "agency_id")[:500])
    for pending_id, agency_id in rows:
        _expire(actor=system_actor(agency_id), pending_id=pending_id, now=now)
    return len(rows)


@operation("signing.pending.expire")
def _expire(*, actor: Actor, pending_id: int, now: datetime) -> None:
    row = _locked(pending_id)
    if row.status != PendingStatus.WAITING:
        nothing_changed()
        return
    _end(row, PendingMove.EXPIRE, now, reason="signing.pending.expired")
    record(ObjectRef.of(KIND, row.pk), agency_id=row.agency_id, document=row.document_id)


def _locked(pending_id: int) -> PendingSignature:
    return load_locked(PendingSignature.objects.all(), code=NOT_FOUND, pk=pending_id)


def _readable(actor: Actor, pending_id: int) -> PendingSignature:
    """The row without a lock, for work outside the transaction; the recording act looks again."""
    row = PendingSignature.objects.filter(pk=pending_id).first()
    if row is None:
        raise NotVisible(NOT_FOUND)
    require_visible(actor, row.document_id)
    return row


def _demand(actor: Actor, row: PendingSignature, move: PendingMove, now: datetime) -> None:
    PENDING.after(PendingStatus(row.status), move)
    rules.may_answer(actor, row.facts()).or_refuse()
    refuse_if(rules.unmet_for_answering(row.facts(), now))


def _end(
    row: PendingSignature, move: PendingMove, now: datetime, *, reason: str = "", sha256_result: str = ""
) -> None:
    row.status = PENDING.after(PendingStatus(row.status), move)
    row.reason, row.sha256_result, row.ended_at, row.token_sha256 = reason, sha256_result, now, ""
    row.save(update_fields=["status", "reason", "sha256_result", "ended_at", "token_sha256"])
