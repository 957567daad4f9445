"""What a check of signatures says, axis by axis, and in one word.

Norm: TT41/2017 Đ.7–8 (when a signature is valid)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

Kind = Literal["personal", "agency", "timestamp", "unknown"]
Modification = Literal["none", "lta", "form", "annotations", "other"]
Revocation = Literal["good", "revoked", "unknown"]


class Verdict(StrEnum):
    """Kết luận kiểm tra chữ ký số, in rising order of gravity."""

    VALID = "VALID"
    VALID_NO_TSA = "VALID_NO_TSA"
    INTACT = "INTACT"
    UNSIGNED = "UNSIGNED"
    INDETERMINATE = "INDETERMINATE"
    MODIFIED_AFTER = "MODIFIED_AFTER"
    WEAK_ALGORITHM = "WEAK_ALGORITHM"
    EXPIRED_AT_SIGNING = "EXPIRED_AT_SIGNING"
    WRONG_SUBJECT = "WRONG_SUBJECT"
    REVOKED = "REVOKED"
    INVALID_CHAIN = "INVALID_CHAIN"
    INVALID_INTEGRITY = "INVALID_INTEGRITY"
    UNREADABLE = "UNREADABLE"


_GRAVITY: Mapping[Verdict, int] = {verdict: rank for rank, verdict in enumerate(Verdict)}

SOUND = frozenset({Verdict.VALID, Verdict.VALID_NO_TSA, Verdict.INTACT})
"""Verdicts for which `vanthu verify` ends with 0 (D21)."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the gravest of the verdicts; a file without any signature is UNSIGNED."""
    return max(verdicts, key=_GRAVITY.__getitem__, default=Verdict.UNSIGNED)


@dataclass(frozen=True, slots=True)
class SignerIdentity:
    """Who a certificate says has signed (chủ thể chứng thư)."""

    name: str
    organisation: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Prefix of a subject UID to its value: `{"CCCD": "…"}`, `{"MST": "…"}`."""
    serial: str = ""
    """Serial number of the certificate, upper-case hexadecimal."""


@dataclass(frozen=True, slots=True)
class SignatureFinding:
    """What was found about one signature, axis by axis."""

    field: str
    kind: Kind
    signer: SignerIdentity
    verdict: Verdict
    integrity: bool
    coverage: str
    modification: Modification
    trusted: bool | None
    """None: nobody asked, because no trust store was given."""
    revocation: Revocation
    signed_at: datetime | None
    """What the signer's own clock claims."""
    timestamp_at: datetime | None
    """What a trusted time-stamping authority says."""
    algorithm: str
    reasons: tuple[str, ...] = ()
    """Codes of `REASON_TEXT`."""
    evidence: tuple[str, ...] = ()
    """SHA-256 of each revocation list and answer that the finding rests on (TT41/2017 Đ.9)."""


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The verdict on one file: that of its worst signature (D21)."""

    file: str
    sha256: str
    verdict: Verdict
    signatures: tuple[SignatureFinding, ...]
    reasons: tuple[str, ...]
    checked_at: datetime
    policy: str

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as an object that JSON can carry."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "verdict": self.verdict.value,
            "signatures": [_finding_to_json(finding) for finding in self.signatures],
            "reasons": list(self.reasons),
            "checked_at": self.checked_at.isoformat(),
            "policy": self.policy,
        }

    def to_record(self) -> dict[str, Any]:
        """The same for the installation's own records, with the evidence that each finding rests on."""
        shape = self.to_json()
        for signature, finding in zip(shape["signatures"], self.signatures, strict=True):
            signature["evidence"] = list(finding.evidence)
        return shape

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "FileVerdict":
        """Read back what `to_json` or `to_record` has written."""
        return cls(
            file=data["file"],
            sha256=data["sha256"],
            verdict=Verdict(data["verdict"]),
            signatures=tuple(_finding_from_json(item) for item in data["signatures"]),
            reasons=tuple(data["reasons"]),
            checked_at=datetime.fromisoformat(data["checked_at"]),
            policy=data["policy"],
        )


def _finding_to_json(finding: SignatureFinding) -> dict[str, Any]:
    signer = finding.signer
    return {
        "field": finding.field,
        "kind": finding.kind,
        "signer": {
            "name": signer.name,
            "organisation": signer.organisation,
            "ids": dict(signer.ids),
            "serial": signer.serial,
        },
        "verdict": finding.verdict.value,
        "integrity": finding.integrity,
        "coverage": finding.coverage,
        "modification": finding.modification,
        "trusted": finding.trusted,
        "revocation": finding.revocation,
        "signed_at": finding.signed_at.isoformat() if finding.signed_at else None,
        "timestamp_at": finding.timestamp_at.isoformat() if finding.timestamp_at else None,
        "algorithm": finding.algorithm,
        "reasons": list(finding.reasons),
    }


def _finding_from_json(data: Mapping[str, Any]) -> SignatureFinding:
    return SignatureFinding(
        field=data["field"],
        kind=data["kind"],
        signer=SignerIdentity(**data["signer"]),
        verdict=Verdict(data["verdict"]),
        integrity=data["integrity"],
        coverage=data["coverage"],
        modification=data["modification"],
        trusted=data["trusted"],
        revocation=data["revocation"],
        signed_at=_instant(data["signed_at"]),
        timestamp_at=_instant(data["timestamp_at"]),
        algorithm=data["algorithm"],
        reasons=tuple(data["reasons"]),
        evidence=tuple(data.get("evidence", ())),
    )


def lacks_revocation(verdict: FileVerdict) -> bool:
    """Tell whether a verdict may change when somebody is asked about revocation, or once trust can be judged."""
    return verdict.verdict in {Verdict.INDETERMINATE, Verdict.INTACT} and any(
        finding.revocation == "unknown" and finding.kind != "timestamp" for finding in verdict.signatures
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
