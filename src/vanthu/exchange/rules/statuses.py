"""The state of a delivery follows the receiver's status codes: the highest rank counts (law.md b.3; D25)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum


class StatusCode(StrEnum):
    """Mã trạng thái liên thông (law.md §3.1). 01–06 are ranked; 13 goes to the receiver, 15 and 16 answer it."""

    ARRIVED = "01"
    REFUSED = "02"
    ACCEPTED = "03"
    ASSIGNED = "04"
    IN_PROGRESS = "05"
    DONE = "06"
    TAKE_BACK = "13"
    AGREED = "15"
    DECLINED = "16"


CODE_LABELS = {
    StatusCode.ARRIVED: "Đã đến",
    StatusCode.REFUSED: "Từ chối tiếp nhận",
    StatusCode.ACCEPTED: "Đã tiếp nhận",
    StatusCode.ASSIGNED: "Phân công",
    StatusCode.IN_PROGRESS: "Đang xử lý",
    StatusCode.DONE: "Hoàn thành",
    StatusCode.TAKE_BACK: "Yêu cầu lấy lại",
    StatusCode.AGREED: "Đồng ý yêu cầu cập nhật, lấy lại",
    StatusCode.DECLINED: "Từ chối yêu cầu cập nhật, lấy lại",
}


UNKNOWN_CODE_LABELS = {"": "Mã trạng thái chưa rõ nghĩa; không làm thay đổi trạng thái gửi nhận"}


def code_label(code: str) -> str:
    """The words of a code, also of one that nobody knows."""
    return CODE_LABELS[StatusCode(code)] if code in set(StatusCode) else UNKNOWN_CODE_LABELS[""]


class DeliveryState(StrEnum):
    """Trạng thái gửi nhận của một nơi nhận."""

    TO_SEND = "TO_SEND"  # CHO_GUI
    SENDING = "SENDING"  # đang gửi: một tiến trình đã nhận việc
    SENT = "SENT"  # DA_GUI
    ARRIVED = "ARRIVED"  # DA_DEN (01)
    REFUSED = "REFUSED"  # TU_CHOI (02)
    ACCEPTED = "ACCEPTED"  # DA_TIEP_NHAN (03)
    ASSIGNED = "ASSIGNED"  # PHAN_CONG (04)
    IN_PROGRESS = "IN_PROGRESS"  # DANG_XU_LY (05)
    DONE = "DONE"  # HOAN_THANH (06)
    RETURNED_LATE = "RETURNED_LATE"  # TRA_LAI_SAU_TIEP_NHAN
    FAILED = "FAILED"  # LOI_GUI
    PAPER = "PAPER"  # gửi bản giấy


STATE_LABELS = {
    DeliveryState.TO_SEND: "Chờ gửi",
    DeliveryState.SENDING: "Đang gửi",
    DeliveryState.SENT: "Đã gửi",
    DeliveryState.ARRIVED: "Đã đến",
    DeliveryState.REFUSED: "Từ chối tiếp nhận",
    DeliveryState.ACCEPTED: "Đã tiếp nhận",
    DeliveryState.ASSIGNED: "Đã phân công",
    DeliveryState.IN_PROGRESS: "Đang xử lý",
    DeliveryState.DONE: "Hoàn thành",
    DeliveryState.RETURNED_LATE: "Trả lại sau tiếp nhận",
    DeliveryState.FAILED: "Lỗi gửi",
    DeliveryState.PAPER: "Gửi bản giấy",
}

_FORWARD = {
    StatusCode.ARRIVED: DeliveryState.ARRIVED,
    StatusCode.ACCEPTED: DeliveryState.ACCEPTED,
    StatusCode.ASSIGNED: DeliveryState.ASSIGNED,
    StatusCode.IN_PROGRESS: DeliveryState.IN_PROGRESS,
    StatusCode.DONE: DeliveryState.DONE,
}

_RANK = {
    DeliveryState.TO_SEND: 0,
    DeliveryState.SENDING: 0,
    DeliveryState.FAILED: 0,
    DeliveryState.SENT: 0,
    DeliveryState.ARRIVED: 1,
    DeliveryState.ACCEPTED: 3,
    DeliveryState.ASSIGNED: 4,
    DeliveryState.IN_PROGRESS: 5,
    DeliveryState.DONE: 6,
}

_AFTER_ACCEPTANCE = frozenset({DeliveryState.ACCEPTED, DeliveryState.ASSIGNED, DeliveryState.IN_PROGRESS})


def after_status(state: DeliveryState, code: StatusCode) -> DeliveryState:
    """The state after a status: late and repeated ones change nothing; 02 after 03–05 is a return (D25).

    13, 15 and 16 move what was asked back (`rules.states`), not how far the receiver has come.
    """
    if code is StatusCode.REFUSED:
        if state in _AFTER_ACCEPTANCE:
            return DeliveryState.RETURNED_LATE
        return DeliveryState.REFUSED if _RANK.get(state, 9) <= 1 else state
    target = _FORWARD.get(code)
    if target is None:
        return state
    return target if state in _RANK and _RANK[target] > _RANK[state] else state


def state_after(before: DeliveryState, told: Iterable[tuple[datetime, StatusCode]]) -> DeliveryState:
    """Where a delivery stands by everything its receiver has told: (his clock, code), in any order of arrival.

    The line keeps no order. A 02 that overtakes the 03 before it is a return after acceptance all the same, and the
    03 that comes behind it changes what the 02 meant; in one second the 02 is the later.
    """
    if before is DeliveryState.PAPER:
        return before
    state = DeliveryState.SENT
    for _, _, code in sorted((at, code is StatusCode.REFUSED, code) for at, code in told):
        state = after_status(state, code)
    return before if state is DeliveryState.SENT else state
