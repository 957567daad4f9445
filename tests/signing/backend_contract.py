"""What every signing backend must do, wherever its key lies."""

from io import BytesIO
from typing import Any

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.signing.conftest import SIGNED_AT, Letter, Pki, agency_request, check, personal_request
from vanthu.signing.backends import SigningBackend, SigningFailed
from vanthu.signing.backends.timestamps import LocalTimestampAuthority
from vanthu.signing.field_text import FIELD_NAMES
from vanthu.signing.rules.verdicts import Verdict


class SigningContract:
    """Subclasses provide `backend`, and `open_backend(timestamps)` to make another."""

    @pytest.fixture
    def backend(self) -> SigningBackend:
        raise NotImplementedError

    def test_the_certificate_is_the_signers(self, backend: SigningBackend) -> None:
        certificate = x509.Certificate.load(backend.certificate())
        assert certificate.subject.native["common_name"] == "Nguyễn Văn An"

    def test_a_signature_is_valid_and_stamped(
        self, backend: SigningBackend, pki: Pki, letter: Letter
    ) -> None:
        verdict = check(pki, backend.sign(letter.draft, personal_request()))
        assert verdict.verdict is Verdict.VALID
        assert verdict.signatures[0].timestamp_at == SIGNED_AT

    def test_the_old_bytes_remain_the_prefix(self, backend: SigningBackend, letter: Letter) -> None:
        assert backend.sign(letter.draft, personal_request()).startswith(letter.draft)

    def test_the_declared_time_is_the_given_one(
        self, backend: SigningBackend, pki: Pki, letter: Letter
    ) -> None:
        verdict = check(pki, backend.sign(letter.draft, personal_request(with_timestamp=False)))
        assert verdict.signatures[0].signed_at == SIGNED_AT

    def test_the_signature_stands_in_its_box(self, backend: SigningBackend, letter: Letter) -> None:
        field = self._field(backend.sign(letter.draft, personal_request()), "NguoiKy_1")
        assert [float(value) for value in field["/Rect"]] == [380.25, 150, 480, 220]
        assert field["/V"]["/SubFilter"] == "/ETSI.CAdES.detached"
        assert field["/V"]["/Reason"] == "Ký duyệt"

    def test_without_an_appearance_the_signature_is_invisible(
        self, backend: SigningBackend, letter: Letter
    ) -> None:
        signed = backend.sign(letter.draft, personal_request(appearance=None))
        assert [float(value) for value in self._field(signed, "NguoiKy_1")["/Rect"]] == [0, 0, 0, 0]

    def test_the_seal_locks_every_field(self, backend: SigningBackend, letter: Letter) -> None:
        field = self._field(backend.sign(letter.filled, agency_request()), "CoQuan_1")
        lock = field["/Lock"]
        assert lock["/Action"] == "/Include"
        assert {str(name) for name in lock["/Fields"]} == {*FIELD_NAMES, "NguoiKy_1", "CoQuan_1"}

    def test_a_personal_signature_certifies_nothing(self, backend: SigningBackend, letter: Letter) -> None:
        assert b"/DocMDP" not in backend.sign(letter.draft, personal_request())

    def test_a_signed_field_is_not_signed_again(self, backend: SigningBackend, letter: Letter) -> None:
        with pytest.raises(SigningFailed, match=r"signing\.file\.cannot-sign"):
            backend.sign(letter.personal, personal_request())

    def test_what_is_not_a_pdf_is_refused(self, backend: SigningBackend) -> None:
        with pytest.raises(SigningFailed, match=r"signing\.file\.cannot-sign"):
            backend.sign(b"khong phai PDF", personal_request())

    def test_a_time_stamp_without_an_authority_is_refused(self, letter: Letter) -> None:
        with pytest.raises(SigningFailed, match=r"signing\.file\.cannot-sign"):
            self.open_backend(None).sign(letter.draft, personal_request())

    def open_backend(self, timestamps: LocalTimestampAuthority | None) -> SigningBackend:
        raise NotImplementedError

    @staticmethod
    def _field(pdf: bytes, name: str) -> Any:
        form = PdfFileReader(BytesIO(pdf)).root["/AcroForm"]
        fields = (item.get_object() for item in form["/Fields"])
        return next(field for field in fields if field["/T"] == name)
