"""The working week by default, the seeded special days, and the clock minutes of urgent documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from vanthu.kernel.actor import Urgency
from vanthu.kernel.calendar import DayKind, Session, SpecialDay, WorkingCalendar

CULTURE_DAY = "ngay-van-hoa"
"""24/11, Ngày Văn hóa Việt Nam: off until the Labour Code names it (law.md §7)."""

OPTIONAL_DAYS: frozenset[str] = frozenset()
"""The optional days that are on by default: none."""

URGENT_MINUTES: Mapping[Urgency, int] = {Urgency.URGENT: 60, Urgency.VERY_URGENT: 30, Urgency.EXPRESS: 15}
"""Suggested minutes of the clock; NĐ30 gives no figures (law.md §1.7 [design]), an agency sets its own."""

URGENCY_NAMES: Mapping[str, Urgency] = {
    "thuong": Urgency.NORMAL,
    "khan": Urgency.URGENT,
    "thuong-khan": Urgency.VERY_URGENT,
    "hoa-toc": Urgency.EXPRESS,
}
"""How the command line writes the levels of NĐ30 Đ.4.2c."""

MORNING = Session(time(8), time(12))
AFTERNOON = Session(time(13), time(17))


def default_weekly() -> dict[int, tuple[Session, ...]]:
    """Monday to Friday, 08:00–12:00 and 13:00–17:00 (law.md §7)."""
    return dict.fromkeys(range(5), (MORNING, AFTERNOON))


def seeded_special_days(
    seed: Mapping[str, Any], *, optional: frozenset[str] = OPTIONAL_DAYS
) -> tuple[SpecialDay, ...]:
    """The special days of a seed as read by `reference.read_calendar_seed`; optional ones only when named."""
    sources = seed["sources"]
    return tuple(_special_day(row, sources) for row in seed["days"] if _is_on(row, optional))


def city_calendar(seed: Mapping[str, Any], *, optional: frozenset[str] = OPTIONAL_DAYS) -> WorkingCalendar:
    """The city's calendar as seeded, for an installation that has not edited it."""
    days = seeded_special_days(seed, optional=optional)
    return WorkingCalendar.from_rows(name=seed["name"], weekly=default_weekly(), days=days)


def _is_on(row: Mapping[str, Any], optional: frozenset[str]) -> bool:
    return row.get("enabled", True) or row.get("optional") in optional


def _special_day(row: Mapping[str, Any], sources: Mapping[str, str]) -> SpecialDay:
    return SpecialDay(
        day=row["day"],
        kind=DayKind(row["kind"]),
        name=row["name"],
        source=sources[row["source"]],
        projected=row.get("projected", False),
    )
