"""The life of an issued letter: signed by a person, numbered, sealed by the agency."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest

from tests.signing.conftest import (
    CHECKED_AT,
    DATE,
    NUMBER,
    REVOKED_AT,
    SIGNED_AT,
    VALUES,
    Letter,
    Pki,
    agency_request,
    build_draft,
    check,
    personal_request,
    timestamps_of,
)
from vanthu.signing.backends import SigningFailed
from vanthu.signing.backends.increment import fill_text_fields
from vanthu.signing.backends.pkcs12 import Pkcs12Backend
from vanthu.signing.rules.acceptance import Acceptance, acceptance
from vanthu.signing.rules.verdicts import FileVerdict, Verdict
from vanthu.signing.trust.authority import DemoAuthority
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation import verify_isolated, verify_pdf


def test_an_issued_letter_is_valid_with_both_signatures(pki: Pki, letter: Letter) -> None:
    verdict = check(pki, letter.issued)
    person, agency = verdict.signatures
    assert verdict.verdict is Verdict.VALID
    assert (person.kind, person.verdict, person.modification) == ("personal", Verdict.VALID, "form")
    assert (agency.kind, agency.verdict, agency.coverage) == ("agency", Verdict.VALID, "ENTIRE_FILE")
    assert person.timestamp_at == SIGNED_AT
    assert acceptance(verdict) is Acceptance.OK


def test_the_signer_is_read_from_the_certificate(pki: Pki, letter: Letter) -> None:
    person, agency = check(pki, letter.issued).signatures
    assert person.signer.name == "Nguyễn Văn An"
    assert person.signer.ids == {"DEMO": "NV01"}
    assert person.signer.serial == f"{pki.person.serial:X}"
    assert agency.signer.ids == {"DEMO-CQ": "H26.99.1"}


def test_poppler_agrees_that_both_signatures_are_intact(letter: Letter, pdf_file: Path) -> None:
    program = shutil.which("pdfsig")
    assert program is not None, "poppler-utils is not installed"
    pdf_file.write_bytes(letter.issued)
    said = subprocess.run(
        [program, "-nocert", str(pdf_file)], capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature is Valid") == 2
    assert "Total document signed" in said


def test_every_stage_keeps_the_bytes_of_the_stage_before(letter: Letter) -> None:
    assert letter.personal.startswith(letter.draft)
    assert letter.filled.startswith(letter.personal)
    assert letter.issued.startswith(letter.filled)


def test_number_and_date_stand_in_read_only_fields(letter: Letter, pdf_file: Path) -> None:
    pdf_file.write_bytes(letter.issued)
    with pikepdf.open(pdf_file) as document:
        fields = {str(field.T): field for field in document.Root.AcroForm.Fields}
    assert str(fields["so_ky_hieu"].V) == NUMBER
    assert str(fields["ngay_ban_hanh"].V) == DATE
    assert all(int(fields[name].Ff) & 1 for name in VALUES)


def test_a_letter_signed_by_the_person_alone_is_for_reference_only(pki: Pki, letter: Letter) -> None:
    verdict = check(pki, letter.filled)
    assert verdict.verdict is Verdict.VALID
    assert acceptance(verdict) is Acceptance.REFERENCE_ONLY


def test_a_draft_is_unsigned(pki: Pki, letter: Letter) -> None:
    assert check(pki, letter.draft).verdict is Verdict.UNSIGNED


def test_without_a_trust_store_a_good_file_is_intact(letter: Letter) -> None:
    verdict = verify_pdf(letter.issued, trust=None, at=CHECKED_AT)
    assert verdict.verdict is Verdict.INTACT
    assert [finding.trusted for finding in verdict.signatures] == [None, None]


def test_a_signature_without_time_stamp_is_valid_with_a_warning(pki: Pki, letter: Letter) -> None:
    signed = pki.backend(pki.person).sign(letter.draft, personal_request(with_timestamp=False))
    verdict = check(pki, signed)
    assert verdict.verdict is Verdict.VALID_NO_TSA
    assert verdict.reasons == ("time.no-timestamp",)


def test_a_time_stamp_of_an_unknown_authority_does_not_count(
    pki: Pki, letter: Letter, impostor: DemoAuthority
) -> None:
    backend = Pkcs12Backend(pki.person.data, pki.person.passphrase, timestamps=timestamps_of(impostor))
    verdict = check(pki, backend.sign(letter.draft, personal_request()))
    assert verdict.verdict is Verdict.VALID_NO_TSA
    assert "time.timestamp-untrusted" in verdict.reasons
    assert verdict.signatures[0].timestamp_at is None


def test_without_revocation_lists_nothing_is_decided(pki: Pki, letter: Letter) -> None:
    blind = TrustStore(pki.trust.roots, pki.trust.intermediates, (), pki.trust.tsa_roots)
    verdict = check(pki, letter.issued, trust=blind)
    assert verdict.verdict is Verdict.INDETERMINATE
    assert verdict.reasons == ("revocation.no-data",)


def test_a_time_stamp_proves_a_signature_made_before_revocation(pki: Pki, letter: Letter) -> None:
    backend = pki.backend(pki.revoked)
    early = REVOKED_AT - timedelta(hours=1)
    stamped = backend.sign(letter.draft, personal_request(signed_at=early))
    claimed = backend.sign(letter.draft, personal_request(signed_at=early, with_timestamp=False))
    assert check(pki, stamped).verdict is Verdict.VALID
    assert check(pki, claimed).verdict is Verdict.INDETERMINATE


def test_a_certificate_that_has_lapsed_since_needs_a_time_stamp(pki: Pki, letter: Letter) -> None:
    backend = pki.backend(pki.expired)
    stamped = backend.sign(letter.draft, personal_request())
    claimed = backend.sign(letter.draft, personal_request(with_timestamp=False))
    assert check(pki, stamped).verdict is Verdict.VALID
    assert check(pki, claimed).verdict is Verdict.INDETERMINATE


def test_the_wrong_subject_is_found_only_when_a_directory_is_given(pki: Pki, letter: Letter) -> None:
    right = check(pki, letter.issued, expected_subjects={"agency": ["DEMO-CQ:H26.99.1"]})
    wrong = check(pki, letter.issued, expected_subjects={"agency": ["DEMO-CQ:H26.99.2"]})
    assert right.verdict is Verdict.VALID
    assert wrong.verdict is Verdict.WRONG_SUBJECT
    assert [finding.verdict for finding in wrong.signatures] == [Verdict.VALID, Verdict.WRONG_SUBJECT]


def test_a_person_cannot_pose_as_an_agency_by_the_name_of_the_field(pki: Pki, letter: Letter) -> None:
    twice = pki.backend(pki.person).sign(letter.filled, agency_request())
    verdict = check(pki, twice)
    assert [finding.kind for finding in verdict.signatures] == ["personal", "personal"]
    assert acceptance(verdict) is Acceptance.REFERENCE_ONLY


def test_a_child_process_reaches_the_same_verdict(pki: Pki, letter: Letter) -> None:
    there = verify_isolated(letter.issued, trust=pki.trust, at=CHECKED_AT, name="a.pdf")
    assert there == check(pki, letter.issued, name="a.pdf")


def test_a_child_without_memory_or_time_says_unreadable(pki: Pki, letter: Letter) -> None:
    late = verify_isolated(letter.issued, trust=pki.trust, at=CHECKED_AT, seconds=0.001)
    assert (late.verdict, late.reasons) == (Verdict.UNREADABLE, ("file.timed-out",))


def test_a_verdict_survives_json_with_the_evidence_it_rests_on(pki: Pki, letter: Letter) -> None:
    verdict = check(pki, letter.issued, name="a.pdf")
    assert FileVerdict.from_json(verdict.to_record()) == verdict
    assert all(finding.evidence for finding in verdict.signatures)
    assert FileVerdict.from_json(verdict.to_json()).verdict is verdict.verdict


@pytest.mark.parametrize(
    "values",
    [
        {"so_ky_hieu": NUMBER},
        VALUES | {"so_ky_hieu": "Số: 字/UBND"},
        VALUES | {"so_ky_hieu": "Số: " + "1" * 90},
        VALUES | {"khac": "x"},
    ],
    ids=["one-missing", "no-glyph", "too-wide", "third-field"],
)
def test_values_that_the_fields_cannot_show_are_refused(letter: Letter, values: dict[str, str]) -> None:
    with pytest.raises(SigningFailed, match=r"signing\.file\.cannot-fill"):
        fill_text_fields(letter.personal, values)


def test_filled_fields_are_not_filled_again(letter: Letter) -> None:
    with pytest.raises(SigningFailed, match=r"signing\.file\.cannot-fill"):
        fill_text_fields(letter.filled, VALUES)


def test_every_draft_is_signed_anew_with_its_own_appearance(pki: Pki) -> None:
    backend = pki.backend(pki.person)
    picture = personal_request()
    signed = [backend.sign(build_draft(), picture) for _ in range(2)]
    assert [check(pki, data).verdict for data in signed] == [Verdict.VALID, Verdict.VALID]
