"""A signature that a key elsewhere still owes: its life, who may answer it, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vanthu.kernel.actor import Actor
from vanthu.kernel.decisions import Decision, allowed_if
from vanthu.kernel.errors import Violation
from vanthu.kernel.transitions import TransitionTable, row


class SigningWay(StrEnum):
    """How the answer comes back (cách ký)."""

    BROWSER_TOKEN = "BROWSER_TOKEN"  # noqa: S105 - thiết bị ở trình duyệt, not a secret
    DESK_AGENT = "DESK_AGENT"  # phần mềm ký số trên máy của người ký
    REMOTE = "REMOTE"  # ký số từ xa


class PendingStatus(StrEnum):
    """Trạng thái chữ ký chờ."""

    WAITING = "WAITING"  # đang chờ
    DONE = "DONE"  # đã ký
    REFUSED = "REFUSED"  # đã hủy, hoặc thiết bị từ chối
    EXPIRED = "EXPIRED"  # hết hạn


class PendingMove(StrEnum):
    ANSWER = "ANSWER"  # nhận chữ ký
    GIVE_UP = "GIVE_UP"  # hủy
    EXPIRE = "EXPIRE"  # hết hạn


PENDING = TransitionTable(
    subject="signing.pending",
    initial=PendingStatus.WAITING,
    rows=[
        row(PendingMove.ANSWER, [PendingStatus.WAITING], PendingStatus.DONE),
        row(PendingMove.GIVE_UP, [PendingStatus.WAITING], PendingStatus.REFUSED),
        row(PendingMove.EXPIRE, [PendingStatus.WAITING], PendingStatus.EXPIRED),
    ],
)


@dataclass(frozen=True, slots=True)
class PendingFacts:
    """A waiting signature as the rules see it."""

    agency_id: int
    post_id: int
    status: PendingStatus
    expires_at: datetime


def may_answer(actor: Actor, pending: PendingFacts) -> Decision:
    """Only whoever asked, in the post in which he asked. Norm: TT41/2017 Đ.6; NĐ30 Đ.32.2 (văn thư personally)."""
    is_his = actor.agency_id == pending.agency_id and actor.post_id == pending.post_id
    return allowed_if(is_his, "signing.pending.not-yours")


def unmet_for_answering(pending: PendingFacts, now: datetime) -> tuple[Violation, ...]:
    """An answer that comes too late is not taken, whether or not the sweep has passed already."""
    return (Violation("signing.pending.expired"),) if now > pending.expires_at else ()
