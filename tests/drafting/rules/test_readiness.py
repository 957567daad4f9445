"""What a draft must have before it moves on; everything missing is named at once."""

from __future__ import annotations

import pytest

from vanthu.drafting.rules import readiness
from vanthu.drafting.rules.readiness import RecipientFacts

OPEN = RecipientFacts("H26.1", "Sở Một", True, "")
CLOSED = RecipientFacts("H26.2", "Quận Hai", False, "30/06/2025", ("Phường Ba", "Phường Bốn"))


def codes(violations: tuple[object, ...]) -> list[str]:
    return [violation.code for violation in violations]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("subject", "paragraphs", "missing"),
    [
        ("trích yếu", ["nội dung"], []),
        ("  ", ["nội dung"], ["drafting.draft.subject-missing"]),
        ("trích yếu", [" ", ""], ["drafting.draft.content-missing"]),
        ("", [], ["drafting.draft.subject-missing", "drafting.draft.content-missing"]),
    ],
    ids=["NĐ30-Đ.8", "no-subject", "no-content", "neither"],
)
def test_a_draft_has_a_subject_and_content(subject: str, paragraphs: list[str], missing: list[str]) -> None:
    assert codes(readiness.unmet_for_content(subject, paragraphs)) == missing


def test_recipients_stand_in_the_directory_and_are_not_closed() -> None:
    """M39."""
    assert readiness.unmet_for_recipients(["H26.1"], [OPEN]) == ()
    found = readiness.unmet_for_recipients(["H26.1", "H26.2", "H26.9"], [OPEN, CLOSED])
    assert codes(found) == ["drafting.recipient.unknown", "drafting.recipient.closed"]
    assert dict(found[1].details) == {
        "name": "Quận Hai",
        "closed_on": "30/06/2025",
        "successors": "Phường Ba, Phường Bốn",
    }


def test_a_closed_agency_without_successors_says_so() -> None:
    (found,) = readiness.unmet_for_recipients(["H26.2"], [RecipientFacts("H26.2", "Quận", False, "…")])
    assert dict(found.details)["successors"] == "chưa xác định"


@pytest.mark.parametrize("has_recipients", [True, False])
@pytest.mark.parametrize("has_file", [True, False])
def test_a_draft_goes_up_with_file_and_recipients(has_recipients: bool, has_file: bool) -> None:
    found = codes(readiness.unmet_for_submitting(has_recipients=has_recipients, has_file=has_file))
    assert ("drafting.draft.recipients-missing" in found) == (not has_recipients)
    assert ("drafting.draft.file-missing" in found) == (not has_file)


@pytest.mark.parametrize(
    ("authority", "file", "missing"),
    [
        (True, "aa", []),
        (False, "aa", ["drafting.draft.no-authority"]),
        (True, "bb", ["drafting.draft.changed-after-approval"]),
        (False, "bb", ["drafting.draft.no-authority", "drafting.draft.changed-after-approval"]),
    ],
    ids=["ready", "M8", "M9", "M8-M9"],
)
def test_a_signer_has_authority_and_signs_what_was_approved(
    authority: bool, file: str, missing: list[str]
) -> None:
    found = readiness.unmet_for_signing(has_authority=authority, file_sha256=file, approved_sha256="aa")
    assert codes(found) == missing


@pytest.mark.parametrize(("reason", "ready"), [("Sửa căn cứ", True), ("", False), (" \n", False)])
def test_a_return_says_why(reason: str, ready: bool) -> None:
    assert (readiness.unmet_for_returning(reason) == ()) == ready
