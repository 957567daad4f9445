"""How the axis' states, events and troubles are said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vanthu.axis.rules.states import EventKind, MessageKind, ParcelState, SystemKind

KIND_LABELS = {SystemKind.CENTRE: _("Trung tâm của cơ quan"), SystemKind.ENTERPRISE: _("Doanh nghiệp")}
STATE_LABELS = {
    ParcelState.INITIAL: _("Chờ lấy"),
    ParcelState.PROCESSING: _("Đang xử lý"),
    ParcelState.DONE: _("Đã nhận xong"),
    ParcelState.FAIL: _("Báo lỗi"),
}
STATE_MARKS = {
    ParcelState.INITIAL: "none",
    ParcelState.PROCESSING: "none",
    ParcelState.DONE: "ok",
    ParcelState.FAIL: "warn",
}
MESSAGE_LABELS = {MessageKind.EDOC: _("Văn bản"), MessageKind.STATUS: _("Trạng thái")}
BUSINESS_LABELS = {0: _("văn bản mới"), 1: _("thu hồi"), 2: _("cập nhật"), 3: _("thay thế")}
STATUS_LABELS = {
    "01": _("đã đến"),
    "02": _("từ chối tiếp nhận"),
    "03": _("đã tiếp nhận"),
    "04": _("đã phân công"),
    "05": _("đang xử lý"),
    "06": _("hoàn thành"),
    "13": _("yêu cầu lấy lại"),
    "15": _("đồng ý lấy lại, cập nhật"),
    "16": _("từ chối lấy lại, cập nhật"),
}
EVENT_LABELS = {
    EventKind.ACCEPTED: _("gửi lên, trục đã lưu"),
    EventKind.REPEATED: _("gửi lại đúng gói cũ, trục trả mã cũ"),
    EventKind.REFUSED: _("gửi lên, trục không nhận"),
    EventKind.FETCHED: _("lấy nội dung"),
    EventKind.FORWARDED: _("đã nhận từ trục này"),
    EventKind.FORWARD_FAILED: _("chưa nhận từ trục này"),
    EventKind.FORGOTTEN: _("hết hạn lưu, đã bỏ nội dung"),
}
REPORT_LABELS = {
    ParcelState.PROCESSING: _("báo đang xử lý"),
    ParcelState.DONE: _("báo đã nhận xong"),
    ParcelState.FAIL: _("báo lỗi"),
}
AGAIN_LABEL, STOPPED_LABEL = _("cho giao lại"), _("dừng giao")
