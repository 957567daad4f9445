"""By which way a recipient is reached: inside the system, over the axis, on paper; never silently by none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NO_LINE = "Hệ thống chưa nối trục liên thông"
CLOSED = "Không còn trong danh sách của trục liên thông"
NOT_ABLE = "Chưa nhận được văn bản điện tử"


class WayKind(StrEnum):
    """Cách gửi tới một nơi nhận."""

    LOCAL = "local"  # trong hệ thống
    AXIS = "axis"  # trục liên thông
    PAPER = "paper"  # bản giấy


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of a recipient's ability to receive."""

    is_ours: bool
    is_active: bool
    closed_on: date | None
    can_receive: bool
    reason: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Way:
    """The way chosen, and for paper why and since when."""

    kind: WayKind
    why: str = ""


def way_to(reach: Reach, *, has_line: bool) -> Way:
    """The way of one recipient. Norm: QĐ28 Đ.5, Đ.7; QĐ 4729 (electronic first, paper only where that cannot be)."""
    if not reach.can_receive:
        return Way(WayKind.PAPER, _since(reach.reason or NOT_ABLE, reach.since))
    if reach.is_ours:
        return Way(WayKind.LOCAL)
    if not reach.is_active:
        return Way(WayKind.PAPER, _since(CLOSED, reach.closed_on))
    return Way(WayKind.AXIS) if has_line else Way(WayKind.PAPER, NO_LINE)


def _since(why: str, day: date | None) -> str:
    return f"{why} (từ {day:%d/%m/%Y})" if day else why
