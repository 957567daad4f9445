"""What must be there before a draft moves on; all that is missing is named at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vanthu.kernel.errors import Violation


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """A recipient agency of the directory."""

    code: str
    name: str
    is_active: bool
    closed_on: str
    successors: tuple[str, ...] = ()


def unmet_for_content(subject: str, paragraphs: Iterable[str]) -> tuple[Violation, ...]:
    """NĐ30 Đ.8: subject and content are main components."""
    found = []
    if not subject.strip():
        found.append(Violation("drafting.draft.subject-missing"))
    if not any(text.strip() for text in paragraphs):
        found.append(Violation("drafting.draft.content-missing"))
    return tuple(found)


def unmet_for_recipients(named: Iterable[str], known: Iterable[RecipientFacts]) -> tuple[Violation, ...]:
    """Every recipient exists and is not closed (rule M39, law.md §9.1)."""
    by_code = {facts.code: facts for facts in known}
    found = [
        Violation("drafting.recipient.unknown", (("code", code),)) for code in named if code not in by_code
    ]
    found += [
        Violation(
            "drafting.recipient.closed",
            (
                ("closed_on", facts.closed_on),
                ("name", facts.name),
                ("successors", ", ".join(facts.successors) or "chưa xác định"),
            ),
        )
        for facts in by_code.values()
        if not facts.is_active
    ]
    return tuple(found)


def unmet_for_concern(*, is_outgoing: bool, has_number: bool) -> tuple[Violation, ...]:
    """NĐ30 Đ.18.3–4: what is revoked or replaced was issued here. That it still is in force is asked at issue."""
    return () if is_outgoing and has_number else (Violation("drafting.concern.not-issued"),)


def unmet_for_submitting(*, has_recipients: bool, has_file: bool) -> tuple[Violation, ...]:
    """law.md b.2: main file, recipients and signer are proposed before the draft goes up."""
    found = []
    if not has_recipients:
        found.append(Violation("drafting.draft.recipients-missing"))
    if not has_file:
        found.append(Violation("drafting.draft.file-missing"))
    return tuple(found)


def unmet_for_returning(reason: str) -> tuple[Violation, ...]:
    return () if reason.strip() else (Violation("drafting.draft.reason-missing"),)


def unmet_for_signing(
    *, has_authority: bool, file_sha256: str, approved_sha256: str
) -> tuple[Violation, ...]:
    """M8: the signer holds authority. M9: what he signs is what was approved (NĐ30 Đ.11.2)."""
    found = []
    if not has_authority:
        found.append(Violation("drafting.draft.no-authority"))
    if file_sha256 != approved_sha256:
        found.append(Violation("drafting.draft.changed-after-approval"))
    return tuple(found)
