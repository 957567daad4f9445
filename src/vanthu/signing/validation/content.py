"""What is found about one signature so far: grounds, axis by axis, and the axes of its content.

Norm: TT41/2017 Đ.7–8
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.status import SignatureCoverageLevel

from vanthu.signing.rules.verdicts import Modification, SignatureFinding, SignerIdentity, Verdict

MODIFICATIONS: Final[Mapping[ModificationLevel, Modification]] = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "lta",
    ModificationLevel.FORM_FILLING: "form",
    ModificationLevel.ANNOTATIONS: "annotations",
    ModificationLevel.OTHER: "other",
}

Subjects = Mapping[str, Collection[str]]
"""Kind of signature to the identifiers (`PREFIX:value`) that may have made it."""


@dataclass(slots=True)
class Grounds:
    """Verdicts and reasons, collected axis by axis."""

    verdicts: list[Verdict] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def add(self, verdict: Verdict, reason: str) -> None:
        """Note a verdict and the code of its reason."""
        self.verdicts.append(verdict)
        self.reasons.append(reason)


def broken(field_name: str, verdict: Verdict, reason: str) -> SignatureFinding:
    """The finding on a signature that can't be taken apart."""
    return SignatureFinding(
        field=field_name,
        kind="unknown",
        signer=SignerIdentity(name=""),
        verdict=verdict,
        integrity=False,
        coverage="UNCLEAR",
        modification="other",
        trusted=None,
        revocation="unknown",
        signed_at=None,
        timestamp_at=None,
        algorithm="",
        reasons=(reason,),
    )


@dataclass(frozen=True, slots=True)
class ContentState:
    """A document time stamp certifies nothing, so it can't forbid changes."""

    coverage: SignatureCoverageLevel
    docmdp_ok: bool = True


def judge_content(finding: SignatureFinding, status: Any, grounds: Grounds) -> None:
    """Judge integrity, coverage and modification; a change that can't be explained is to be looked at."""
    if not finding.integrity:
        grounds.add(Verdict.INVALID_INTEGRITY, "integrity.broken")
    if status.coverage is SignatureCoverageLevel.UNCLEAR:
        grounds.add(Verdict.INVALID_INTEGRITY, "coverage.unclear")
    elif status.coverage is SignatureCoverageLevel.CONTIGUOUS_BLOCK_FROM_START:
        grounds.reasons.append("coverage.partial")
    if finding.modification in {"annotations", "other"} or status.docmdp_ok is False:
        grounds.add(Verdict.MODIFIED_AFTER, "modification.disallowed")


def is_wrong_subject(finding: SignatureFinding, expected: Subjects) -> bool:
    """Tell whether a directory names others than the signer for this kind of signature."""
    allowed = expected.get(finding.kind)
    if allowed is None:
        return False
    return not any(f"{prefix}:{value}" in allowed for prefix, value in finding.signer.ids.items())
