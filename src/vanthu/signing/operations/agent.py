"""Signing by VGCA Sign Service on the signer's own computer: hand out the file, judge what comes back.

The agent has no session of ours; a token for this one question, kept as a hash only, carries the authority of
whoever asked. The file is judged in a child process outside any transaction. Norm: decision D23
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import operation, record, steps
from vanthu.foundation.storage import blobs, sha256_of
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.errors import DomainError, NotReady, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import actor_in, agency, capacities_of
from vanthu.signing.models import PendingSignature, SigningKey
from vanthu.signing.operations.check import judging_store
from vanthu.signing.operations.pending import KIND, NOT_FOUND, conclude, give_token, token_hash
from vanthu.signing.queries import agent_method, agent_until, asked_by_token
from vanthu.signing.rules.desk_agent import TOKEN_LIFE, AgentAnswer, Outcome
from vanthu.signing.rules.kinds import CertificateState
from vanthu.signing.rules.pending import PendingStatus, may_answer
from vanthu.signing.validation.uploads import UploadTerms, judge_isolated

MOST_UPLOADS = 10
"""Files that are judged for one question; a program that has gone mad is not heard for ever."""


@dataclass(frozen=True, slots=True)
class UploadOutcome:
    """What the agent and the screen are told about a brought file."""

    document_id: int
    refused: Violation | None = None

    @property
    def accepted(self) -> bool:
        return self.refused is None


@operation("signing.agent.start")
def start_agent(*, actor: Actor, pending_id: int, now: datetime) -> str:
    """Begin one try with the desk agent; the token for its two addresses, good for 20 minutes. Older ones end.

    Refuses: `signing.pending.not-yours`, `signing.pending.expired`, answered or given up already.
    """
    token = give_token(actor=actor, pending_id=pending_id, now=now)
    row = _locked(pending_id)
    row.state = {
        **row.state,
        "token": token_hash(token),
        "until": min(now + TOKEN_LIFE, row.expires_at).isoformat(),
        "uploads": 0,
        "said": None,
        "refused": None,
    }
    row.save(update_fields=["state"])
    record(ObjectRef.of(KIND, row.pk), agency_id=row.agency_id, method=agent_method(row))
    return token


@operation("signing.agent.answered")
def note_answer(*, actor: Actor, pending_id: int, answer: AgentAnswer, now: datetime) -> None:
    """Keep what the agent told the browser, for the screen: a hint that ends nothing.

    Refuses: `signing.pending.not-yours`.
    """
    row = _locked(pending_id)
    _demand_asker(actor, row)
    if answer.outcome is not Outcome.SIGNED and row.status == PendingStatus.WAITING:
        row.state = {**row.state, "said": {"code": answer.code, "details": {"message": answer.message}}}
        row.save(update_fields=["state"])
    record(ObjectRef.of(KIND, row.pk), agency_id=row.agency_id, outcome=answer.outcome)


@steps("judges in a child process without a transaction; the answer or its refusal is recorded in one act")
def accept_upload(*, pending_id: int, token: str, pdf: bytes, now: datetime) -> UploadOutcome:
    """Take what the desk agent brings if it is the served file plus the asker's one signature; else say why not.

    The same file again changes nothing and is taken again. A refusal changes nothing and is audited with the
    file's digest. Refuses: `NotVisible` without the token. Norm: decision D23, TT41/2017 Đ.6
    """
    row = asked_by_token(pending_id, token)
    digest = sha256_of(pdf)
    if row.status == PendingStatus.DONE and row.sha256_result == digest:
        return UploadOutcome(row.document_id)
    try:
        _demand_open(row, now)
        trust = judging_store(agency(row.agency_id).code)
        judge_isolated(pdf, _terms(row), trust=trust, at=now)
        done = conclude(actor=_asker(row, now), pending_id=row.pk, pdf=pdf, now=now)
        refuse_if(() if done.sha256_result == digest else (Violation("signing.upload.already-signed"),))
    except DomainError as refusal:
        return _refused(row, digest, refusal, now)
    return UploadOutcome(row.document_id)


@steps("finds whose question it is, then records in one act")
def refuse_upload(*, pending_id: int, token: str, code: str, now: datetime) -> UploadOutcome:
    """Refuse what never became a file: none in the form, or one beyond the size limit. Refuses: `NotVisible`."""
    return _refused(asked_by_token(pending_id, token), "", NotReady([Violation(code)]), now)


def _refused(row: PendingSignature, digest: str, refusal: DomainError, now: datetime) -> UploadOutcome:
    # Whoever carries a token has not signed in: what he failed to bring is nobody's act but the system's.
    system = system_actor(row.agency_id)
    _note_refused(actor=system, pending_id=row.pk, digest=digest, refusal=refusal, now=now)
    return UploadOutcome(row.document_id, refusal.violations[0])


@operation("signing.agent.refuse")
def _note_refused(*, actor: Actor, pending_id: int, digest: str, refusal: DomainError, now: datetime) -> None:
    row = _locked(pending_id)
    first = refusal.violations[0]
    if row.status == PendingStatus.WAITING:
        word = {"code": first.code, "details": dict(first.details), "at": now.isoformat()}
        row.state = {**row.state, "refused": word, "uploads": int(row.state.get("uploads", 0)) + 1}
        row.save(update_fields=["state"])
    record(
        ObjectRef.of(KIND, row.pk),
        agency_id=row.agency_id,
        document=row.document_id,
        sha256=digest,
        reason=first.code,
    )


def _demand_open(row: PendingSignature, now: datetime) -> None:
    if row.status == PendingStatus.DONE:
        raise NotReady([Violation("signing.upload.already-signed")])
    if row.status == PendingStatus.REFUSED:
        raise NotReady([Violation("signing.agent.given-up")])
    if row.status == PendingStatus.EXPIRED or now > agent_until(row):
        raise NotReady([Violation("signing.agent.expired")])
    if int(row.state.get("uploads", 0)) >= MOST_UPLOADS:
        raise NotReady([Violation("signing.agent.too-many")])


def _terms(row: PendingSignature) -> UploadTerms:
    # A certificate that was replaced or ended in the register while the agent worked no longer signs.
    key = SigningKey.objects.filter(owner=row.owner, serial=row.serial, state=CertificateState.ACTIVE).first()
    if key is None:
        raise NotReady([Violation("signing.key.missing", (("owner", row.subject),))])
    box = row.state.get("box")
    return UploadTerms(
        agent_method(row),
        blobs().read(row.sha256_before),
        bytes(key.certificate),
        row.subject,
        (float(row.state["page"]), *map(float, box)) if box else (),
    )


def _asker(row: PendingSignature, now: datetime) -> Actor:
    """Whoever asked, in the post in which he asked, if he still holds it: what goes on is his act."""
    return actor_in(capacities_of(row.asked_by_id, now=now), post_id=row.post_id)


def _demand_asker(actor: Actor, row: PendingSignature) -> None:
    may_answer(actor, row.facts()).or_refuse()


def _locked(pending_id: int) -> PendingSignature:
    return load_locked(PendingSignature.objects.all(), code=NOT_FOUND, pk=pending_id)
