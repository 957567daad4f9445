"""Judge one signature on its axes: integrity, coverage, modification, algorithm, trust, revocation, time.

Norm: TT41/2017 Đ.7–8
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from asn1crypto import cms
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from vanthu.signing.rules.verdicts import (
    Revocation,
    SignatureFinding,
    Verdict,
    worst,
)
from vanthu.signing.trust.revocation import HELD
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation.acceleration import certificate_of
from vanthu.signing.validation.checks import identity_of, kind_of
from vanthu.signing.validation.comparison import entry
from vanthu.signing.validation.content import (
    MODIFICATIONS,
    ContentState,
    Grounds,
    Subjects,
    broken,
    is_wrong_subject,
    judge_content,
)
from vanthu.signing.validation.embedded import PdfSignature
from vanthu.signing.validation.foreign import (
    LenientAttributeOrder,
    OldSignature,
    has_certificate,
    understand_algorithms,
)
from vanthu.signing.validation.longterm import (
    CLOCK_TOLERANCE,
    Proof,
    flaw_of_stamp,
    has_lapsed,
    proved_at,
    stands_at,
    status_of_chain,
)
from vanthu.signing.validation.readings import (
    algorithm_of,
    aware,
    holds_token,
    imprint_time,
    leaf_first,
    token_time,
)
from vanthu.signing.validation.unusual import judge_old_format, judge_without_certificate

_WEAK_DIGESTS: Final = frozenset({"md2", "md5", "sha1"})
_MIN_BITS: Final = {"rsa": 2048, "rsassa_pss": 2048, "ec": 224}
# The state's own certificates carry several usages; one that allows signing is enough.
_KEY_USAGE: Final = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
_SUPPORTED: Final = frozenset(
    {"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/ETSI.RFC3161", "/PBAD.PAdES"}
)

_EXPIRED: Final = frozenset(
    {
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
        AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
        AdESIndeterminate.EXPIRED,
        AdESIndeterminate.NOT_YET_VALID,
    }
)
_WEAK: Final = frozenset(
    {AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE, AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE}
)


@dataclass(frozen=True, slots=True)
class Court:
    """By what a signature is judged."""

    trust: TrustStore | None
    at: datetime
    expected: Subjects | None = None
    proofs: tuple[Proof, ...] = ()
    """Document time stamps that are believed already."""


async def judge(signature: PdfSignature, court: Court) -> SignatureFinding:
    """Judge a signature or a document time stamp."""
    signature.may_add_visible = court.trust is not None
    if isinstance(signature, OldSignature):
        return judge_old_format(signature, court.expected)
    if str(entry(signature.sig_object, "/SubFilter", "")) not in _SUPPORTED:
        return broken(signature.field_name, Verdict.INDETERMINATE, "algorithm.unsupported")
    if not has_certificate(signature):
        return judge_without_certificate(signature)
    understand_algorithms(signature)
    if signature.sig_object_type == "/DocTimeStamp":
        return await _judge_timestamp(signature, court)
    return await _judge_signature(signature, court)


async def _judge_signature(signature: PdfSignature, court: Court) -> SignatureFinding:
    claimed = aware(signature.self_reported_timestamp)
    status, stamped, grounds = await _status(signature, claimed, court)
    signer = identity_of(signature.signer_cert)
    kind = kind_of(signer, signature.field_name)
    finding = SignatureFinding(
        field=signature.field_name,
        kind=kind,
        signer=signer,
        verdict=Verdict.VALID,
        integrity=bool(status.intact and status.valid),
        coverage=status.coverage.name,
        modification=MODIFICATIONS[status.modification_level],
        trusted=None,
        revocation="unknown",
        signed_at=claimed,
        timestamp_at=stamped,
        algorithm=algorithm_of(signature),
    )
    judge_content(finding, status, grounds)
    _judge_algorithm(signature, status, grounds)
    if court.trust is None:
        grounds.verdicts.append(Verdict.INTACT)
    else:
        finding = _judge_trust(finding, signature, status, court, grounds)
    if court.expected is not None and is_wrong_subject(finding, court.expected):
        grounds.add(Verdict.WRONG_SUBJECT, "subject.wrong")
    return replace(finding, verdict=worst(grounds.verdicts), reasons=tuple(dict.fromkeys(grounds.reasons)))


async def _status(
    signature: PdfSignature, claimed: datetime | None, court: Court
) -> tuple[Any, datetime | None, Grounds]:
    """Validate at the time of the token; when the token is not to be believed, at the claimed time.

    Returns the library's status, the trusted time if there is one, and first grounds.
    """
    grounds = Grounds()
    stamped = token_time(signature)
    if stamped is not None:
        try:
            status = await _validate(signature, stamped, court)
        except SignatureValidationError:
            status = None  # e.g. a token without its certificate: it must not take the signature down
        if court.trust is None and status is not None:
            if not (status.timestamp_validity.intact and status.timestamp_validity.valid):
                grounds.add(Verdict.INDETERMINATE, "time.timestamp-broken")
            return status, None, grounds
        flaw = _flaw(status and status.timestamp_validity, signature, court)
        if status is not None and not flaw:
            return status, stamped, grounds
        grounds.reasons.append(flaw)
        # Unsigned attributes are outside the signature's own digest; without them it is judged by itself.
        signature.signer_info["unsigned_attrs"] = cms.CMSAttributes([])
    proved = proved_at(court.proofs, signature.end)
    if proved is not None:
        status = await _validate(signature, proved, court)
        if stands_at(status, proved, court.trust):
            return status, proved, grounds
    status = await _validate(signature, min(claimed or court.at, court.at), court)
    return status, None, grounds


async def _validate(signature: PdfSignature, moment: datetime, court: Court) -> Any:
    stamped = any(holds_token(signature, signed=signed) for signed in (False, True))
    return await async_validate_pdf_signature(
        signature,
        context_of(court.trust, moment),
        ts_validation_context=context_of(court.trust, moment, for_stamps=True) if stamped else None,
        key_usage_settings=_KEY_USAGE,
    )


def context_of(trust: TrustStore | None, moment: datetime, *, for_stamps: bool = False) -> ValidationContext:
    """Whom the library is to believe at a moment: the store's roots and authorities, and nobody from the network."""
    if trust is None:
        return ValidationContext(
            trust_roots=[], moment=moment, allow_fetching=False, signature_validator=LenientAttributeOrder()
        )
    roots = trust.tsa_roots if for_stamps else trust.roots
    return ValidationContext(
        trust_roots=[certificate_of(item) for item in roots],
        other_certs=[certificate_of(item) for item in trust.intermediates],
        moment=moment,
        allow_fetching=False,
        signature_validator=LenientAttributeOrder(),
        # Revocation is asked of the store's lists by `trust.revocation`, which keeps the date of a
        # revocation apart from the time of signing.
        revocation_mode="soft-fail",
    )


