"""Reads of what was asked back: the sender's asks, the receiver's demands, and what a recall would undo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vanthu.exchange.models import Ask, Demand
from vanthu.exchange.queries import DeliveryRow
from vanthu.exchange.rules.recall import NEVER_CAME, UNGRANTED, RecallState
from vanthu.exchange.rules.states import AskKind, AskState, DemandState
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode


@dataclass(frozen=True, slots=True)
class AskRow:
    """What was asked of one recipient, at whose word, and the answer."""

    id: int
    delivery_id: int
    kind: AskKind
    state: AskState
    reason: str
    ordered_by: str
    asked_at: datetime
    answered_at: datetime | None
    answer: str
    is_acknowledged: bool

    @property
    def is_unread(self) -> bool:
        """The recipient keeps it, and the clerk has not taken note."""
        return self.state in UNGRANTED and not self.is_acknowledged


def asks_of(document_id: int) -> dict[int, tuple[AskRow, ...]]:
    """By delivery, oldest first; one query."""
    found: dict[int, list[AskRow]] = defaultdict(list)
    for row in Ask.objects.filter(delivery__document_id=document_id).order_by("id"):
        found[row.delivery_id].append(
            AskRow(
                row.pk,
                row.delivery_id,
                AskKind(row.kind),
                AskState(row.state),
                row.reason,
                row.ordered_by,
                row.asked_at,
                row.answered_at,
                row.answer,
                row.is_acknowledged,
            )
        )
    return {key: tuple(rows) for key, rows in found.items()}


@dataclass(frozen=True, slots=True)
class DemandRow:
    """What the sender of a received document asks, and what became of it."""

    id: int
    kind: AskKind
    state: DemandState
    sender_name: str
    reason: str
    received_at: datetime
    decided_at: datetime | None
    decided_by: str
    answer: str

    @property
    def is_open(self) -> bool:
        return self.state is DemandState.OPEN

    @property
    def may_be_declined(self) -> bool:
        """D27: a thu hồi is carried out; only lấy lại and newer content may be declined."""
        return self.kind in {AskKind.TAKE_BACK, AskKind.CHANGE}


def demands_of(document_id: int) -> tuple[DemandRow, ...]:
    """Newest first; replacements are links, not demands."""
    rows = Demand.objects.filter(arrival__document_id=document_id).exclude(kind=AskKind.REPLACE)
    return tuple(
        DemandRow(
            row.pk,
            AskKind(row.kind),
            DemandState(row.state),
            row.sender_name,
            row.reason,
            row.received_at,
            row.decided_at,
            row.decided_by,
            row.answer,
        )
        for row in rows.order_by("-id")
    )


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """One recipient, how far he has come, and what a recall would undo there."""

    delivery_id: int
    name: str
    state: DeliveryState
    recall: RecallState
    reached: tuple[tuple[StatusCode, datetime, str], ...]
    """01, 03, 04, 05, 06 with the time of the first of each and its words."""

    @property
    def is_electronic(self) -> bool:
        return self.state not in NEVER_CAME

    @property
    def may_be_asked(self) -> bool:
        return self.is_electronic and self.recall is RecallState.NONE


_REACHED = (
    StatusCode.ARRIVED,
    StatusCode.ACCEPTED,
    StatusCode.ASSIGNED,
    StatusCode.IN_PROGRESS,
    StatusCode.DONE,
)


def impact_of(rows: Sequence[DeliveryRow]) -> tuple[ImpactRow, ...]:
    """What is known of each recipient, from the statuses that came; nobody else's records are looked into (D6)."""
    found = []
    for row in rows:
        first = {status.code: status for status in reversed(row.statuses)}
        reached = tuple((code, first[code].at, first[code].description) for code in _REACHED if code in first)
        found.append(ImpactRow(row.id, row.recipient_name, row.state, row.recall, reached))
    return tuple(found)
