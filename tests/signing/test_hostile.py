"""Files that somebody has tampered with: each gets its verdict, none stops the program."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
import typst

from tests.signing import tampering
from tests.signing.conftest import (
    BODY_BOX,
    REVOKED_AT,
    SIGNED_AT,
    VALUES,
    Letter,
    Pki,
    agency_request,
    check,
    personal_request,
    timestamps_of,
)
from vanthu.signing.backends.increment import fill_text_fields
from vanthu.signing.backends.pkcs12 import Pkcs12Backend
from vanthu.signing.rules.verdicts import FileVerdict, Verdict
from vanthu.signing.trust.authority import DemoAuthority

OPAQUE = b"#set page(width: 200pt, height: 60pt, margin: 0pt, fill: white)\n#text(size: 13pt)[9 000 000 dong]"


def verdicts(found: FileVerdict) -> list[Verdict]:
    return [finding.verdict for finding in found.signatures]


@pytest.mark.parametrize(
    "damage",
    [
        tampering.flip_content,
        tampering.flip_signature,
        tampering.zero_byte_range,
        tampering.zero_contents,
    ],
    ids=["content-byte", "signature-byte", "byte-range-zeros", "contents-zeros"],
)
def test_a_damaged_signature_has_lost_its_integrity(
    pki: Pki, letter: Letter, damage: Callable[[bytes], bytes]
) -> None:
    verdict = check(pki, damage(letter.personal))
    assert verdict.verdict is Verdict.INVALID_INTEGRITY, tampering.summary(verdict)


def test_one_broken_signature_does_not_hide_the_other(pki: Pki, letter: Letter) -> None:
    verdict = check(pki, tampering.zero_contents(letter.issued))
    assert verdict.verdict is Verdict.INVALID_INTEGRITY
    assert len(verdict.signatures) == 2


def test_the_signature_of_another_file_does_not_fit(pki: Pki, letter: Letter) -> None:
    other = pki.backend(pki.person).sign(letter.draft, personal_request(reason="Lý do khác"))
    verdict = check(pki, tampering.transplant(letter.personal, other))
    assert verdict.verdict is Verdict.INVALID_INTEGRITY, tampering.summary(verdict)


@pytest.mark.parametrize(
    "change",
    [
        tampering.overlay_page,
        tampering.rewrite_content,
        tampering.add_annotation,
        tampering.add_page,
        tampering.add_script,
        tampering.set_value("so_ky_hieu", "Số: 99/QĐ-UBND"),
        tampering.in_filled_appearance(b" Tf 0 g ", b" Tf 1 g "),
        tampering.unlock_number,
        tampering.move_number,
        tampering.exchange_form_font,
    ],
    ids=[
        "overlay",
        "rewritten-content",
        "annotation",
        "page",
        "script",
        "number-after-seal",
        "appearance-after-seal",
        "unlocked-after-seal",
        "moved-after-seal",
        "font-exchanged",
    ],
)
def test_a_change_after_the_seal_is_found(pki: Pki, letter: Letter, change: tampering.Change) -> None:
    verdict = check(pki, tampering.updated(letter.issued, change))
    assert verdict.verdict is Verdict.MODIFIED_AFTER, tampering.summary(verdict)
    assert verdict.signatures[-1].verdict is Verdict.MODIFIED_AFTER


@pytest.mark.parametrize(
    "change",
    [
        tampering.set_value("so_ky_hieu", "Số: 99/QĐ-UBND"),
        tampering.in_filled_appearance(b" Tf 0 g ", b" Tf 1 g "),
        tampering.in_filled_appearance(b"> Tj ET", b"> Tj 0 -50 Td <0001> Tj ET"),
        tampering.in_filled_appearance(b" Td <", b"9 Td <"),
        tampering.in_filled_appearance(b"EMC", b"EMC 1 1 1 rg 0 0 900 900 re f"),
        tampering.unlock_number,
        tampering.move_number,
        tampering.exchange_form_font,
    ],
    ids=[
        "shown-is-not-value",
        "white-text",
        "two-runs",
        "out-of-its-box",
        "rectangle",
        "not-read-only",
        "moved",
        "font-exchanged",
    ],
)
def test_number_and_date_outside_the_grammar_are_a_modification(
    pki: Pki, letter: Letter, change: tampering.Change
) -> None:
    verdict = check(pki, tampering.updated(letter.filled, change))
    assert verdicts(verdict) == [Verdict.MODIFIED_AFTER], tampering.summary(verdict)


def test_a_third_field_may_not_be_filled(pki: Pki, letter: Letter) -> None:
    signed = pki.backend(pki.person).sign(tampering.with_third_field(letter.draft), personal_request())
    allowed = fill_text_fields(signed, VALUES)
    forbidden = tampering.updated(allowed, tampering.set_value("trich_yeu", "Kinh phí 9 tỷ đồng"))
    assert check(pki, allowed).verdict is Verdict.VALID
    assert check(pki, forbidden).verdict is Verdict.MODIFIED_AFTER


@pytest.mark.parametrize(
    "tail",
    [b"PK\x03\x04 mot tep khac", b"rac\nstartxref\n1000\n%%EOF\n", b"%%EOF\n"],
    ids=["garbage", "false-end", "second-end"],
)
def test_bytes_after_the_end_are_a_modification(pki: Pki, letter: Letter, tail: bytes) -> None:
    verdict = check(pki, letter.issued + tail)
    assert verdict.verdict in {Verdict.MODIFIED_AFTER, Verdict.UNREADABLE}, tampering.summary(verdict)


def test_a_line_feed_after_the_end_is_not(pki: Pki, letter: Letter) -> None:
    assert check(pki, letter.issued + b"\n").verdict is Verdict.VALID


def test_a_later_signature_may_not_cover_the_text(pki: Pki, letter: Letter) -> None:
    cover = agency_request(box=BODY_BOX, appearance=typst.compile(OPAQUE))
    verdict = check(pki, pki.backend(pki.agency).sign(letter.filled, cover))
    assert verdicts(verdict) == [Verdict.MODIFIED_AFTER, Verdict.VALID]
    assert "modification.covers-text" in verdict.reasons


def test_the_seal_may_not_cover_number_and_date(pki: Pki, letter: Letter) -> None:
    cover = agency_request(box=(60, 735, 260, 765), appearance=typst.compile(OPAQUE))
    verdict = check(pki, pki.backend(pki.agency).sign(letter.filled, cover))
    assert verdicts(verdict) == [Verdict.MODIFIED_AFTER, Verdict.VALID]


def test_an_empty_field_may_not_cover_the_text(pki: Pki, letter: Letter) -> None:
    verdict = check(pki, tampering.updated(letter.filled, tampering.add_covering_field))
    assert verdicts(verdict) == [Verdict.MODIFIED_AFTER], tampering.summary(verdict)


def test_an_authority_of_the_same_name_is_not_the_same(
    pki: Pki, letter: Letter, impostor: DemoAuthority
) -> None:
    forged = impostor.issue_person(code="NV01", name="Nguyễn Văn An", agency="UBND", now=SIGNED_AT)
    backend = Pkcs12Backend(forged.data, forged.passphrase, timestamps=timestamps_of(impostor))
    verdict = check(pki, backend.sign(letter.draft, personal_request()))
    assert verdict.verdict is Verdict.INVALID_CHAIN, tampering.summary(verdict)


def test_an_untrusted_extra_signature_spoils_the_file(
    pki: Pki, letter: Letter, impostor: DemoAuthority
) -> None:
    forged = impostor.issue_person(code="X", name="Kẻ Lạ", agency="Không rõ", now=SIGNED_AT)
    backend = Pkcs12Backend(forged.data, forged.passphrase, timestamps=timestamps_of(impostor))
    request = personal_request(field_name="Them_1", box=None, appearance=None)
    verdict = check(pki, backend.sign(letter.filled, request))
    assert verdict.verdict is Verdict.INVALID_CHAIN
    assert verdicts(verdict) == [Verdict.VALID, Verdict.INVALID_CHAIN]


@pytest.mark.parametrize("with_timestamp", [True, False])
def test_an_expired_certificate_cannot_sign(pki: Pki, letter: Letter, *, with_timestamp: bool) -> None:
    late = personal_request(signed_at=SIGNED_AT + timedelta(hours=2), with_timestamp=with_timestamp)
    verdict = check(pki, pki.backend(pki.expired).sign(letter.draft, late))
    assert verdict.verdict is Verdict.EXPIRED_AT_SIGNING, tampering.summary(verdict)


@pytest.mark.parametrize("with_timestamp", [True, False])
def test_a_revoked_certificate_cannot_sign(pki: Pki, letter: Letter, *, with_timestamp: bool) -> None:
    late = personal_request(signed_at=REVOKED_AT + timedelta(minutes=1), with_timestamp=with_timestamp)
    verdict = check(pki, pki.backend(pki.revoked).sign(letter.draft, late))
    assert verdict.verdict is Verdict.REVOKED, tampering.summary(verdict)
    assert verdict.signatures[0].revocation == "revoked"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file.not-a-pdf"),
        (b"PK\x03\x04" + bytes(500), "file.not-a-pdf"),
        (b"%PDF-1.7\n%%EOF\n", "file.not-a-pdf"),
    ],
    ids=["empty", "zip", "hollow"],
)
def test_what_is_not_a_pdf_is_unreadable(pki: Pki, data: bytes, reason: str) -> None:
    verdict = check(pki, data)
    assert (verdict.verdict, verdict.reasons) == (Verdict.UNREADABLE, (reason,))


def test_an_encrypted_file_is_unreadable(pki: Pki, letter: Letter) -> None:
    verdict = check(pki, tampering.encrypt(letter.draft))
    assert (verdict.verdict, verdict.reasons) == (Verdict.UNREADABLE, ("file.encrypted",))


def test_a_file_saved_anew_has_lost_its_integrity(pki: Pki, letter: Letter) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(letter.issued)) as document:
        document.save(out)
    assert check(pki, out.getvalue()).verdict is Verdict.INVALID_INTEGRITY


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_never_valid(pki: Pki, letter: Letter, share: float) -> None:
    verdict = check(pki, letter.issued[: int(len(letter.issued) * share)])
    assert verdict.verdict not in {Verdict.VALID, Verdict.VALID_NO_TSA}, tampering.summary(verdict)
