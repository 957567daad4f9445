"""Whose a certificate is. Norm: TT41/2017 Đ.8; D21: WRONG_SUBJECT only where a directory is given."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vanthu.signing.rules.subjects import (
    Directory,
    from_lines,
    identifier,
    kind_of_subject,
    lines_of,
    same_words,
    with_directory,
)
from vanthu.signing.rules.verdicts import FileVerdict, Kind, SignatureFinding, SignerIdentity, Verdict

AT = datetime(2026, 3, 2, tzinfo=UTC)
SEAL, CHAIR = "MST:0100000001", "CCCD:001099000001"
KNOWN = Directory(frozenset({SEAL}), frozenset({CHAIR}), {SEAL: "agency:1", CHAIR: "person:1"})


def finding(kind: Kind, identifier: str, verdict: Verdict = Verdict.VALID) -> SignatureFinding:
    prefix, _, value = identifier.partition(":")
    return SignatureFinding(
        field="x",
        kind=kind,
        signer=SignerIdentity("Tên", ids={prefix: value} if prefix else {}),
        verdict=verdict,
        integrity=True,
        coverage="ENTIRE_FILE",
        modification="none",
        trusted=True,
        revocation="good",
        signed_at=AT,
        timestamp_at=AT,
        algorithm="",
    )


def judged(directory: Directory, *findings: SignatureFinding) -> FileVerdict:
    verdict = FileVerdict("a", "00", Verdict.VALID, findings, (), AT, "vanthu-1")
    return with_directory(verdict, directory)


def test_the_senders_own_people_and_seal_are_right() -> None:
    verdict = judged(KNOWN, finding("personal", CHAIR), finding("agency", SEAL))
    assert verdict.verdict is Verdict.VALID
    assert verdict.reasons == ()


def test_a_seal_that_is_not_registered_for_the_sender_is_wrong() -> None:
    verdict = judged(KNOWN, finding("personal", CHAIR), finding("agency", "MST:0999999999"))
    assert verdict.verdict is Verdict.WRONG_SUBJECT
    assert [item.verdict for item in verdict.signatures] == [Verdict.VALID, Verdict.WRONG_SUBJECT]
    assert verdict.reasons == ("subject.wrong",)


def test_a_person_of_another_agency_is_wrong_and_an_unknown_one_is_not_accused() -> None:
    elsewhere = Directory(KNOWN.agency, KNOWN.own, KNOWN.owners | {"CCCD:2": "person:2"})
    assert judged(elsewhere, finding("personal", "CCCD:2")).verdict is Verdict.WRONG_SUBJECT
    assert judged(elsewhere, finding("personal", "CCCD:3")).verdict is Verdict.VALID


def test_a_sender_without_registered_seal_is_judged_by_what_is_known_of_others() -> None:
    others = Directory(owners={SEAL: "agency:1"})
    assert judged(others, finding("agency", SEAL)).verdict is Verdict.WRONG_SUBJECT
    assert judged(others, finding("agency", "MST:0999999999")).verdict is Verdict.VALID


def test_an_empty_directory_accuses_nobody() -> None:
    assert judged(Directory(), finding("agency", SEAL), finding("timestamp", "")).verdict is Verdict.VALID


def test_what_is_worse_stays_worse() -> None:
    broken = finding("agency", "MST:9", Verdict.INVALID_INTEGRITY)
    assert judged(KNOWN, broken).signatures[0].verdict is Verdict.INVALID_INTEGRITY


@pytest.mark.parametrize(
    ("identifiers", "name", "organisation", "kind"),
    [
        ((CHAIR,), "Nguyễn Văn An", "UBND phường", "person"),
        ((SEAL,), "UBND phường", "UBND thành phố", "agency"),
        (("MNS:1", "MST:2"), "Sở Y tế", "", "agency"),
        (("BHXH:1", "MST:2"), "Trần Thị Bình", "", "person"),
        ((), "UBND PHUONG", "UBND phường", "agency"),
        ((), "Nguyễn Văn An", "UBND phường", "person"),
    ],
)
def test_a_person_is_told_from_an_agency(
    identifiers: tuple[str, ...], name: str, organisation: str, kind: str
) -> None:
    assert kind_of_subject(identifiers, name=name, organisation=organisation) == kind


def test_identifiers_have_one_spelling_and_can_be_looked_for() -> None:
    assert identifier(" cccd : 0010 ") == "CCCD:0010"
    assert identifier("0301519977-029") == "UID:0301519977-029"
    column = lines_of([CHAIR, SEAL])
    assert f"\n{SEAL}\n" in column
    assert from_lines(column) == (CHAIR, SEAL)
    assert from_lines(lines_of([])) == ()


def test_names_agree_without_diacritics() -> None:
    assert same_words("Đặng  Thị Hồng", "dang thi hong")
    assert not same_words("", "")
    assert not same_words("Nguyễn Văn An", "Nguyễn Văn Ân B")
