"""When every stored file has been read again, and what a reading found (toàn vẹn kho lưu trữ).

Norm: TT41/2017 Đ.4 (integrity through storage); ISO 14721 "fixity".
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import Decision, allowed_if

LAST = "f" * 64
SPACE = 1 << 256
ROUND_SHARE = 0.9
"""A round takes this share of the period, so that a late one still keeps it."""
SLACK = 0.05
FEW = 20
"""From so many files on, "all of them are gone" means that the store is not there."""


class FindingKind(StrEnum):
    """Loại phát hiện: what was found where the right bytes should lie."""

    ALTERED = "ALTERED"  # bytes khác với lúc lưu
    MISSING = "MISSING"  # sổ có, kho không có
    UNREADABLE = "UNREADABLE"  # kho có, đĩa không đọc được


class FindingState(StrEnum):
    """Cách phát hiện kết thúc; OPEN is an alarm that stays until the right bytes are back."""

    OPEN = "OPEN"
    RESTORED = "RESTORED"  # đã khôi phục từ bản sao lưu
    SOUND_AGAIN = "SOUND_AGAIN"  # đọc lại thấy đúng
    GONE = "GONE"  # không còn trong kho, không văn bản nào dùng


class WhyOpen(StrEnum):
    """Lý do chưa khôi phục được."""

    NO_BACKUP = "NO_BACKUP"  # chưa đặt bản sao lưu
    NOT_IN_BACKUP = "NOT_IN_BACKUP"  # bản sao lưu không có tệp này
    BACKUP_ALTERED = "BACKUP_ALTERED"  # tệp trong bản sao lưu cũng đã khác
    BACKUP_AWAY = "BACKUP_AWAY"  # không đọc được bản sao lưu
    STORE_REFUSES = "STORE_REFUSES"  # không ghi được vào kho


def share_covered(cursor: str) -> float:
    """How much of the store lies before the cursor; digests are spread evenly, so no list is counted."""
    return (int(cursor, 16) + 1) / SPACE if cursor else 0.0


def share_due(started_at: datetime, now: datetime, *, days: int) -> float:
    """How much of the round should be done by now."""
    return min(1.0, max(0.0, (now - started_at) / (timedelta(days=days) * ROUND_SHARE)))


def read_up_to(started_at: datetime, now: datetime, *, days: int) -> str:
    """The digest up to which the store should have been read by now; each slot thus reads an even part."""
    due = share_due(started_at, now, days=days)
    return LAST if due >= 1 else f"{int(due * SPACE):064x}"


def is_behind(cursor: str, started_at: datetime, now: datetime, *, days: int) -> bool:
    """The round falls behind its plan: it will not have read every file within the period."""
    return share_due(started_at, now, days=days) - share_covered(cursor) > SLACK


def seems_detached(*, expected: int, present: int) -> bool:
    """Nothing of what should be there is there: a disk that is not mounted, not a thousand lost files."""
    return expected >= FEW and present == 0


def may_read_fixity(actor: Actor) -> Decision:
    """The installation's administrator (R11) looks after the store; its files he does not read (D14)."""
    return allowed_if(actor.has(Role.CITY_ADMIN, Role.SYSTEM), "evidence.fixity.not-administrator")