def _flaw(stamp: Any, signature: PdfSignature, court: Court) -> str:
    return flaw_of_stamp(stamp, signature.end, trust=court.trust, proofs=court.proofs, at=court.at)


def _judge_algorithm(signature: PdfSignature, status: Any, grounds: Grounds) -> None:
    key = signature.signer_cert.public_key
    too_short = key.algorithm in _MIN_BITS and key.bit_size < _MIN_BITS[key.algorithm]
    if signature.md_algorithm in _WEAK_DIGESTS or too_short or status.trust_problem_indic in _WEAK:
        grounds.add(Verdict.WEAK_ALGORITHM, "algorithm.weak")


def _judge_trust(
    finding: SignatureFinding,
    signature: PdfSignature,
    status: Any,
    court: Court,
    grounds: Grounds,
) -> SignatureFinding:
    if not status.trusted:
        if status.trust_problem_indic in _EXPIRED:
            grounds.add(Verdict.EXPIRED_AT_SIGNING, "time.expired")
        elif status.trust_problem_indic is AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE:
            grounds.add(Verdict.INVALID_CHAIN, "chain.usage")
        elif status.trust_problem_indic not in _WEAK:
            grounds.add(Verdict.INVALID_CHAIN, "chain.not-trusted")
        return replace(finding, trusted=False)
    if not _serves_kind(status, finding.kind, court):
        grounds.add(Verdict.INVALID_CHAIN, "chain.purpose")
        return replace(finding, trusted=False)
    _judge_time(finding, signature, court, grounds)
    revocation, evidence = _judge_revocation(finding, status, court, grounds)
    return replace(finding, trusted=True, revocation=revocation, evidence=evidence)


