"""Judge signatures that can't be judged as usual: of the formats of before 2000, or without a certificate."""

from dataclasses import replace

from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.sign.validation.utils import extract_message_digest

from vanthu.signing.rules.verdicts import SignatureFinding, Verdict, worst
from vanthu.signing.validation.checks import identity_of, kind_of
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
from vanthu.signing.validation.foreign import OldSignature
from vanthu.signing.validation.readings import aware


def judge_old_format(signature: OldSignature, expected: Subjects | None) -> SignatureFinding:
    """The formats of before 2000 are checked, for tampering is graver than age; they are never sound."""
    coverage = signature.compute_content()
    status = ContentState(coverage, docmdp_ok=signature.permits_what_changed())
    certificate = signature.certificate()
    finding = replace(
        broken(signature.field_name, Verdict.VALID, "algorithm.weak"),
        signer=identity_of(certificate),
        integrity=coverage is not SignatureCoverageLevel.UNCLEAR and signature.holds(),
        coverage=coverage.name,
        modification=MODIFICATIONS[signature.modification_level()],
        signed_at=aware(signature.claimed_time()),
        algorithm=str(signature.sig_object["/SubFilter"]).lstrip("/"),
    )
    finding = replace(finding, kind=kind_of(finding.signer, finding.field))
    grounds = Grounds()
    grounds.add(Verdict.WEAK_ALGORITHM, "algorithm.weak")
    judge_content(finding, status, grounds)
    if expected is not None and is_wrong_subject(finding, expected):
        grounds.add(Verdict.WRONG_SUBJECT, "subject.wrong")
    return replace(finding, verdict=worst(grounds.verdicts), reasons=tuple(dict.fromkeys(grounds.reasons)))


def judge_without_certificate(signature: PdfSignature) -> SignatureFinding:
    """Without the signer's certificate nobody can say more than whether the content is the one meant."""
    fits = (
        signature.evaluate_signature_coverage() is not SignatureCoverageLevel.UNCLEAR
        and extract_message_digest(signature.signer_info) == signature.compute_digest()
    )
    if fits:
        return broken(signature.field_name, Verdict.INDETERMINATE, "integrity.no-certificate")
    return broken(signature.field_name, Verdict.INVALID_INTEGRITY, "integrity.broken")
