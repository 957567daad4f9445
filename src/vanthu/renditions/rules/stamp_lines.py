"""What an agency's signature says where it shows no picture, and where on the page it says it.

Norm: NĐ30 Phụ lục I (annexes in files of their own; copies in electronic form), law.md §2.5 and §2.10.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vanthu.kernel.due import local

POINTS_PER_MM = 72 / 25.4
FROM_TOP_MM = 6.0
FROM_RIGHT_MM = 15.0
"""The narrowest right margin of Annex I; the words end where the lines of the page end."""
WIDEST_MM = 95.0
NARROWEST_MM = 30.0

Box = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in units of the page, not turned."""


class CopyForm(StrEnum):
    """Hình thức sao. Norm: NĐ30 Đ.25."""

    SAO_Y = "Sao y"
    SAO_LUC = "Sao lục"
    TRICH_SAO = "Trích sao"


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What a page shows of itself: its visible box, how far it is turned, how long its unit is."""

    box: Box
    quarter_turns: int = 0
    """Clockwise, as it is displayed."""
    unit_pt: float = 1.0
    """Points in one unit of the page; plans larger than five metres have more than one."""

    @property
    def shown_width_mm(self) -> float:
        x0, y0, x1, y1 = self.box
        width = y1 - y0 if self.quarter_turns % 2 else x1 - x0
        return width * self.unit_pt / POINTS_PER_MM


def annex_lines(*, full_number: str, signed_at: datetime) -> tuple[str, ...]:
    """Số và ký hiệu văn bản; thời gian ký. Norm: NĐ30 Phụ lục I."""
    return (full_number, signing_time(signed_at))


def copy_lines(*, form: CopyForm, agency_name: str, signed_at: datetime) -> tuple[str, ...]:
    """Hình thức sao; tên cơ quan sao; thời gian ký. Norm: NĐ30 Phụ lục I."""
    return (form.value, agency_name, signing_time(signed_at))


def signing_time(signed_at: datetime) -> str:
    """Ngày tháng năm; giờ phút giây; múi giờ Việt Nam theo ISO 8601."""
    at = local(signed_at)
    zone = f"{at:%z}"
    return f"{at:%d/%m/%Y %H:%M:%S} {zone[:3]}:{zone[3:]}"


def room_for_words_mm(frame: PageFrame) -> float:
    """How wide the words may become before they go on in the next line."""
    return max(NARROWEST_MM, min(WIDEST_MM, frame.shown_width_mm - 2 * FROM_RIGHT_MM))


def upper_right(frame: PageFrame, width_pt: float, height_pt: float) -> Box:
    """The box for words of that size, upright as displayed, in the upper right corner of the displayed page."""
    x0, y0, x1, y1 = frame.box
    scale = 1 / frame.unit_pt
    down, left = FROM_TOP_MM * POINTS_PER_MM * scale, FROM_RIGHT_MM * POINTS_PER_MM * scale
    wide, high = width_pt * scale, height_pt * scale
    match frame.quarter_turns % 4:
        case 0:
            return (x1 - left - wide, y1 - down - high, x1 - left, y1 - down)
        case 1:
            return (x0 + down, y1 - left - wide, x0 + down + high, y1 - left)
        case 2:
            return (x0 + left, y0 + down, x0 + left + wide, y0 + down + high)
        case _:
            return (x1 - down - high, y0 + left, x1 - down, y0 + left + wide)
