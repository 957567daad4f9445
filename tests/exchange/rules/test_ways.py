"""Electronic first, paper only where that cannot be, and then with why and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from vanthu.exchange.rules.ways import NO_LINE, Reach, Way, WayKind, way_to

OURS = Reach(True, True, None, True, "", None)
THEIRS = replace(OURS, is_ours=False)
SINCE = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("reach", "has_line", "way"),
    [
        (OURS, True, Way(WayKind.LOCAL)),
        (OURS, False, Way(WayKind.LOCAL)),
        (THEIRS, True, Way(WayKind.AXIS)),
        (THEIRS, False, Way(WayKind.PAPER, NO_LINE)),
        (
            replace(OURS, can_receive=False, reason="Chưa có đường truyền"),
            True,
            Way(WayKind.PAPER, "Chưa có đường truyền"),
        ),
        (
            replace(THEIRS, can_receive=False, since=SINCE),
            True,
            Way(WayKind.PAPER, "Chưa nhận được văn bản điện tử (từ 01/03/2026)"),
        ),
        (
            replace(THEIRS, is_active=False, closed_on=SINCE),
            True,
            Way(WayKind.PAPER, "Không còn trong danh sách của trục liên thông (từ 01/03/2026)"),
        ),
    ],
)
def test_the_way_of_a_recipient(reach: Reach, has_line: bool, way: Way) -> None:
    assert way_to(reach, has_line=has_line) == way
