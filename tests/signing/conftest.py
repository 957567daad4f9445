"""A demonstration authority, three stages of one letter, and the people who sign it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typst

from tests.signing.softhsm import token_key
from vanthu.renditions.form_fields import add_number_and_date_fields
from vanthu.signing.backends import SignatureRequest
from vanthu.signing.backends.increment import fill_text_fields
from vanthu.signing.backends.pkcs12 import Pkcs12Backend
from vanthu.signing.backends.timestamps import LocalTimestampAuthority
from vanthu.signing.rules.verdicts import FileVerdict
from vanthu.signing.trust.authority import DemoAuthority, Pkcs12Bundle
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation import verify_pdf

__all__ = ["token_key"]

SIGNED_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CHECKED_AT = SIGNED_AT + timedelta(hours=4)
REVOKED_AT = SIGNED_AT + timedelta(hours=2)

NUMBER = "Số: 12/QĐ-UBND"
DATE = "Hà Nội, ngày 02 tháng 3 năm 2026"
VALUES = {"so_ky_hieu": NUMBER, "ngay_ban_hanh": DATE}

BODY_BOX = (80, 560, 300, 620)
PERSONAL_BOX = (380.25, 150, 480, 220)
SEAL_BOX = (310, 130, 410, 230)

LETTER = b"""#set page(width: 595pt, height: 842pt, margin: 0pt)
#place(dx: 72pt, dy: 240pt, text(size: 13pt)[Kinh phi: 1 000 000 dong, giao Phong Van hoa chu tri.])
#place(dx: 380pt, dy: 600pt, text(size: 13pt)[CHU TICH])
#place(dx: 380pt, dy: 700pt, text(size: 13pt)[Nguyen Van An])
"""
PICTURE = (
    b"#set page(width: 100pt, height: 100pt, margin: 0pt, fill: none)\n#circle(radius: 45pt, stroke: red)"
)


@dataclass(frozen=True)
class Pki:
    """The authority of a session with everybody whom it knows."""

    authority: DemoAuthority
    trust: TrustStore
    person: Pkcs12Bundle
    agency: Pkcs12Bundle
    revoked: Pkcs12Bundle
    expired: Pkcs12Bundle

    def backend(self, bundle: Pkcs12Bundle) -> Pkcs12Backend:
        stamps = timestamps_of(self.authority)
        return Pkcs12Backend(bundle.data, bundle.passphrase, timestamps=stamps)


@dataclass(frozen=True)
class Letter:
    """One letter in its four stages (bản thảo, đã ký, đã cấp số, đã phát hành)."""

    draft: bytes
    personal: bytes
    filled: bytes
    issued: bytes


def timestamps_of(authority: DemoAuthority) -> LocalTimestampAuthority:
    return LocalTimestampAuthority(*authority.tsa_pair(), chain=authority.chain)


def personal_request(**changes: object) -> SignatureRequest:
    values = {
        "field_name": "NguoiKy_1",
        "signed_at": SIGNED_AT,
        "signer_name": "Nguyễn Văn An",
        "reason": "Ký duyệt",
        "box": PERSONAL_BOX,
        "appearance": typst.compile(PICTURE),
    }
    return SignatureRequest(**(values | changes))  # type: ignore[arg-type]


def agency_request(**changes: object) -> SignatureRequest:
    values = {
        "field_name": "CoQuan_1",
        "signer_name": "UBND phường Trình Diễn",
        "reason": "Phát hành",
        "box": SEAL_BOX,
        "lock_fields": True,
    }
    return personal_request(**(values | changes))


def build_draft() -> bytes:
    boxes = {"number": (0, 60, 740, 260, 760), "date": (0, 300, 740, 540, 760)}
    return add_number_and_date_fields(typst.compile(LETTER, pdf_standards="a-2b"), boxes)


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    authority = DemoAuthority.create(tmp_path_factory.mktemp("pki"), SIGNED_AT)
    agency_name = "UBND phường Trình Diễn"
    person = authority.issue_person(code="NV01", name="Nguyễn Văn An", agency=agency_name, now=SIGNED_AT)
    agency = authority.issue_agency(code="H26.99.1", name=agency_name, now=SIGNED_AT)
    revoked = authority.issue_person(code="NV02", name="Trần Thị Thu Hồi", agency=agency_name, now=SIGNED_AT)
    expired = authority.issue_person(
        code="NV03", name="Lê Hết Hạn", agency=agency_name, now=SIGNED_AT, life=timedelta(hours=1)
    )
    authority.revoke(revoked.serial, REVOKED_AT)
    return Pki(authority, TrustStore.load(authority.directory), person, agency, revoked, expired)


@pytest.fixture(scope="session")
def letter(pki: Pki) -> Letter:
    draft = build_draft()
    personal = pki.backend(pki.person).sign(draft, personal_request())
    filled = fill_text_fields(personal, VALUES)
    return Letter(draft, personal, filled, pki.backend(pki.agency).sign(filled, agency_request()))


@pytest.fixture(scope="session")
def impostor(tmp_path_factory: pytest.TempPathFactory) -> DemoAuthority:
    """An authority with the same names as ours and other keys."""
    return DemoAuthority.create(tmp_path_factory.mktemp("impostor"), SIGNED_AT)


@pytest.fixture
def pdf_file(tmp_path: Path) -> Path:
    return tmp_path / "van-ban.pdf"


def check(pki: Pki, data: bytes, **changes: object) -> FileVerdict:
    return verify_pdf(data, **({"trust": pki.trust, "at": CHECKED_AT} | changes))  # type: ignore[arg-type]
