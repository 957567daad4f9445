"""Levels of a signed file, and their life over years: time stamps that lapse, renewals that take over in time."""

import pickle
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper

from tests.signing.conftest import SIGNED_AT, VALUES, Letter, Pki, agency_request, personal_request
from tests.signing.tsa_server import StampKey, StampRoot
from vanthu.signing.backends import SigningFailed
from vanthu.signing.backends.authorities import TimestampUnavailable
from vanthu.signing.backends.increment import fill_text_fields
from vanthu.signing.backends.levels import protection_of, raise_level, renew
from vanthu.signing.backends.pkcs12 import Pkcs12Backend
from vanthu.signing.backends.timestamps import RemoteTimestamps
from vanthu.signing.rules.levels import Level
from vanthu.signing.rules.verdicts import FileVerdict, Verdict
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation import verify_pdf

YEAR = timedelta(days=365)
ROOT = Path(__file__).parents[2]


@dataclass
class Century:
    """Time-stamping authorities one after the other, each for four years, and what they and we know at a moment."""

    pki: Pki
    root: StampRoot = field(default_factory=lambda: StampRoot(SIGNED_AT - YEAR))
    keys: dict[int, StampKey] = field(default_factory=dict)

    def key_at(self, moment: datetime) -> StampKey:
        turn = (moment - SIGNED_AT) // (3 * YEAR)
        since = SIGNED_AT + turn * 3 * YEAR - timedelta(days=30)
        if turn not in self.keys:
            self.keys[turn] = self.root.authority(since, since + 4 * YEAR)
        return self.keys[turn]

    def source(self) -> RemoteTimestamps:
        def ask(digest: bytes, moment: datetime) -> bytes:
            token: bytes = self.key_at(moment).token(digest, at=moment).dump()
            return token

        return RemoteTimestamps(ask, required=True)

    def trust(self, moment: datetime, *, lists: bool = True) -> TrustStore:
        """What an installation holds at that moment; the authority of people has closed after three years."""
        authority = self.pki.authority
        early = moment < SIGNED_AT + 3 * YEAR
        people = authority.crls(SIGNED_AT) if early else ()
        crls = (*people, self.root.crl(moment)) if lists else ()
        root = authority.chain[1]
        return TrustStore((root,), (authority.chain[0],), crls, (self.root.der,))

    def sign(self, letter: Letter, *, stamped: bool = True) -> bytes:
        def backend(bundle: object) -> Pkcs12Backend:
            return Pkcs12Backend(bundle.data, bundle.passphrase, timestamps=self.source())  # type: ignore[attr-defined]

        personal = backend(self.pki.person).sign(letter.draft, personal_request(with_timestamp=stamped))
        filled = fill_text_fields(personal, VALUES)
        return backend(self.pki.agency).sign(filled, agency_request(with_timestamp=stamped))

    def check(self, pdf: bytes, moment: datetime, *, lists: bool = True) -> FileVerdict:
        return verify_pdf(pdf, trust=self.trust(moment, lists=lists), at=moment)


@pytest.fixture(scope="module")
def century(pki: Pki) -> Century:
    return Century(pki)


@pytest.fixture(scope="module")
def issued(century: Century, letter: Letter) -> bytes:
    return century.sign(letter)


@pytest.fixture(scope="module")
def bare(century: Century, letter: Letter) -> bytes:
    """Issued while no authority answered."""
    return century.sign(letter, stamped=False)


def raised(century: Century, pdf: bytes, target: Level, at: datetime) -> bytes:
    found = raise_level(pdf, target=target, trust=century.trust(at), timestamps=century.source(), now=at)
    assert found.pdf.startswith(pdf)
    return found.pdf


def renewed(century: Century, pdf: bytes, at: datetime) -> bytes:
    found = renew(pdf, trust=century.trust(at), timestamps=century.source(), now=at)
    assert found.pdf.startswith(pdf)
    return found.pdf


