"""The life of a draft up to the signature (law.md b.2, first half; decision D8)."""

from __future__ import annotations

from enum import StrEnum

from vanthu.kernel.transitions import TransitionTable, row


class State(StrEnum):
    """Trạng thái dự thảo."""

    DRAFT = "DRAFT"  # DU_THAO
    AWAITING_CONTENT = "AWAITING_CONTENT"  # CHO_DUYET_NOI_DUNG
    AWAITING_FORM = "AWAITING_FORM"  # CHO_KIEM_TRA_THE_THUC
    AWAITING_SIGNATURE = "AWAITING_SIGNATURE"  # CHO_KY
    SIGNED = "SIGNED"  # DA_KY
    DISCARDED = "DISCARDED"  # DA_HUY


class Move(StrEnum):
    """Việc làm với dự thảo."""

    REVISE = "REVISE"  # sửa dự thảo
    SUBMIT = "SUBMIT"  # trình
    APPROVE_CONTENT = "APPROVE_CONTENT"  # duyệt nội dung
    PASS_FORM = "PASS_FORM"  # noqa: S105 - đạt thể thức, not a password
    RETURN = "RETURN"  # trả lại
    SIGN = "SIGN"  # ký ban hành
    DISCARD = "DISCARD"  # hủy dự thảo


WAITING = (State.AWAITING_CONTENT, State.AWAITING_FORM, State.AWAITING_SIGNATURE)

DRAFT = TransitionTable(
    subject="drafting.draft",
    initial=State.DRAFT,
    rows=[
        row(Move.REVISE, [State.DRAFT]),
        row(Move.SUBMIT, [State.DRAFT], State.AWAITING_CONTENT),
        row(Move.APPROVE_CONTENT, [State.AWAITING_CONTENT], State.AWAITING_FORM),
        row(Move.PASS_FORM, [State.AWAITING_FORM], State.AWAITING_SIGNATURE),
        row(Move.RETURN, WAITING, State.DRAFT),
        row(Move.SIGN, [State.AWAITING_SIGNATURE], State.SIGNED),
        row(Move.DISCARD, [State.DRAFT, *WAITING], State.DISCARDED),
    ],
)

STATE_LABELS = {
    State.DRAFT: "Dự thảo",
    State.AWAITING_CONTENT: "Chờ duyệt nội dung",
    State.AWAITING_FORM: "Chờ kiểm tra thể thức",
    State.AWAITING_SIGNATURE: "Chờ ký",
    State.SIGNED: "Đã ký",
    State.DISCARDED: "Đã hủy",
}

MOVE_LABELS = {
    Move.REVISE: "Sửa dự thảo",
    Move.SUBMIT: "Trình lãnh đạo đơn vị",
    Move.APPROVE_CONTENT: "Duyệt nội dung",
    Move.PASS_FORM: "Đạt thể thức",
    Move.RETURN: "Trả lại",
    Move.SIGN: "Ký số ban hành",
    Move.DISCARD: "Hủy dự thảo",
}
