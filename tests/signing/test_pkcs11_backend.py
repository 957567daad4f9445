"""A key in a token: a real PKCS#11 module (SoftHSM2) with a token of its own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pkcs11.util.x509 import decode_x509_certificate

from tests.signing.backend_contract import SigningContract
from tests.signing.conftest import Letter, Pki, personal_request, timestamps_of
from vanthu.signing.backends import SigningBackend, SigningFailed
from vanthu.signing.backends.pkcs11 import Pkcs11Backend, TokenKey
from vanthu.signing.backends.timestamps import LocalTimestampAuthority

PIN = "731946"
LABEL = "ky-duyet"
LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


@pytest.fixture(scope="session")
def token_key(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenKey]:
    library = next((path for path in LIBRARIES if Path(path).exists()), None)
    if library is None or shutil.which("softhsm2-util") is None:
        pytest.skip("no SoftHSM2 here: run scripts/system-packages")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n", encoding="ascii"
    )
    # The module reads this when it is loaded; later is too late.
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    key = TokenKey(library, "vanthu-thu", LABEL, PIN)
    _fill_token(key, pki, folder)
    yield key
    os.environ.pop("SOFTHSM2_CONF", None)


def _fill_token(key: TokenKey, pki: Pki, folder: Path) -> None:
    private, certificate, _ = pkcs12.load_key_and_certificates(
        pki.person.data, pki.person.passphrase.encode()
    )
    assert private is not None
    assert certificate is not None
    file = folder / "key.pem"
    file.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    _softhsm("--init-token", "--free", "--label", key.token_label, "--so-pin", "84629173", "--pin", PIN)
    _softhsm("--import", str(file), "--token", key.token_label, "--label", LABEL, "--id", "01", "--pin", PIN)
    file.unlink()
    token = pkcs11.lib(key.library).get_token(token_label=key.token_label)
    with token.open(rw=True, user_pin=PIN) as session:
        attributes = decode_x509_certificate(pki.person.certificate)
        attributes[pkcs11.Attribute.TOKEN] = True
        attributes[pkcs11.Attribute.LABEL] = LABEL
        session.create_object(attributes)


def _softhsm(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


class TestPkcs11Backend(SigningContract):
    @pytest.fixture(autouse=True)
    def _token(self, token_key: TokenKey, pki: Pki) -> None:
        self.key, self.chain = token_key, pki.authority.chain[:1]

    @pytest.fixture
    def backend(self, pki: Pki) -> SigningBackend:
        return self.open_backend(timestamps_of(pki.authority))

    def open_backend(self, timestamps: LocalTimestampAuthority | None) -> SigningBackend:
        return Pkcs11Backend(self.key, chain=self.chain, timestamps=timestamps)


def test_a_wrong_pin_is_refused_and_never_repeated(token_key: TokenKey, letter: Letter) -> None:
    backend = Pkcs11Backend(TokenKey(token_key.library, token_key.token_label, LABEL, "000001"))
    with pytest.raises(SigningFailed, match=r"signing\.token\.pin-refused") as refusal:
        backend.sign(letter.draft, personal_request(with_timestamp=False))
    assert "000001" not in repr(refusal.value.details)


def test_a_token_that_is_not_there_is_named_so(token_key: TokenKey) -> None:
    backend = Pkcs11Backend(TokenKey(token_key.library, "khong-co", LABEL, PIN))
    with pytest.raises(SigningFailed, match=r"signing\.token\.not-found"):
        backend.certificate()


def test_a_key_that_is_not_on_the_token_is_refused(token_key: TokenKey) -> None:
    backend = Pkcs11Backend(TokenKey(token_key.library, token_key.token_label, "nhan-khac", PIN))
    with pytest.raises(SigningFailed, match=r"signing\.token\.failed"):
        backend.certificate()


def test_the_pin_does_not_stand_in_the_keys_words(token_key: TokenKey) -> None:
    assert PIN not in repr(token_key)
