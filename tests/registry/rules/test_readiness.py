"""What must be there before a number, a seal, an issue, an acceptance, a registration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from vanthu.drafting.rules.readiness import RecipientFacts
from vanthu.kernel.errors import Violation
from vanthu.registry.rules import readiness
from vanthu.registry.rules.readiness import ArrivalFacts
from vanthu.signing.rules.verdicts import FileVerdict, SignatureFinding, SignerIdentity, Verdict

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
V = Verdict


def finding(kind: str, verdict: Verdict = Verdict.VALID) -> SignatureFinding:
    return SignatureFinding(
        field=kind,
        kind=kind,  # type: ignore[arg-type]
        signer=SignerIdentity("Người ký"),
        verdict=verdict,
        integrity=True,
        coverage="whole",
        modification="none",
        trusted=True,
        revocation="good",
        signed_at=AT,
        timestamp_at=AT,
        algorithm="ecdsa",
        reasons=(),
    )


def file_verdict(verdict: Verdict, *signatures: SignatureFinding) -> FileVerdict:
    return FileVerdict(
        file="van-ban.pdf",
        sha256="0" * 64,
        verdict=verdict,
        signatures=signatures,
        reasons=(),
        checked_at=AT,
        policy="",
    )


def both(verdict: Verdict) -> FileVerdict:
    return file_verdict(verdict, finding("personal", verdict), finding("agency", verdict))


def codes(violations: tuple[Violation, ...]) -> list[str]:
    return [violation.code for violation in violations]


@pytest.mark.parametrize(
    ("last_on", "ready"),
    [(None, True), (date(2026, 11, 19), True), (date(2026, 11, 20), True), (date(2026, 11, 21), False)],
    ids=["first-of-the-year", "later", "same-day", "D10-goes-back"],
)
def test_the_date_of_a_number_never_goes_back(last_on: date | None, ready: bool) -> None:
    found = readiness.unmet_for_numbering(today=date(2026, 11, 20), last_on=last_on)
    assert codes(found) == ([] if ready else ["registry.outgoing.date-goes-back"])


@pytest.mark.parametrize("verdict", Verdict)
def test_the_agency_signs_only_behind_a_sound_personal_signature(verdict: Verdict) -> None:
    """M6, NĐ30 Đ.32.2d."""
    found = readiness.unmet_for_sealing(file_verdict(verdict, finding("personal", verdict)))
    sound = verdict in {V.VALID, V.VALID_NO_TSA, V.INTACT}
    assert codes(found) == ([] if sound else ["registry.outgoing.bad-personal-signature"])


@pytest.mark.parametrize("signatures", [(), (finding("agency"),), (finding("unknown"),)])
def test_without_a_personal_signature_there_is_no_seal(signatures: tuple[SignatureFinding, ...]) -> None:
    found = readiness.unmet_for_sealing(file_verdict(V.VALID, *signatures))
    assert codes(found) == ["registry.outgoing.no-personal-signature"]


OPEN = RecipientFacts("H26.1", "Sở Một", True, "")
CLOSED = RecipientFacts("H26.2", "Quận Hai", False, "30/06/2025")


@pytest.mark.parametrize(
    ("named", "verdict", "missing"),
    [
        (["H26.1"], both(V.VALID), []),
        (["H26.1"], both(V.VALID_NO_TSA), []),
        ([], both(V.VALID), ["registry.outgoing.no-recipient"]),
        ([""], both(V.VALID), ["registry.outgoing.no-recipient"]),
        (["H26.2"], both(V.VALID), ["drafting.recipient.closed"]),
        (["H26.1"], None, ["registry.outgoing.not-both-signatures"]),
        (["H26.1"], file_verdict(V.VALID, finding("personal")), ["registry.outgoing.not-both-signatures"]),
        (["H26.1"], both(V.INVALID_INTEGRITY), ["registry.outgoing.not-both-signatures"]),
    ],
    ids=["M7", "no-tsa", "nobody", "outside-only", "M39-closed", "unchecked", "M7-one-only", "broken"],
)
def test_what_leaves_has_recipients_and_both_signatures(
    named: list[str], verdict: FileVerdict | None, missing: list[str]
) -> None:
    known = [facts for facts in (OPEN, CLOSED) if facts.code in named]
    assert codes(readiness.unmet_for_issuing(named=named, known=known, verdict=verdict)) == missing


D40_REFUSE = [V.INVALID_INTEGRITY, V.INVALID_CHAIN, V.REVOKED, V.EXPIRED_AT_SIGNING, V.WRONG_SUBJECT]
D40_CONSENT = [V.INDETERMINATE, V.MODIFIED_AFTER, V.VALID_NO_TSA]


@pytest.mark.parametrize("consent", [True, False])
@pytest.mark.parametrize("reference", [True, False])
@pytest.mark.parametrize("verdict", D40_REFUSE)
def test_what_must_be_returned_cannot_be_accepted_by_anything(
    verdict: Verdict, consent: bool, reference: bool
) -> None:
    """D40, NĐ30 Đ.21.2b."""
    facts = ArrivalFacts(both(verdict), False, consent, reference)
    assert codes(readiness.unmet_for_accepting(facts)) == ["registry.incoming.must-refuse"]


@pytest.mark.parametrize("verdict", D40_CONSENT)
def test_what_is_doubtful_needs_consent(verdict: Verdict) -> None:
    facts = ArrivalFacts(both(verdict), False, False, False)
    assert codes(readiness.unmet_for_accepting(facts)) == ["registry.incoming.consent-missing"]
    assert readiness.unmet_for_accepting(replace(facts, has_consent=True)) == ()


@pytest.mark.parametrize(
    "verdict",
    [file_verdict(V.UNSIGNED), file_verdict(V.UNREADABLE), file_verdict(V.VALID, finding("personal"))],
    ids=["unsigned", "unreadable", "M7-one-only"],
)
def test_what_is_no_original_is_taken_for_reference_only(verdict: FileVerdict) -> None:
    facts = ArrivalFacts(verdict, False, True, False)
    assert codes(readiness.unmet_for_accepting(facts)) == ["registry.incoming.not-an-original"]
    assert readiness.unmet_for_accepting(replace(facts, as_reference=True)) == ()


def test_nothing_is_accepted_before_it_is_checked() -> None:
    """M14."""
    facts = ArrivalFacts(None, False, True, True)
    assert codes(readiness.unmet_for_accepting(facts)) == ["registry.incoming.not-verified"]


def test_a_valid_document_and_a_scan_are_accepted_as_they_are() -> None:
    assert readiness.unmet_for_accepting(ArrivalFacts(both(V.VALID), False, False, False)) == ()
    assert readiness.unmet_for_accepting(ArrivalFacts(None, True, False, False)) == ()


@pytest.mark.parametrize(
    ("subject", "number", "twin", "missing"),
    [
        ("trích yếu", "5/SNV", None, []),
        (" ", "5/SNV", None, ["subject-missing"]),
        ("trích yếu", "", None, ["number-missing"]),
        ("trích yếu", "5/SNV", 12, ["duplicate"]),
        ("", " ", 12, ["subject-missing", "number-missing", "duplicate"]),
    ],
)
def test_a_registration_has_its_fields_and_is_no_duplicate(
    subject: str, number: str, twin: int | None, missing: list[str]
) -> None:
    """NĐ30 Đ.22, law.md b.1."""
    found = readiness.unmet_for_registering(subject=subject, full_number=number, duplicate_number=twin)
    assert codes(found) == [f"registry.incoming.{name}" for name in missing]


@pytest.mark.parametrize(("text", "ready"), [("Sai nơi nhận", True), ("", False), (" \t", False)])
def test_a_refusal_says_why(text: str, ready: bool) -> None:
    """M15."""
    assert (readiness.unmet_for_refusing(text) == ()) == ready
