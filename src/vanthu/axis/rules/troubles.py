"""Vướng mắc: why a parcel is not with its receiver yet and what helps; also why a call was refused, in plain words.

Pure: told from the times and states of a parcel, so that the operator's screen never has to guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vanthu.axis.rules.states import OPEN_STATES, ParcelState, Route

LATE = timedelta(hours=1)
"""Clients in circulation poll each 5 minutes (edxml.md §7.3): after so long something is wrong with the receiver."""
SILENT = timedelta(minutes=30)
"""A system that has not called for so long is away."""


class Trouble(StrEnum):
    """What keeps a parcel from being done."""

    RECEIVER_CLOSED = "receiver-closed"
    NEVER_CALLED = "never-called"
    SILENT = "silent"
    NOT_FETCHED = "not-fetched"
    NOT_SETTLED = "not-settled"
    FAILED = "failed"
    NOT_FORWARDED = "not-forwarded"
    NO_UPSTREAM = "no-upstream"


@dataclass(frozen=True, slots=True)
class ParcelTimes:
    """What is known of a parcel and of the system that is to fetch it."""

    state: ParcelState
    route: Route
    created_at: datetime
    fetched_at: datetime | None
    is_system_active: bool
    system_seen_at: datetime | None
    attempts: int = 0
    has_upstream: bool = True


def trouble_of(parcel: ParcelTimes, *, now: datetime) -> Trouble | None:
    """The one thing to look at first; None: all is well, or it is too early to say."""
    if parcel.state is ParcelState.FAIL:
        return Trouble.FAILED
    if parcel.state not in OPEN_STATES:
        return None
    if parcel.route is Route.FORWARD:
        return _of_forwarding(parcel)
    if not parcel.is_system_active:
        return Trouble.RECEIVER_CLOSED
    if now - parcel.created_at < LATE:
        return None
    return _of_waiting(parcel, now)


def _of_forwarding(parcel: ParcelTimes) -> Trouble | None:
    if not parcel.has_upstream:
        return Trouble.NO_UPSTREAM
    return Trouble.NOT_FORWARDED if parcel.attempts and not parcel.fetched_at else None


def _of_waiting(parcel: ParcelTimes, now: datetime) -> Trouble:
    if parcel.system_seen_at is None:
        return Trouble.NEVER_CALLED
    if now - parcel.system_seen_at > SILENT:
        return Trouble.SILENT
    return Trouble.NOT_SETTLED if parcel.fetched_at else Trouble.NOT_FETCHED


CAUSES = {
    Trouble.RECEIVER_CLOSED: (
        "Hệ thống của nơi nhận đã đóng kết nối với trục.",
        "Mở lại hệ thống, hoặc báo nơi gửi chuyển văn bản bằng cách khác.",
    ),
    Trouble.NEVER_CALLED: (
        "Hệ thống của nơi nhận chưa lần nào kết nối tới trục.",
        "Báo đơn vị vận hành hệ thống nhận kiểm tra địa chỉ trục, mã hệ thống và khóa bí mật.",
    ),
    Trouble.SILENT: (
        "Hệ thống của nơi nhận không kết nối từ {seen}.",
        "Báo đơn vị vận hành hệ thống nhận kiểm tra phần mềm và đường truyền.",
    ),
    Trouble.NOT_FETCHED: (
        "Hệ thống của nơi nhận vẫn kết nối nhưng chưa lấy gói tin này.",
        "Báo đơn vị vận hành hệ thống nhận xem nhật ký: phần mềm có thể dừng ở một gói tin trước.",
    ),
    Trouble.NOT_SETTLED: (
        "Nơi nhận đã lấy gói tin nhưng chưa báo kết quả, nên gói tin còn trong danh sách chờ.",
        "Báo nơi nhận kiểm tra văn bản đã vào hệ thống chưa; phần mềm cần gọi updateStatus sau khi lưu.",
    ),
    Trouble.FAILED: (
        "Nơi nhận báo lỗi: {words}.",
        "Khắc phục lỗi rồi cho giao lại; nếu lỗi ở tệp, báo nơi gửi phát hành lại.",
    ),
    Trouble.NOT_FORWARDED: (
        "Chưa chuyển được lên trục cấp trên sau {attempts} lần thử.",
        "Trục tự thử lại; xem lần thử gần nhất ở dòng thời gian và kiểm tra đường truyền tới trục cấp trên.",
    ),
    Trouble.NO_UPSTREAM: (
        "Nơi nhận không thuộc trục này và chưa cấu hình trục cấp trên.",
        "Đặt VANTHU_AXIS_UPSTREAM_URL, _SYSTEM và _SECRET rồi khởi động lại.",
    ),
}
"""Cause and remedy, msgids; `{seen}`, `{words}` and `{attempts}` are filled in."""

REFUSED_CALLS = {
    "10": ("Tệp gửi lên không phải edXML.", "Nơi gửi kiểm tra phần mềm tạo gói tin."),
    "15": (
        "Mã hệ thống hoặc khóa bí mật không đúng, hoặc đồng hồ lệch quá giới hạn.",
        "So khóa bí mật và đồng hồ của hệ thống gọi; cấp khóa mới nếu nghi bị lộ.",
    ),
    "18": (
        "Nơi nhận không có trên trục.",
        "Nơi gửi cập nhật danh sách đơn vị; nơi nhận đăng ký mã với trục.",
    ),
    "19": (
        "Mã nơi gửi không thuộc hệ thống đã gọi.",
        "Đăng ký mã đó cho hệ thống, hoặc sửa mã nơi gửi trong phần mềm.",
    ),
    "20": ("Trục gặp lỗi khi xử lý.", "Xem nhật ký máy chủ của trục lúc đó."),
    "21": ("Tệp bị hỏng trên đường truyền.", "Nơi gửi gửi lại; kiểm tra proxy trên đường truyền."),
    "22": ("Gói tin edXML sai cấu trúc.", "Nơi gửi sửa phần mềm theo QCVN 102:2016/BTTTT."),
    "23": ("Nơi nhận đang đóng.", "Mở lại hệ thống nhận, hoặc nơi gửi chuyển bằng cách khác."),
}
"""By ErrorCode (edxml.md §7.4), msgids."""
