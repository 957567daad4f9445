"""A key at a remote signing service: a real one over HTTP, honest and otherwise."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from tests.signing.backend_contract import SigningContract
from tests.signing.conftest import Letter, Pki, check, personal_request, timestamps_of
from tests.signing.csc_server import OTP, PASSWORD, PIN, USER, Credential, CscService, serving
from tests.signing.elsewhere import certified_device, rsa_device
from vanthu.signing.backends import SigningBackend, SigningFailed
from vanthu.signing.backends.csc import CscBackend, RemoteKey
from vanthu.signing.backends.csc_client import CscClient
from vanthu.signing.backends.csc_client import CscService as Address
from vanthu.signing.backends.timestamps import LocalTimestampAuthority
from vanthu.signing.rules.verdicts import Verdict

NAME = "khoa-ky-1"


@pytest.fixture(scope="module")
def running(pki: Pki) -> Iterator[CscService]:
    device = rsa_device(pki.person)
    assert isinstance(device.key, rsa.RSAPrivateKey)
    chain = [pki.person.certificate, pki.authority.chain[0]]
    other = certified_device(pki, rsa.generate_private_key(65537, 2048))
    assert isinstance(other.key, rsa.RSAPrivateKey)
    service = CscService(
        {NAME: Credential(device.key, chain)}, stranger=other.key, stranger_certificate=other.certificate
    )
    with serving(service) as started:
        yield started


@pytest.fixture
def service(running: CscService, pki: Pki) -> CscService:
    """The running service, forgetful of what other tests did to it."""
    running.mischief.clear()
    running.asked.clear()
    running.confirmed.clear()
    known = running.credentials[NAME]
    running.credentials[NAME] = Credential(known.key, known.certificates)
    return running


def client(service: CscService, *, seconds: float = 5.0, password: str = PASSWORD) -> CscClient:
    return CscClient(Address(service.url, USER, password, seconds))


def remote(
    service: CscService,
    pki: Pki,
    *,
    pin: str = PIN,
    otp: str = "",
    seconds: float = 5.0,
    password: str = PASSWORD,
) -> CscBackend:
    key = RemoteKey(NAME, pki.person.certificate, pin, otp)
    return CscBackend(
        client(service, seconds=seconds, password=password), key, timestamps=timestamps_of(pki.authority)
    )


class TestCscBackend(SigningContract):
    @pytest.fixture(autouse=True)
    def _service(self, service: CscService) -> None:
        self.service = service

    @pytest.fixture
    def backend(self, pki: Pki) -> SigningBackend:
        return self.open_backend(timestamps_of(pki.authority))

    def open_backend(self, timestamps: LocalTimestampAuthority | None) -> SigningBackend:
        return CscBackend(client(self.service), RemoteKey(NAME, pin=PIN), timestamps=timestamps)


def test_five_files_take_one_confirmation(service: CscService, pki: Pki, letter: Letter) -> None:
    files = [(letter.draft, personal_request(reason=f"Lần {number}")) for number in range(5)]
    signed = remote(service, pki).sign_all(files)
    assert [check(pki, pdf).verdict for pdf in signed] == [Verdict.VALID] * 5
    assert (len(service.calls("credentials/authorize")), len(service.calls("signatures/signHash"))) == (1, 1)
    assert service.calls("credentials/authorize")[0]["numSignatures"] == 5


def test_more_files_than_the_service_allows_are_refused_before_it_is_asked(
    service: CscService, pki: Pki, letter: Letter
) -> None:
    service.credentials[NAME].multisign = 2
    with pytest.raises(SigningFailed, match=r"signing\.csc\.too-many"):
        remote(service, pki).sign_all([(letter.draft, personal_request())] * 3)
    assert service.calls("credentials/authorize") == []


def test_a_code_from_the_telephone_is_passed_through(service: CscService, pki: Pki, letter: Letter) -> None:
    service.credentials[NAME].asks_otp = True
    assert client(service).credential(NAME).asks == ("pin", "otp")
    signed = remote(service, pki, otp=OTP).sign(letter.draft, personal_request())
    assert check(pki, signed).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("method", "mischief", "code"),
    [
        ("signatures/signHash", "wrong-hash", "signing.remote.wrong-signature"),
        ("signatures/signHash", "other-key", "signing.remote.wrong-signature"),
        ("credentials/info", "other-certificate", "signing.csc.wrong-certificate"),
        ("signatures/signHash", "one-short", "signing.csc.bad-answer"),
        ("signatures/signHash", "truncated", "signing.csc.bad-answer"),
        ("credentials/authorize", "truncated", "signing.csc.bad-answer"),
        ("signatures/signHash", "huge", "signing.csc.bad-answer"),
        ("signatures/signHash", "hang-up", "signing.csc.away"),
        ("signatures/signHash", "500", "signing.csc.away"),
        ("credentials/authorize", "503", "signing.csc.away"),
        ("signatures/signHash", "expired-sad", "signing.csc.sad-expired"),
        ("credentials/authorize", "error:access_denied:refused by the user", "signing.csc.cancelled"),
        ("credentials/authorize", "error:invalid_request:PIN is wrong", "signing.csc.pin-refused"),
        ("credentials/authorize", "error:invalid_request:Invalid parameter OTP", "signing.csc.otp-refused"),
        ("credentials/authorize", "error:unheard_of:whatever", "signing.csc.bad-answer"),
    ],
)
def test_a_service_that_misbehaves_signs_nothing_and_is_called_by_its_fault(
    service: CscService, pki: Pki, letter: Letter, method: str, mischief: str, code: str
) -> None:
    service.misbehave(method, mischief)
    with pytest.raises(SigningFailed) as refusal:
        remote(service, pki).sign(letter.draft, personal_request())
    assert refusal.value.code == code


def test_signatures_in_the_wrong_order_are_refused(service: CscService, pki: Pki, letter: Letter) -> None:
    service.misbehave("signatures/signHash", "swapped")
    files = [(letter.draft, personal_request(reason=f"Lần {number}")) for number in range(2)]
    with pytest.raises(SigningFailed, match=r"signing\.remote\.wrong-signature"):
        remote(service, pki).sign_all(files)


def test_a_service_that_is_late_does_not_hold_the_desk(service: CscService, pki: Pki, letter: Letter) -> None:
    service.misbehave("credentials/authorize", "late")
    with pytest.raises(SigningFailed, match=r"signing\.csc\.away"):
        remote(service, pki, seconds=0.4).sign(letter.draft, personal_request())
    assert len(service.calls("credentials/authorize")) == 1


def test_reading_is_tried_again_and_signing_never(service: CscService, pki: Pki, letter: Letter) -> None:
    service.misbehave("credentials/info", "500", "hang-up")
    remote(service, pki).sign(letter.draft, personal_request())
    assert len(service.calls("credentials/info")) == 3
    service.misbehave("signatures/signHash", "500")
    with pytest.raises(SigningFailed, match=r"signing\.csc\.away"):
        remote(service, pki).sign(letter.draft, personal_request())
    assert len(service.calls("signatures/signHash")) == 2


def test_a_lapsed_sign_in_is_renewed_once(service: CscService, pki: Pki, letter: Letter) -> None:
    service.misbehave("credentials/authorize", "401")
    signed = remote(service, pki).sign(letter.draft, personal_request())
    assert check(pki, signed).verdict is Verdict.VALID
    assert len(service.calls("auth/login")) == 2


def test_a_wrong_password_of_the_installation_is_said(service: CscService, pki: Pki, letter: Letter) -> None:
    with pytest.raises(SigningFailed, match=r"signing\.csc\.not-signed-in"):
        remote(service, pki, password="sai").sign(letter.draft, personal_request())


def test_a_wrong_pin_is_refused_counted_and_never_repeated(
    service: CscService, pki: Pki, letter: Letter
) -> None:
    for code in ("pin-refused", "pin-refused", "pin-locked"):
        with pytest.raises(SigningFailed, match=code) as refusal:
            remote(service, pki, pin="000001").sign(letter.draft, personal_request())
        assert "000001" not in repr(refusal.value.details)
    assert service.credentials[NAME].wrong_pins == 3


def test_the_services_own_words_are_dropped_for_they_may_quote_the_code(
    service: CscService, pki: Pki, letter: Letter
) -> None:
    service.credentials[NAME].asks_otp = True
    with pytest.raises(SigningFailed, match=r"signing\.csc\.otp-refused") as refusal:
        remote(service, pki, otp="111222").sign(letter.draft, personal_request())
    assert "111222" not in repr(refusal.value.details)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(("part", "status"), [("key_status", "disabled"), ("cert_status", "revoked")])
def test_a_key_that_was_disabled_is_not_used(
    service: CscService, pki: Pki, letter: Letter, part: str, status: str
) -> None:
    setattr(service.credentials[NAME], part, status)
    with pytest.raises(SigningFailed, match=r"signing\.csc\.credential-disabled"):
        remote(service, pki).sign(letter.draft, personal_request())


def test_secrets_stand_in_no_words(service: CscService, pki: Pki) -> None:
    words = repr(RemoteKey(NAME, pin=PIN, otp=OTP)) + repr(Address(service.url, USER, PASSWORD))
    assert PIN not in words
    assert OTP not in words
    assert PASSWORD not in words


def test_a_service_without_encryption_is_only_called_on_this_machine() -> None:
    with pytest.raises(SigningFailed, match=r"signing\.csc\.not-configured"):
        Address("http://sign.example/csc/v1")
    assert Address("https://sign.example/csc/v1").seconds > 0


def test_a_service_whose_certificate_nobody_vouches_for_is_not_spoken_to(
    service: CscService, pki: Pki, letter: Letter, tmp_path: Path
) -> None:
    stranger = certified_device(pki, rsa.generate_private_key(65537, 2048))
    certificate = load_der_x509_certificate(stranger.certificate)
    (tmp_path / "tls.pem").write_bytes(stranger.pem() + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "tls.pem")
    with serving(CscService(service.credentials), tls=context) as encrypted:
        with pytest.raises(SigningFailed, match=r"signing\.csc\.away"):
            remote(encrypted, pki).sign(letter.draft, personal_request())
        assert encrypted.asked == []


def test_what_the_service_offers_is_read(service: CscService) -> None:
    speaker = client(service)
    assert speaker.info()["specs"] == "1.0.4.0"
    assert speaker.credentials() == (NAME,)
    speaker.send_otp(NAME)
    assert service.calls("credentials/sendOTP") == [{"credentialID": NAME}]
