"""What must be there before a number, a seal, an issue, an acceptance; everything missing is named at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vanthu.drafting.rules.readiness import RecipientFacts, unmet_for_recipients
from vanthu.kernel.errors import Violation
from vanthu.registry.rules.states import OUTGOING_LABELS, OutgoingState
from vanthu.signing.rules.acceptance import Acceptance, acceptance
from vanthu.signing.rules.verdicts import SOUND, FileVerdict


def unmet_for_numbering(*, today: date, last_on: date | None) -> tuple[Violation, ...]:
    """D10: the date is the day of numbering and never earlier than the last of the series. Norm: NĐ30 Đ.15."""
    if last_on is not None and today < last_on:
        return (Violation("registry.outgoing.date-goes-back", (("last_on", f"{last_on:%d/%m/%Y}"),)),)
    return ()


def unmet_for_sealing(verdict: FileVerdict, *, signer_serial: str | None = None) -> tuple[Violation, ...]:
    """M6, NĐ30 Đ.32.2d: the agency signs only what the competent person has validly signed.

    `signer_serial` is the certificate of the person who signed here with authority: somebody else's valid
    signature does not stand for his.
    """
    personal = [finding for finding in verdict.signatures if finding.kind == "personal"]
    if not personal:
        return (Violation("registry.outgoing.no-personal-signature"),)
    bad = [finding for finding in personal if finding.verdict not in SOUND]
    if not bad and signer_serial is not None:
        is_his = any(finding.signer.serial == signer_serial for finding in personal)
        return () if is_his else (Violation("registry.outgoing.not-the-signers"),)
    return tuple(
        Violation("registry.outgoing.bad-personal-signature", (("verdict", finding.verdict),))
        for finding in bad
    )


def unmet_for_issuing(
    *, named: Iterable[str], known: Iterable[RecipientFacts], verdict: FileVerdict | None
) -> tuple[Violation, ...]:
    """M7: both signatures hold; law.md b.2: at least one recipient, none of them closed."""
    codes = [code for code in named if code]
    found = list(unmet_for_recipients(codes, known))
    if not codes:
        found.append(Violation("registry.outgoing.no-recipient"))
    if verdict is None or acceptance(verdict) not in {Acceptance.OK, Acceptance.NEEDS_CONSENT}:
        found.append(Violation("registry.outgoing.not-both-signatures"))
    return tuple(found)


def unmet_for_ending(*, number: str, state: OutgoingState | None) -> tuple[Violation, ...]:
    """NĐ30 Đ.18.3–4: only an issued document is revoked or replaced, and once."""
    if state is OutgoingState.ISSUED:
        return ()
    label = OUTGOING_LABELS[state] if state else "Chưa phát hành"
    details = (("number", number), ("state", label))
    return (Violation("registry.outgoing.concern-not-issued", details),)


@dataclass(frozen=True, slots=True)
class ArrivalFacts:
    """An arrival as the rules of acceptance see it."""

    verdict: FileVerdict | None
    is_scan: bool
    has_consent: bool
    as_reference: bool
    """The clerk takes it "để biết, tham khảo – chờ bản chính"."""


def unmet_for_accepting(arrival: ArrivalFacts) -> tuple[Violation, ...]:
    """Verify before accepting (M14); what may be accepted at all is D40. Norm: NĐ30 Đ.21.2, QĐ28 Đ.9."""
    if arrival.is_scan:
        return ()
    if arrival.verdict is None:
        return (Violation("registry.incoming.not-verified"),)
    match acceptance(arrival.verdict):
        case Acceptance.MUST_REFUSE:
            return (Violation("registry.incoming.must-refuse", (("verdict", arrival.verdict.verdict),)),)
        case Acceptance.NEEDS_CONSENT if not arrival.has_consent:
            return (Violation("registry.incoming.consent-missing", (("verdict", arrival.verdict.verdict),)),)
        case Acceptance.REFERENCE_ONLY if not arrival.as_reference:
            return (Violation("registry.incoming.not-an-original", (("verdict", arrival.verdict.verdict),)),)
    return ()


def unmet_for_refusing(reason_text: str) -> tuple[Violation, ...]:
    """M15: a refusal says why. Norm: NĐ30 Đ.21.2b."""
    return () if reason_text.strip() else (Violation("registry.incoming.reason-missing"),)


def unmet_for_registering(
    *, subject: str, full_number: str, duplicate_number: int | None
) -> tuple[Violation, ...]:
    """NĐ30 Đ.22: mandatory fields, and not the same document twice (law.md b.1)."""
    found = []
    if not subject.strip():
        found.append(Violation("registry.incoming.subject-missing"))
    if not full_number.strip():
        found.append(Violation("registry.incoming.number-missing"))
    if duplicate_number is not None:
        found.append(Violation("registry.incoming.duplicate", (("number", str(duplicate_number)),)))
    return tuple(found)
