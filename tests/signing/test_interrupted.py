"""A signature in two halves, with a key that lies elsewhere."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.signing.backend_contract import SigningContract
from tests.signing.conftest import (
    SIGNED_AT,
    Letter,
    Pki,
    agency_request,
    check,
    personal_request,
    timestamps_of,
)
from tests.signing.elsewhere import (
    Device,
    ElsewhereBackend,
    certified_device,
    p256_device,
    rsa_device,
)
from vanthu.signing.backends import SigningBackend, SigningFailed
from vanthu.signing.backends.interrupted import Prepared, complete, prepare
from vanthu.signing.backends.timestamps import LocalTimestampAuthority
from vanthu.signing.rules.verdicts import Verdict


class TestRsaElsewhere(SigningContract):
    @pytest.fixture(autouse=True)
    def _device(self, pki: Pki) -> None:
        self.device, self.chain = rsa_device(pki.person), pki.authority.chain[:1]

    @pytest.fixture
    def backend(self, pki: Pki) -> SigningBackend:
        return self.open_backend(timestamps_of(pki.authority))

    def open_backend(self, timestamps: LocalTimestampAuthority | None) -> SigningBackend:
        return ElsewhereBackend(self.device, self.chain, timestamps)


class TestP256Elsewhere(TestRsaElsewhere):
    @pytest.fixture(autouse=True)
    def _device(self, pki: Pki) -> None:
        self.device, self.chain = p256_device(pki), pki.authority.chain[:1]


class TestP256CardElsewhere(TestP256Elsewhere):
    def open_backend(self, timestamps: LocalTimestampAuthority | None) -> SigningBackend:
        return ElsewhereBackend(self.device, self.chain, timestamps, "sign_hash_as_a_card_does")


@pytest.fixture(params=["rsa", "p256"])
def device(request: pytest.FixtureRequest, pki: Pki) -> Device:
    return rsa_device(pki.person) if request.param == "rsa" else p256_device(pki)


def prepared_letter(device: Device, pki: Pki, pdf: bytes, **changes: object) -> Prepared:
    request = personal_request(**changes)
    return prepare(pdf, request, certificate=device.certificate, chain=pki.authority.chain[:1])


def finish(prepared: Prepared, signature: bytes, pki: Pki) -> bytes:
    return complete(prepared, signature, timestamps=timestamps_of(pki.authority), stamped_at=SIGNED_AT)


def test_the_signature_of_another_key_is_refused(device: Device, pki: Pki, letter: Letter) -> None:
    prepared = prepared_letter(device, pki, letter.draft)
    stranger = certified_device(
        pki, rsa.generate_private_key(65537, 2048) if prepared.algorithm == "rsa" else _new_p256()
    )
    with pytest.raises(SigningFailed, match=r"signing\.remote\.wrong-signature"):
        finish(prepared, stranger.sign_hash(prepared.digest), pki)


def _new_p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def test_the_signature_of_another_hash_is_refused(device: Device, pki: Pki, letter: Letter) -> None:
    prepared = prepared_letter(device, pki, letter.draft)
    with pytest.raises(SigningFailed, match=r"signing\.remote\.wrong-signature"):
        finish(prepared, device.sign_hash(bytes(32)), pki)


@pytest.mark.parametrize("junk", [b"", b"\x00" * 64, b"\x00" * 256, b"khong phai chu ky", b"\xff" * 9000])
def test_junk_instead_of_a_signature_is_refused(
    device: Device, pki: Pki, letter: Letter, junk: bytes
) -> None:
    with pytest.raises(SigningFailed, match=r"signing\.remote\.wrong-signature"):
        finish(prepared_letter(device, pki, letter.draft), junk, pki)


def test_a_prepared_file_that_was_changed_meanwhile_is_refused(
    device: Device, pki: Pki, letter: Letter
) -> None:
    prepared = prepared_letter(device, pki, letter.draft)
    changed = prepared.pdf.replace(b"/Reason", b"/Raeson", 1)
    assert changed != prepared.pdf
    with pytest.raises(SigningFailed, match=r"signing\.remote\.wrong-file"):
        Prepared.from_json(changed, prepared.to_json())


def test_a_short_key_is_not_asked_to_sign(pki: Pki, letter: Letter) -> None:
    weak = certified_device(pki, rsa.generate_private_key(65537, 1024))
    with pytest.raises(SigningFailed, match=r"signing\.key\.unsuitable"):
        prepared_letter(weak, pki, letter.draft)


def test_what_is_no_certificate_is_refused(letter: Letter) -> None:
    with pytest.raises(SigningFailed, match=r"signing\.key\.unsuitable"):
        prepare(letter.draft, personal_request(), certificate=b"khong phai chung thu")


def test_the_prepared_file_contains_no_signature_yet(device: Device, pki: Pki, letter: Letter) -> None:
    prepared = prepared_letter(device, pki, letter.draft)
    start, end = prepared.region
    assert set(prepared.pdf[start + 1 : end - 1]) == {ord("0")}
    assert check(pki, prepared.pdf).verdict not in {Verdict.VALID, Verdict.VALID_NO_TSA, Verdict.INTACT}


def test_completing_twice_makes_the_same_document_signature(device: Device, pki: Pki, letter: Letter) -> None:
    prepared = prepared_letter(device, pki, letter.draft, with_timestamp=False)
    signature = device.sign_hash(prepared.digest)
    assert finish(prepared, signature, pki) == finish(prepared, signature, pki)


def test_an_agencys_seal_made_elsewhere_completes_an_issued_letter(pki: Pki, letter: Letter) -> None:
    seal = ElsewhereBackend(rsa_device(pki.agency), pki.authority.chain[:1], timestamps_of(pki.authority))
    verdict = check(pki, seal.sign(letter.filled, agency_request()))
    assert [finding.kind for finding in verdict.signatures] == ["personal", "agency"]
    assert verdict.verdict is Verdict.VALID


PREPARE = """
import json, sys
from datetime import datetime
from pathlib import Path
from vanthu.signing.backends import SignatureRequest
from vanthu.signing.backends.interrupted import prepare
folder, at = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
request = SignatureRequest("NguoiKy_1", at, "Nguyễn Văn An", with_timestamp=False)
prepared = prepare((folder / "draft.pdf").read_bytes(), request, certificate=(folder / "cert.der").read_bytes())
(folder / "prepared.pdf").write_bytes(prepared.pdf)
(folder / "state.json").write_text(json.dumps(prepared.to_json()))
(folder / "tbs.der").write_bytes(prepared.to_be_signed)
"""
COMPLETE = """
import json, sys
from datetime import datetime
from pathlib import Path
from vanthu.signing.backends.interrupted import Prepared, complete
folder, at = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
state = json.loads((folder / "state.json").read_text())
prepared = Prepared.from_json((folder / "prepared.pdf").read_bytes(), state)
signed = complete(prepared, (folder / "raw.sig").read_bytes(), timestamps=None, stamped_at=at)
(folder / "signed.pdf").write_bytes(signed)
"""


def test_three_processes_make_one_signature(device: Device, pki: Pki, letter: Letter, tmp_path: Path) -> None:
    (tmp_path / "draft.pdf").write_bytes(letter.draft)
    (tmp_path / "cert.der").write_bytes(device.certificate)
    (tmp_path / "key.pem").write_bytes(device.pem())
    files = [str(tmp_path / name) for name in ("key.pem", "raw.sig", "tbs.der")]
    key, out, tbs = files
    here = [str(tmp_path), SIGNED_AT.isoformat()]
    for command in (
        [sys.executable, "-c", PREPARE, *here],
        ["openssl", "dgst", "-sha256", "-sign", key, "-out", out, tbs],
        [sys.executable, "-c", COMPLETE, *here],
    ):
        subprocess.run(command, check=True, capture_output=True)
    signed = (tmp_path / "signed.pdf").read_bytes()
    assert signed.startswith(letter.draft)
    trust = check(pki, signed)
    finding = trust.signatures[0]
    assert (finding.integrity, finding.signer.name, finding.coverage) == (
        True,
        "Nguyễn Văn An",
        "ENTIRE_FILE",
    )
    assert trust.verdict is Verdict.VALID_NO_TSA
    assert json.loads((tmp_path / "state.json").read_text())["with_timestamp"] is False
