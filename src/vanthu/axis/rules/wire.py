"""Times and numbers as the protocol writes them: local time of Hà Nội, no zone. Norm: edxml.md §7.2."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_DAYS = ("%Y/%m/%d", "%Y-%m-%d", "%d/%m/%Y")
_TIMES = ("", " %H:%M:%S", "T%H:%M:%S", " %H:%M")


def written(at: datetime | None) -> str:
    """`2026-11-22 10:00:00`; empty for no time."""
    return at.astimezone(HANOI).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def moment(text: str, *, is_end: bool = False) -> datetime | None:
    """The instant that `fromDate` or `toDate` means; a day without a time ends at midnight. None: unreadable."""
    for day in _DAYS:
        for time in _TIMES:
            found = _parsed(text.strip(), day + time)
            if found is not None:
                return found + timedelta(days=1) if is_end and not time else found
    return None


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=HANOI)
    except ValueError:
        return None


def number(text: str, *, default: int, least: int, most: int) -> int | None:
    """A whole number between the bounds (`default` for an empty text); None: unreadable."""
    if not text.strip():
        return default
    if not (text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 9):
        return None
    return max(least, min(int(text), most))


def is_within(at: datetime | None, now: datetime, hours: int) -> bool:
    """Whether a stamp lies in the window of D26 on either side; `hours` 0: any stamp does."""
    return hours == 0 or (at is not None and abs(now - at) <= timedelta(hours=hours))
