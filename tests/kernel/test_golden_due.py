"""Due times derived by hand from the announcements, one row each; Hà Nội's clock throughout."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from vanthu.kernel.calendar import WorkingCalendar
from vanthu.kernel.due import (
    HANOI,
    Due,
    due_after_days,
    due_after_hours,
    due_by_clock,
    due_by_next_morning,
    due_by_next_working_day_end,
    effective_start,
    replay,
    trace_to_json,
)
from vanthu.organizations.reference import read_calendar_seed
from vanthu.organizations.rules.calendars import city_calendar

Row = dict[str, str]

with (Path(__file__).parent / "golden_due.csv").open(encoding="utf-8", newline="") as table:
    ROWS: list[Row] = list(csv.DictReader(table))

CALENDAR = city_calendar(read_calendar_seed())

RULES: dict[str, Callable[[WorkingCalendar, datetime, int], Due]] = {
    "days": due_after_days,
    "hours": due_after_hours,
    "next_morning": lambda calendar, start, _: due_by_next_morning(calendar, start),
    "next_day_end": lambda calendar, start, _: due_by_next_working_day_end(calendar, start),
    "urgent": lambda _, start, minutes: due_by_clock(start, minutes),
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


@pytest.mark.parametrize("row", [row for row in ROWS if row["rule"] != "arrival"], ids=lambda row: row["id"])
def test_the_due_time_is_the_one_derived_by_hand(row: Row) -> None:
    due = RULES[row["rule"]](CALENDAR, at(row["from"]), int(row["n"] or 0))

    assert due.due_at.isoformat() == at(row["due"]).isoformat(), row["why"]
    assert replay(trace_to_json(due.trace), CALENDAR) == due


@pytest.mark.parametrize("row", [row for row in ROWS if row["rule"] == "arrival"], ids=lambda row: row["id"])
def test_an_arrival_counts_from_the_moment_derived_by_hand(row: Row) -> None:
    assert effective_start(CALENDAR, at(row["from"]), urgent=False).at == at(row["due"]), row["why"]
    assert effective_start(CALENDAR, at(row["from"]), urgent=True).at == at(row["from"])


def test_the_table_is_large_and_every_row_cites_its_announcement() -> None:
    assert len(ROWS) >= 220
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert all(row["why"] and row["announcement"] for row in ROWS)
    assert {row["from"][:4] for row in ROWS} == {"2023", "2024", "2025", "2026"}