DAY_AFTER = SIGNED_AT + timedelta(days=1)


def qpdf_is_content(pdf: bytes, file: Path) -> bool:
    program = shutil.which("qpdf")
    assert program is not None, "qpdf is not installed"
    file.write_bytes(pdf)
    said = subprocess.run([program, "--check", str(file)], capture_output=True, text=True, check=False)
    return said.returncode == 0 and "No syntax or stream encoding errors" in said.stdout


@pytest.mark.parametrize("target", [Level.B_LT, Level.B_LTA])
def test_the_issued_file_remains_the_prefix_and_the_rendition_is_valid(
    century: Century, issued: bytes, target: Level, tmp_path: Path
) -> None:
    kept = raised(century, issued, target, DAY_AFTER)
    verdict = century.check(kept, DAY_AFTER)
    assert verdict.verdict is Verdict.VALID, verdict.reasons
    assert [finding.kind for finding in verdict.signatures[:2]] == ["personal", "agency"]
    assert verdict.signatures[0].modification == "form"
    assert verdict.signatures[1].modification == "lta"
    assert protection_of(kept, trust=century.trust(DAY_AFTER), now=DAY_AFTER).level is target
    assert qpdf_is_content(kept, tmp_path / "kept.pdf")


def test_the_levels_of_a_file_are_told_apart(century: Century, issued: bytes, bare: bytes) -> None:
    def level(pdf: bytes) -> Level:
        return protection_of(pdf, trust=century.trust(DAY_AFTER), now=DAY_AFTER).level

    assert (level(bare), level(issued)) == (Level.B_B, Level.B_T)


def test_protection_ends_with_the_certificate_of_the_newest_stamp(century: Century, issued: bytes) -> None:
    later = SIGNED_AT + 3 * YEAR
    kept = raised(century, issued, Level.B_LTA, DAY_AFTER)
    again = renew(kept, trust=century.trust(later), timestamps=century.source(), now=later)
    first = protection_of(kept, trust=century.trust(DAY_AFTER), now=DAY_AFTER)
    assert first.protected_until == century.key_at(SIGNED_AT).certificate.not_valid_after_utc
    assert again.protected_until == century.key_at(later).certificate.not_valid_after_utc


def test_a_missing_stamp_is_caught_up_by_one_over_the_whole_file(century: Century, bare: bytes) -> None:
    assert century.check(bare, DAY_AFTER).verdict is Verdict.VALID_NO_TSA
    kept = raised(century, bare, Level.B_LT, DAY_AFTER)
    verdict = century.check(kept, DAY_AFTER)
    assert verdict.verdict is Verdict.VALID, verdict.reasons
    assert [finding.timestamp_at for finding in verdict.signatures] == [DAY_AFTER] * 3
    assert verdict.signatures[-1].kind == "timestamp"


def test_what_is_in_the_file_answers_when_the_lists_are_gone(century: Century, issued: bytes) -> None:
    kept = raised(century, issued, Level.B_LT, DAY_AFTER)
    assert century.check(issued, DAY_AFTER, lists=False).verdict is Verdict.INDETERMINATE
    assert century.check(kept, DAY_AFTER, lists=False).verdict is Verdict.VALID


def test_without_revocation_lists_nothing_is_raised(century: Century, issued: bytes) -> None:
    with pytest.raises(SigningFailed, match=r"signing\.rendition\.no-proof"):
        raise_level(
            issued,
            target=Level.B_LT,
            trust=century.trust(DAY_AFTER, lists=False),
            timestamps=century.source(),
            now=DAY_AFTER,
        )


