"""Files as other programs make them: weak digests, archive time stamps, certificates alone."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import Signer, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.signing.conftest import SIGNED_AT, Letter, Pki, check, personal_request, timestamps_of
from tests.signing.tampering import summary
from vanthu.signing.backends.pades import PunctualSigner
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.trust.authority import CRL_LIFE, DemoAuthority
from vanthu.signing.trust.store import TrustStore, TrustStoreError
from vanthu.signing.waiting import wait_for


def signer_of(pki: Pki) -> Signer:
    """A program of other people, with the person's key and no chain."""
    signer = SimpleSigner.load_pkcs12_data(pki.person.data, (), pki.person.passphrase.encode())
    assert signer is not None
    return SimpleSigner(signer.signing_cert, signer.signing_key, SimpleCertificateStore())


def sign_with(pki: Pki, pdf: bytes, digest: str) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name="NguoiKy_1", md_algorithm=digest, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    )
    out = BytesIO()
    signer = PunctualSigner(metadata, signer_of(pki), request=personal_request())
    # A browser test before this one leaves its event loop running: the plain call would refuse to start.
    wait_for(signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out))
    return out.getvalue()


def test_a_sha1_signature_is_weak(pki: Pki, letter: Letter) -> None:
    verdict = check(pki, sign_with(pki, letter.draft, "sha1"))
    assert verdict.verdict is Verdict.WEAK_ALGORITHM, summary(verdict)


def test_a_signature_that_carries_only_its_own_certificate_finds_its_chain(pki: Pki, letter: Letter) -> None:
    verdict = check(pki, sign_with(pki, letter.draft, "sha256"))
    assert verdict.verdict is Verdict.VALID_NO_TSA, summary(verdict)


def test_an_archive_time_stamp_after_the_seal_changes_nothing(pki: Pki, letter: Letter) -> None:
    out = BytesIO()
    stamper = PdfTimeStamper(timestamps_of(pki.authority).stamper_at(SIGNED_AT + timedelta(hours=1)))
    wait_for(
        stamper.async_timestamp_pdf(IncrementalPdfFileWriter(BytesIO(letter.issued)), "sha256", output=out)
    )
    verdict = check(pki, out.getvalue())
    assert verdict.verdict is Verdict.VALID, summary(verdict)
    assert [finding.kind for finding in verdict.signatures] == ["personal", "agency", "timestamp"]
    assert verdict.signatures[1].modification == "lta"


def test_a_trust_folder_without_roots_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrustStoreError, match="không có chứng thư gốc"):
        TrustStore.load(tmp_path)


def test_a_broken_file_in_the_trust_folder_is_named(pki: Pki, tmp_path: Path) -> None:
    (tmp_path / "goc.crt").write_bytes(b"rac")
    with pytest.raises(TrustStoreError, match=r"goc\.crt"):
        TrustStore.load(tmp_path)


def test_the_store_trusts_authorities_only(pki: Pki) -> None:
    assert (len(pki.trust.roots), len(pki.trust.intermediates), len(pki.trust.crls)) == (1, 1, 2)


def test_an_authority_is_the_same_when_opened_again(pki: Pki) -> None:
    again = DemoAuthority.open(pki.authority.directory)
    assert again.chain == pki.authority.chain
    assert again.passphrase == pki.authority.passphrase


def test_keys_and_passphrase_are_for_the_owner_alone(pki: Pki) -> None:
    secrets = [*pki.authority.directory.glob("ca/*.key"), pki.authority.directory / "passphrase"]
    assert len(secrets) == 4
    assert {file.stat().st_mode & 0o777 for file in secrets} == {0o600}


def test_lists_that_lapse_soon_are_published_anew(impostor: DemoAuthority) -> None:
    before = impostor.crls(SIGNED_AT + timedelta(days=1))
    after = impostor.crls(SIGNED_AT + CRL_LIFE)
    assert before != after
    assert impostor.crls(SIGNED_AT + CRL_LIFE) == after


def test_every_certificate_says_that_it_has_no_legal_value(pki: Pki) -> None:
    certificate = x509.Certificate.load(pki.agency.certificate)
    assert "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in certificate.subject.native["organizational_unit_name"]
    assert certificate.subject.native["user_id"] == "DEMO-CQ:H26.99.1"
