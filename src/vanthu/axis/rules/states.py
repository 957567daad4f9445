"""The states of a parcel, as the protocol spells them, and which follow which. Norm: edxml.md §7.2–7.3."""

from __future__ import annotations

from enum import StrEnum


class SystemKind(StrEnum):
    """Who joined the axis."""

    CENTRE = "centre"  # trung tâm của cơ quan, tỉnh, bộ
    ENTERPRISE = "enterprise"  # doanh nghiệp


class MessageKind(StrEnum):
    """The two lists of the axis (`messagetype`)."""

    EDOC = "edoc"
    STATUS = "status"


class Route(StrEnum):
    """Where a parcel is to be had."""

    LOCAL = "LOCAL"  # a system that joined this axis fetches it
    FORWARD = "FORWARD"  # this axis sends it on to the axis above


class ParcelState(StrEnum):
    """Trạng thái gói tin của một nơi nhận; the protocol writes it in small letters."""

    INITIAL = "INITIAL"  # chờ lấy
    PROCESSING = "PROCESSING"  # đang xử lý
    DONE = "DONE"  # đã nhận xong
    FAIL = "FAIL"  # nơi nhận báo lỗi


OPEN_STATES = (ParcelState.INITIAL, ParcelState.PROCESSING)
"""What the list of received parcels shows by default: whatever the receiver has not settled."""


class EventKind(StrEnum):
    """What the flight recorder tells of a message."""

    ACCEPTED = "ACCEPTED"  # trục đã nhận, đã lưu bền
    REPEATED = "REPEATED"  # gửi lại đúng gói cũ: trả mã cũ
    REFUSED = "REFUSED"  # trục không nhận
    FETCHED = "FETCHED"  # nơi nhận đã lấy nội dung
    SETTLED = "SETTLED"  # nơi nhận báo trạng thái gói tin
    FORWARDED = "FORWARDED"  # đã chuyển lên trục cấp trên
    FORWARD_FAILED = "FORWARD_FAILED"  # chưa chuyển được lên trục cấp trên
    FORGOTTEN = "FORGOTTEN"  # hết hạn lưu, đã bỏ nội dung


_RANK = {ParcelState.INITIAL: 0, ParcelState.PROCESSING: 1, ParcelState.FAIL: 2, ParcelState.DONE: 3}


def after_report(current: ParcelState, reported: ParcelState) -> ParcelState:
    """Where a parcel stands after its receiver reported a state: a late or repeated report takes nothing back.

    A receiver that failed may try again; what is done stays done.
    """
    if current is ParcelState.FAIL and reported is ParcelState.PROCESSING:
        return reported
    return reported if _RANK[reported] > _RANK[current] else current
