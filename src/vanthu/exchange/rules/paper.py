"""Gửi bản giấy: who gets paper, by which way it goes, and what must be written down of it (law.md §1.9, §2.11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.kernel.errors import Violation


class PaperWay(StrEnum):
    """Cách chuyển bản giấy."""

    POST = "POST"  # bưu điện
    REGISTERED_POST = "REGISTERED_POST"  # bưu điện, bảo đảm
    MESSENGER = "MESSENGER"  # chuyển trực tiếp, ký nhận


WAY_LABELS = {
    PaperWay.POST: "Bưu điện",
    PaperWay.REGISTERED_POST: "Bưu điện (bảo đảm)",
    PaperWay.MESSENGER: "Chuyển trực tiếp",
}


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """One delivery as the rules see it."""

    delivery_id: int
    state: DeliveryState
    is_posted: bool


def unmet_for_posting(
    rows: Iterable[PaperFacts], *, asked: int, posted_on: date, today: date
) -> tuple[Violation, ...]:
    """What stands against writing these down as sent on paper; all of it. Norm: NĐ30 PL.IV (sổ gửi văn bản đi bưu điện)."""
    found = list(rows)
    unmet = []
    if asked == 0:
        unmet.append(Violation("exchange.paper.none-chosen"))
    if len(found) < asked or any(row.state is not DeliveryState.PAPER for row in found):
        unmet.append(Violation("exchange.paper.not-on-paper"))
    if any(row.is_posted for row in found):
        unmet.append(Violation("exchange.paper.posted-already"))
    if posted_on > today:
        unmet.append(Violation("exchange.paper.not-yet"))
    return tuple(unmet)
