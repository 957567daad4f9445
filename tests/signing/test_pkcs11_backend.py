"""A key in a token: a real PKCS#11 module (SoftHSM2) with a token of its own."""

import pytest

from tests.signing.backend_contract import SigningContract
from tests.signing.conftest import Letter, Pki, personal_request, timestamps_of
from tests.signing.softhsm import LABEL, PIN
from vanthu.signing.backends import SigningBackend, SigningFailed
from vanthu.signing.backends.pkcs11 import Pkcs11Backend, TokenKey
from vanthu.signing.backends.timestamps import LocalTimestampAuthority


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
