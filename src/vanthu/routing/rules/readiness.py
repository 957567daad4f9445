"""What a directive must say and what must be done before a task is closed. Norm: NĐ30 Đ.23.2, Đ.23.4 (M21, M22)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from vanthu.kernel.errors import Violation


def unmet_for_directing(
    *, text: str, lead_unit_id: int | None, other_unit_ids: Iterable[int], due_at: datetime, now: datetime
) -> tuple[Violation, ...]:
    """Exactly one lead, a directive text, a due time that has not passed."""
    found = []
    if lead_unit_id is None:
        found.append(Violation("routing.directive.lead-missing"))
    if lead_unit_id in set(other_unit_ids):
        found.append(Violation("routing.directive.lead-twice"))
    if not text.strip():
        found.append(Violation("routing.directive.text-missing"))
    if due_at <= now:
        found.append(Violation("routing.directive.due-passed"))
    return tuple(found)


def unmet_for_assigning_on(
    *, due_at: datetime, parent_due_at: datetime, same_unit: bool, now: datetime
) -> tuple[Violation, ...]:
    """law.md b.1: inside the unit, and not later than the unit's own due time."""
    found = []
    if not same_unit:
        found.append(Violation("routing.assignment.other-unit"))
    if due_at > parent_due_at:
        found.append(
            Violation("routing.assignment.due-after-parent", (("limit", f"{parent_due_at:%H:%M %d/%m/%Y}"),))
        )
    if due_at <= now:
        found.append(Violation("routing.directive.due-passed"))
    return tuple(found)


def unmet_for_reporting(*, result: str, replies: int) -> tuple[Violation, ...]:
    """law.md b.1: at least one outgoing document or a conclusion note."""
    return () if result.strip() or replies else (Violation("routing.assignment.result-missing"),)


def unmet_for_completing(*, open_cooperating: int, waive: bool) -> tuple[Violation, ...]:
    """law.md b.1: every co-operating unit has reported, or is waived."""
    if open_cooperating and not waive:
        return (Violation("routing.handling.cooperating-open", (("count", str(open_cooperating)),)),)
    return ()


def unmet_for_reason(reason: str) -> tuple[Violation, ...]:
    return () if reason.strip() else (Violation("routing.reason-missing"),)
