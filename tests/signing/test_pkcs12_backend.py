"""A key in a PKCS#12 file."""

import pytest

from tests.signing.backend_contract import SigningContract
from tests.signing.conftest import Letter, Pki, personal_request, timestamps_of
from vanthu.signing.backends import SigningBackend, SigningFailed
from vanthu.signing.backends.pkcs12 import Pkcs12Backend
from vanthu.signing.backends.timestamps import LocalTimestampAuthority


class TestPkcs12Backend(SigningContract):
    @pytest.fixture(autouse=True)
    def _bundle(self, pki: Pki) -> None:
        self.bundle = pki.person

    @pytest.fixture
    def backend(self, pki: Pki) -> SigningBackend:
        return self.open_backend(timestamps_of(pki.authority))

    def open_backend(self, timestamps: LocalTimestampAuthority | None) -> SigningBackend:
        return Pkcs12Backend(self.bundle.data, self.bundle.passphrase, timestamps=timestamps)


def test_a_wrong_passphrase_is_refused_and_never_repeated(pki: Pki) -> None:
    with pytest.raises(SigningFailed, match=r"signing\.key\.cannot-open") as refusal:
        Pkcs12Backend(pki.person.data, "mat-khau-sai")
    assert "mat-khau-sai" not in repr(refusal.value.details)
    assert refusal.value.__cause__ is None


def test_secrets_do_not_stand_in_the_bundles_words(pki: Pki) -> None:
    assert pki.person.passphrase not in repr(pki.person)


def test_one_backend_signs_many_files(pki: Pki, letter: Letter) -> None:
    backend = pki.backend(pki.person)
    signed = {backend.sign(letter.draft, personal_request(reason=f"Lần {number}")) for number in range(3)}
    assert len(signed) == 3