def test_a_rendition_renewed_every_three_years_is_valid_for_twelve(
    century: Century, issued: bytes, tmp_path: Path
) -> None:
    kept = raised(century, issued, Level.B_LTA, DAY_AFTER)
    for years in (3, 6, 9):
        moment = SIGNED_AT + years * YEAR
        kept = renewed(century, kept, moment)
        verdict = century.check(kept, moment + timedelta(days=1))
        assert verdict.verdict is Verdict.VALID, (years, verdict.reasons, verdict.signatures)
    verdict = century.check(kept, SIGNED_AT + timedelta(days=int(365 * 9.8)))
    assert verdict.verdict is Verdict.VALID
    assert [finding.timestamp_at for finding in verdict.signatures[:2]] == [SIGNED_AT, SIGNED_AT]
    assert len(verdict.signatures) == 6
    assert kept.startswith(issued)
    assert qpdf_is_content(kept, tmp_path / "kept.pdf")


@pytest.mark.parametrize("years", [4.5, 6, 9])
def test_one_that_was_never_renewed_is_honestly_not_proved(
    century: Century, issued: bytes, years: float
) -> None:
    moment = SIGNED_AT + timedelta(days=int(365 * years))
    kept = raised(century, issued, Level.B_LTA, DAY_AFTER)
    verdict = century.check(kept, moment)
    assert verdict.verdict is Verdict.INDETERMINATE
    assert "time.timestamp-lapsed" in verdict.reasons
    assert "time.no-proof" in verdict.reasons


def test_a_renewal_that_came_too_late_heals_nothing(century: Century, issued: bytes) -> None:
    late = SIGNED_AT + timedelta(days=int(365 * 4.5))
    kept = raised(century, issued, Level.B_LTA, DAY_AFTER)
    stamped = renew_anyway(century, kept, late)
    verdict = century.check(stamped, late + timedelta(days=1))
    assert verdict.verdict is Verdict.INDETERMINATE
    assert verdict.signatures[-1].verdict is Verdict.VALID


def renew_anyway(century: Century, pdf: bytes, at: datetime) -> bytes:
    """A stamp put over the file by somebody who proves nothing first."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    stamper = PdfTimeStamper(century.source().stamper_at(at))
    out = stamper.timestamp_pdf(writer, "sha256", bytes_reserved=32768)
    return bytes(out.getvalue())


def test_a_stolen_stamp_key_takes_its_stamps_down_unless_a_later_one_took_over(
    century: Century, issued: bytes
) -> None:
    three = SIGNED_AT + 3 * YEAR
    kept = raised(century, issued, Level.B_LTA, DAY_AFTER)
    safe = renewed(century, kept, three)
    thief = century.key_at(SIGNED_AT).certificate.serial_number
    century.root.revoked[thief] = three + timedelta(days=10)
    try:
        assert century.check(safe, three + timedelta(days=30)).verdict is Verdict.VALID
        assert century.check(kept, three + timedelta(days=5)).verdict is Verdict.VALID
        assert century.check(kept, three + timedelta(days=30)).verdict is Verdict.INDETERMINATE
    finally:
        century.root.revoked.clear()


def with_store(pdf: bytes, certificates: list[bytes], lists: list[bytes]) -> bytes:
    """An update that adds /DSS as somebody else would."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)

    def streams(items: list[bytes]) -> ArrayObject:
        return ArrayObject([writer.add_object(StreamObject(stream_data=item)) for item in items])

    writer.root["/DSS"] = writer.add_object(
        DictionaryObject({pdf_name("/Certs"): streams(certificates), pdf_name("/CRLs"): streams(lists)})
    )
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "garbage", [[b""], [b"not a certificate"], [bytes(100)] * 600], ids=["", "text", "600"]
)
def test_a_garbled_store_in_the_file_takes_nothing_down(
    century: Century, issued: bytes, garbage: list[bytes]
) -> None:
    verdict = century.check(with_store(issued, garbage, garbage), DAY_AFTER)
    assert verdict.verdict is Verdict.VALID, verdict.reasons