def _serves_kind(status: Any, kind: str, court: Court) -> bool:
    """Tell whether the root that the chain ends in was imported for this kind of signature."""
    assert court.trust is not None
    return leaf_first(status.validation_path)[-1].dump() in court.trust.roots_for(kind)


def _judge_time(finding: SignatureFinding, signature: PdfSignature, court: Court, grounds: Grounds) -> None:
    if finding.timestamp_at is not None:
        grounds.verdicts.append(Verdict.VALID)
        return
    grounds.add(Verdict.VALID_NO_TSA, "time.no-timestamp")
    if finding.signed_at is None:
        grounds.add(Verdict.INDETERMINATE, "time.unknown")
    elif finding.signed_at > court.at + CLOCK_TOLERANCE:
        grounds.add(Verdict.INDETERMINATE, "time.future")
    if has_lapsed(signature.signer_cert, signature.md_algorithm, court.at):
        grounds.add(Verdict.INDETERMINATE, "algorithm.lapsed")
    if signature.signer_cert.not_valid_after < court.at:
        # The claimed time is the signer's own word; the certificate has lapsed since.
        grounds.add(Verdict.INDETERMINATE, "time.no-proof")


def _judge_revocation(
    finding: SignatureFinding, status: Any, court: Court, grounds: Grounds
) -> tuple[Revocation, tuple[str, ...]]:
    """What is known of the chain at the time of signing, and the lists and answers that say so."""
    assert court.trust is not None
    moment = finding.timestamp_at or min(finding.signed_at or court.at, court.at)
    state = status_of_chain(leaf_first(status.validation_path), court.trust, moment)
    if state.state == "unknown":
        grounds.add(Verdict.INDETERMINATE, "revocation.no-data")
        return "unknown", state.used
    if state.revoked_at is None:
        return "good", state.used
    if state.revoked_at <= moment:
        grounds.add(Verdict.REVOKED, "revocation.on-hold" if state.reason == HELD else "revocation.revoked")
        return "revoked", state.used
    if finding.timestamp_at is not None:
        return "good", state.used
    grounds.add(Verdict.INDETERMINATE, "revocation.no-proof-of-time")
    return "revoked", state.used


async def _judge_timestamp(signature: PdfSignature, court: Court) -> SignatureFinding:
    moment = aware(signature.self_reported_timestamp) or court.at
    context = context_of(court.trust, imprint_time(signature.signed_data) or moment, for_stamps=True)
    status = await async_validate_pdf_timestamp(signature, context)
    assert status.coverage is not None
    assert status.modification_level is not None
    grounds = Grounds()
    flaw = _flaw(status, signature, court)
    finding = replace(
        broken(signature.field_name, Verdict.VALID, ""),
        kind="timestamp",
        signer=identity_of(signature.signer_cert),
        integrity=bool(status.intact and status.valid),
        coverage=status.coverage.name,
        modification=MODIFICATIONS[status.modification_level],
        trusted=None if court.trust is None else bool(status.trusted),
        signed_at=status.timestamp,
        timestamp_at=None if flaw else status.timestamp,
        algorithm=algorithm_of(signature),
        reasons=(),
    )
    judge_content(finding, ContentState(status.coverage), grounds)
    if {signature.md_algorithm, signature.external_md_algorithm} & _WEAK_DIGESTS:
        grounds.add(Verdict.WEAK_ALGORITHM, "algorithm.weak")
    if court.trust is None:
        grounds.verdicts.append(Verdict.INTACT)
    elif flaw:
        grounds.add(Verdict.INDETERMINATE, flaw)
    else:
        grounds.verdicts.append(Verdict.VALID)
        finding = replace(finding, revocation="good")
    return replace(finding, verdict=worst(grounds.verdicts), reasons=tuple(grounds.reasons))
