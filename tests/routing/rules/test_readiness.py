"""What a directive must say, and what must be done before something is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vanthu.kernel.errors import Violation
from vanthu.routing.rules import readiness

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SOON = NOW + timedelta(days=3)


def codes(violations: tuple[Violation, ...]) -> list[str]:
    return [violation.code.rpartition(".")[2] for violation in violations]


@pytest.mark.parametrize(
    ("text", "lead", "others", "due_at", "missing"),
    [
        ("Giao", 1, [2, 3], SOON, []),
        ("Giao", None, [2], SOON, ["lead-missing"]),
        ("Giao", 1, [2, 1], SOON, ["lead-twice"]),
        (" ", 1, [], SOON, ["text-missing"]),
        ("Giao", 1, [], NOW, ["due-passed"]),
        ("", None, [], NOW - timedelta(seconds=1), ["lead-missing", "text-missing", "due-passed"]),
    ],
    ids=["M22", "M21-no-lead", "M21-lead-twice", "M22-no-text", "M22-due-now", "everything"],
)
def test_a_directive_has_one_lead_a_text_and_a_time(
    text: str, lead: int | None, others: list[int], due_at: datetime, missing: list[str]
) -> None:
    """NĐ30 Đ.23.2, Đ.23.4."""
    found = readiness.unmet_for_directing(
        text=text, lead_unit_id=lead, other_unit_ids=others, due_at=due_at, now=NOW
    )
    assert codes(found) == missing


@pytest.mark.parametrize(
    ("due_at", "same_unit", "missing"),
    [
        (SOON, True, []),
        (SOON - timedelta(days=1), True, []),
        (SOON + timedelta(seconds=1), True, ["due-after-parent"]),
        (SOON, False, ["other-unit"]),
        (NOW, True, ["due-passed"]),
    ],
    ids=["b.1", "earlier", "after-the-unit", "other-unit", "passed"],
)
def test_a_task_is_assigned_on_inside_the_unit_and_not_later(
    due_at: datetime, same_unit: bool, missing: list[str]
) -> None:
    found = readiness.unmet_for_assigning_on(due_at=due_at, parent_due_at=SOON, same_unit=same_unit, now=NOW)
    assert codes(found) == missing


@pytest.mark.parametrize(("result", "replies", "ready"), [("Xong", 0, True), ("", 1, True), (" ", 0, False)])
def test_a_report_is_a_reply_or_a_note(result: str, replies: int, ready: bool) -> None:
    assert (readiness.unmet_for_reporting(result=result, replies=replies) == ()) == ready


@pytest.mark.parametrize(
    ("open_tasks", "waive", "ready"), [(0, False, True), (2, True, True), (2, False, False)]
)
def test_co_operating_units_have_reported_or_are_waived(open_tasks: int, waive: bool, ready: bool) -> None:
    assert (readiness.unmet_for_completing(open_cooperating=open_tasks, waive=waive) == ()) == ready


@pytest.mark.parametrize(("reason", "ready"), [("Không đúng chức năng", True), ("", False), (" ", False)])
def test_a_return_says_why(reason: str, ready: bool) -> None:
    assert (readiness.unmet_for_reason(reason) == ()) == ready