def test_a_foreign_authority_in_the_file_is_not_believed(century: Century, letter: Letter) -> None:
    stranger = StampRoot(SIGNED_AT - YEAR)
    key = stranger.authority(SIGNED_AT - YEAR, SIGNED_AT + YEAR)
    source = RemoteTimestamps(lambda digest, at: bytes(key.token(digest, at=at).dump()), required=True)
    pki = century.pki
    backend = Pkcs12Backend(pki.person.data, pki.person.passphrase, timestamps=source)
    brought = with_store(
        backend.sign(letter.draft, personal_request()), [stranger.der, key.der], [stranger.crl(SIGNED_AT)]
    )
    verdict = century.check(brought, DAY_AFTER)
    assert verdict.verdict is Verdict.VALID_NO_TSA
    assert "time.timestamp-untrusted" in verdict.reasons


def test_a_stamp_that_came_after_a_revocation_makes_nothing_worse_and_nothing_better(
    century: Century, letter: Letter
) -> None:
    """Signed before the revocation, without a stamp: nobody can prove it, then or later."""
    pki = century.pki
    backend = Pkcs12Backend(pki.revoked.data, pki.revoked.passphrase)
    early = personal_request(signed_at=SIGNED_AT + timedelta(hours=1), with_timestamp=False)
    signed = backend.sign(letter.draft, early)
    stamped = renew_anyway(century, signed, DAY_AFTER)
    for pdf in (signed, stamped):
        verdict = century.check(pdf, DAY_AFTER + timedelta(hours=1))
        assert verdict.signatures[0].verdict is Verdict.INDETERMINATE
        assert "revocation.no-proof-of-time" in verdict.reasons


def test_a_file_without_a_signature_or_without_an_authority_is_not_raised(
    century: Century, letter: Letter, bare: bytes
) -> None:
    trust = century.trust(DAY_AFTER)
    with pytest.raises(SigningFailed, match=r"signing\.file\.cannot-sign"):
        raise_level(letter.draft, target=Level.B_LT, trust=trust, timestamps=century.source(), now=DAY_AFTER)

    def away(digest: bytes, moment: datetime) -> bytes:
        raise TimestampUnavailable("signing.timestamp.unavailable", why="away")

    with pytest.raises(TimestampUnavailable):
        raise_level(
            bare,
            target=Level.B_LT,
            trust=trust,
            timestamps=RemoteTimestamps(away, required=True),
            now=DAY_AFTER,
        )


def other_opinion(century: Century, pdf: bytes, moment: datetime) -> list[str]:
    trust = century.trust(moment)
    question = pickle.dumps((pdf, [*trust.roots, *trust.tsa_roots], list(trust.crls), moment))
    said = subprocess.run(
        [sys.executable, "-m", "tests.signing.other_opinion"],
        input=question,
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    return said.stdout.decode().split()


def test_the_librarys_own_engine_agrees_on_renditions_and_renewals(century: Century, issued: bytes) -> None:
    """EN 319 102-1 by somebody else's code, as long as the lists in the file are fresh.

    Afterwards that engine wants fresh lists of every authority that still lives, renewed or not (signing.md §1,
    TRY_LATER), so it can't be asked about years.
    """
    kept = raised(century, issued, Level.B_LTA, DAY_AFTER)
    assert other_opinion(century, kept, DAY_AFTER + timedelta(hours=1)) == ["OK", "OK"]
    later = SIGNED_AT + timedelta(days=10)
    again = renewed(century, kept, later)
    assert other_opinion(century, again, later + timedelta(days=1)) == ["OK", "OK"]
    assert other_opinion(century, issued, SIGNED_AT + timedelta(days=60)) != ["OK", "OK"]


def test_poppler_finds_both_signatures_intact_in_a_rendition(
    century: Century, issued: bytes, tmp_path: Path
) -> None:
    program = shutil.which("pdfsig")
    assert program is not None, "poppler-utils is not installed"
    file = tmp_path / "kept.pdf"
    file.write_bytes(raised(century, issued, Level.B_LTA, DAY_AFTER))
    said = subprocess.run([program, "-nocert", str(file)], capture_output=True, text=True, check=False)
    assert said.stdout.count("Signature is Valid") == 2
