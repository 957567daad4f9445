"""Until when the records office must act, derived by hand from the clauses. Friday 20/11/2026 is an ordinary day."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from vanthu.kernel.actor import Urgency
from vanthu.organizations.reference import read_calendar_seed
from vanthu.organizations.rules.calendars import URGENT_MINUTES, city_calendar
from vanthu.registry.rules.deadlines import issue_limit, registration_limit

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = city_calendar(read_calendar_seed())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


@pytest.mark.parametrize(
    ("signed", "limit"),
    [
        ("2026-11-19 09:00", "2026-11-20 12:00"),
        ("2026-11-20 16:30", "2026-11-23 12:00"),
        ("2026-11-21 10:00", "2026-11-24 12:00"),
        ("2026-04-29 10:00", "2026-05-04 12:00"),
    ],
    ids=["NĐ30-Đ.18.1-next-morning", "over-the-weekend", "signed-on-a-saturday", "over-the-holidays"],
)
def test_an_ordinary_document_leaves_by_the_next_working_morning(signed: str, limit: str) -> None:
    """M11, QĐ28 Đ.6; D12: what is signed on a day off counts from the next working day."""
    assert issue_limit(CALENDAR, at(signed), Urgency.NORMAL, URGENT_MINUTES).due_at == at(limit)


@pytest.mark.parametrize(
    ("arrived", "limit"),
    [
        ("2026-11-19 09:00", "2026-11-20 17:00"),
        ("2026-11-20 16:59", "2026-11-23 17:00"),
        ("2026-11-20 17:30", "2026-11-24 17:00"),
        ("2026-11-22 08:00", "2026-11-24 17:00"),
    ],
    ids=["NĐ30-Đ.4.2c-next-day", "friday-afternoon", "D12-after-hours", "D12-sunday"],
)
def test_an_ordinary_arrival_is_registered_by_the_end_of_the_next_working_day(
    arrived: str, limit: str
) -> None:
    """M12."""
    assert registration_limit(CALENDAR, at(arrived), Urgency.NORMAL, URGENT_MINUTES).due_at == at(limit)


@pytest.mark.parametrize(
    ("urgency", "limit"),
    [(Urgency.URGENT, "23:30"), (Urgency.VERY_URGENT, "23:00"), (Urgency.EXPRESS, "22:45")],
)
def test_urgent_documents_run_by_the_clock_at_night_and_on_sundays(urgency: Urgency, limit: str) -> None:
    """NĐ30 Đ.4.2c, Đ.18.1: urgent ones at once."""
    sunday = at("2026-11-22 22:30")
    for rule in (issue_limit, registration_limit):
        due = rule(CALENDAR, sunday, urgency, URGENT_MINUTES)
        assert due.due_at == at(f"2026-11-22 {limit}")
        assert due.trace
