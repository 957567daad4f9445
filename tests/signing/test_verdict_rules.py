"""The order of verdicts, and what they allow."""

from datetime import UTC, datetime

import pytest

from vanthu.signing.rules.acceptance import MUST_REFUSE, Acceptance, acceptance, is_sound
from vanthu.signing.rules.sentences import (
    ACCEPTANCE_TEXT,
    KIND_TEXT,
    MODIFICATION_TEXT,
    REASON_TEXT,
    REVOCATION_TEXT,
    VERDICT_TEXT,
    axis_sentences,
)
from vanthu.signing.rules.verdicts import FileVerdict, SignatureFinding, SignerIdentity, Verdict, worst

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def finding(kind: str, verdict: Verdict) -> SignatureFinding:
    return SignatureFinding(
        field="NguoiKy_1" if kind == "personal" else "CoQuan_1",
        kind=kind,  # type: ignore[arg-type]
        signer=SignerIdentity("Nguyễn Văn An", "UBND phường Trình Diễn", {"DEMO": "NV01"}, "0A"),
        verdict=verdict,
        integrity=True,
        coverage="ENTIRE_FILE",
        modification="none",
        trusted=True,
        revocation="good",
        signed_at=AT,
        timestamp_at=None,
        algorithm="sha256 rsassa_pkcs1v15 rsa-2048",
        reasons=("time.no-timestamp",),
    )


def file_with(personal: Verdict | None, agency: Verdict | None) -> FileVerdict:
    pairs = (("personal", personal), ("agency", agency))
    found = tuple(finding(kind, verdict) for kind, verdict in pairs if verdict is not None)
    return FileVerdict("a.pdf", "00", worst(item.verdict for item in found), found, (), AT, "vanthu-1")


def test_a_file_without_signatures_is_unsigned() -> None:
    assert worst([]) is Verdict.UNSIGNED


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.VALID, Verdict.VALID_NO_TSA], Verdict.VALID_NO_TSA),
        ([Verdict.VALID_NO_TSA, Verdict.INDETERMINATE], Verdict.INDETERMINATE),
        ([Verdict.REVOKED, Verdict.MODIFIED_AFTER], Verdict.REVOKED),
        ([Verdict.INVALID_CHAIN, Verdict.INVALID_INTEGRITY], Verdict.INVALID_INTEGRITY),
    ],
)
def test_the_gravest_verdict_speaks_for_the_file(verdicts: list[Verdict], expected: Verdict) -> None:
    assert worst(verdicts) is expected
    assert worst(reversed(verdicts)) is expected


def test_what_must_be_refused_is_graver_than_what_may_be_accepted() -> None:
    order = list(Verdict)
    refusable = [order.index(verdict) for verdict in MUST_REFUSE]
    others = [
        order.index(verdict) for verdict in Verdict if verdict not in MUST_REFUSE | {Verdict.UNREADABLE}
    ]
    assert min(refusable) > max(others)


@pytest.mark.parametrize(
    ("personal", "agency", "expected"),
    [
        (Verdict.VALID, Verdict.VALID, Acceptance.OK),
        (Verdict.VALID, None, Acceptance.REFERENCE_ONLY),
        (None, Verdict.VALID, Acceptance.REFERENCE_ONLY),
        (None, None, Acceptance.REFERENCE_ONLY),
        (Verdict.VALID, Verdict.VALID_NO_TSA, Acceptance.NEEDS_CONSENT),
        (Verdict.INTACT, Verdict.INTACT, Acceptance.NEEDS_CONSENT),
        (Verdict.INDETERMINATE, Verdict.VALID, Acceptance.NEEDS_CONSENT),
        (Verdict.MODIFIED_AFTER, Verdict.VALID, Acceptance.NEEDS_CONSENT),
        (Verdict.WEAK_ALGORITHM, Verdict.VALID, Acceptance.NEEDS_CONSENT),
        (Verdict.WEAK_ALGORITHM, None, Acceptance.REFERENCE_ONLY),
        *((verdict, Verdict.VALID, Acceptance.MUST_REFUSE) for verdict in sorted(MUST_REFUSE)),
        *((verdict, None, Acceptance.MUST_REFUSE) for verdict in sorted(MUST_REFUSE)),
    ],
)
def test_acceptance_follows_the_decision(
    personal: Verdict | None, agency: Verdict | None, expected: Acceptance
) -> None:
    assert acceptance(file_with(personal, agency)) is expected


def test_an_unreadable_file_counts_as_an_unsigned_one() -> None:
    unreadable = FileVerdict("a.pdf", "00", Verdict.UNREADABLE, (), ("file.not-a-pdf",), AT, "vanthu-1")
    assert acceptance(unreadable) is Acceptance.REFERENCE_ONLY


def test_only_three_verdicts_end_with_success() -> None:
    assert {verdict for verdict in Verdict if is_sound(verdict)} == {
        Verdict.VALID,
        Verdict.VALID_NO_TSA,
        Verdict.INTACT,
    }


def test_the_json_has_the_agreed_shape() -> None:
    data = file_with(Verdict.VALID_NO_TSA, None).to_json()
    assert list(data) == ["file", "sha256", "verdict", "signatures", "reasons", "checked_at", "policy"]
    assert list(data["signatures"][0]) == [
        *("field", "kind", "signer", "verdict", "integrity", "coverage", "modification", "trusted"),
        *("revocation", "signed_at", "timestamp_at", "algorithm", "reasons"),
    ]
    assert data["signatures"][0]["signer"] == {
        "name": "Nguyễn Văn An",
        "organisation": "UBND phường Trình Diễn",
        "ids": {"DEMO": "NV01"},
        "serial": "0A",
    }


def test_json_is_read_back_as_written() -> None:
    verdict = file_with(Verdict.VALID_NO_TSA, Verdict.VALID)
    assert FileVerdict.from_json(verdict.to_json()) == verdict


def test_every_word_has_its_sentence() -> None:
    assert set(VERDICT_TEXT) == set(Verdict)
    assert set(ACCEPTANCE_TEXT) == set(Acceptance)
    assert set(KIND_TEXT) == {"personal", "agency", "timestamp", "unknown"}
    assert set(MODIFICATION_TEXT) == {"none", "lta", "form", "annotations", "other"}
    assert set(REVOCATION_TEXT) == {"good", "revoked", "unknown"}


def test_each_axis_is_said_in_a_sentence() -> None:
    sentences = axis_sentences(finding("personal", Verdict.VALID_NO_TSA))
    assert len(sentences) == 8
    assert sentences[-1] == REASON_TEXT["time.no-timestamp"]
    assert all(sentence.endswith(".") for sentence in sentences)
