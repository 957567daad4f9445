"""How packets, calls and what a reader noticed are said on the screens of the exchange."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vanthu.edxml.message import WarningKind
from vanthu.exchange.rules.diagnoses import WORDS, Diagnosis

PACKET_LABELS = {
    "TO_SEND": "Chờ gửi lên trục",
    "SENDING": "Đang gửi lên trục",
    "UNKNOWN": "Chưa rõ trục đã nhận hay chưa",
    "TAKEN": "Trục đã nhận",
    "FAILED": "Trục không nhận",
    "STORED": "Đã tải về, chờ xử lý",
    "DUPLICATE": "Trùng gói đã nhận",
    "PARKED": "Chờ văn bản liên quan",
    "SET_ASIDE": "Để riêng chờ văn thư xem",
    "REFUSED": "Không nhận được gói tin",
}
FETCHED_LABELS = {"TAKEN": "Đã vào hệ thống"}
CALL_LABELS = {
    "sendEdoc": "Gửi gói tin",
    "getEdoc": "Tải gói tin",
    "downloadEdoc": "Tải gói tin",
    "updateStatus": "Báo trục đã nhận",
    "getSentEdocList": "Hỏi trục đã nhận chưa",
    "getReceivedEdocList": "Hỏi danh sách gói đến",
}
WARNING_LABELS = {
    WarningKind.BUSINESS_SPELLING: "Tên phần nghiệp vụ viết khác quy cách",
    WarningKind.NO_TRACE: "Không có dấu vết đường đi",
    WarningKind.NO_PREFIX: "Thẻ XML thiếu tiền tố",
    WarningKind.NO_NAMESPACE: "Không khai báo không gian tên",
    WarningKind.ELEMENT_TWICE: "Có mục ghi hai lần",
    WarningKind.DATE_FORM: "Ngày viết khác quy cách",
    WarningKind.DATE_UNREADABLE: "Không đọc được ngày",
    WarningKind.NUMBER_UNREADABLE: "Không đọc được số",
    WarningKind.TYPE_UNKNOWN: "Nhóm loại văn bản lạ",
    WarningKind.TYPE_NAME_UNKNOWN: "Tên loại văn bản lạ",
    WarningKind.ORGAN_CODE_MISSING: "Thiếu mã định danh cơ quan",
    WarningKind.ORGAN_CODE_FORM: "Mã định danh sai quy cách",
    WarningKind.RECEIVER_TWICE: "Một nơi nhận ghi hai lần",
    WarningKind.BYTE_ORDER_MARK: "Tệp bắt đầu bằng dấu thứ tự byte",
    WarningKind.UNBOUND_ATTRIBUTE_PREFIX: "Tiền tố thuộc tính chưa khai báo",
    WarningKind.ELEMENT_ORDER: "Thứ tự các mục khác quy cách",
    WarningKind.UNKNOWN_ELEMENT: "Có mục lạ",
    WarningKind.FOREIGN_ATTRIBUTE: "Có thuộc tính lạ",
    WarningKind.SIGNATURE_IGNORED: "Chữ ký của gói tin không được dùng làm căn cứ",
    WarningKind.STATUS_CODE_FORM: "Mã trạng thái viết khác quy cách",
    WarningKind.STATUS_CODE_UNKNOWN: "Mã trạng thái lạ",
    WarningKind.NO_ATTACHMENT: "Gói tin không có tệp",
    WarningKind.ATTACHMENT_UNPAIRED: "Tệp không khớp danh sách kê",
    WarningKind.ATTACHMENT_TYPE_LIES: "Kiểu tệp khai khác nội dung",
    WarningKind.ATTACHMENT_LINE_BREAKS: "Nội dung tệp có xuống dòng",
    WarningKind.ATTACHMENT_NAME_CLEANED: "Tên tệp được làm sạch",
    WarningKind.ATTACHMENT_MANGLED: "Tệp hỏng do chuyển mã",
    WarningKind.FIELD_TOO_LONG: "Nội dung dài quá quy định",
    WarningKind.FIELD_MISSING: "Thiếu mục bắt buộc",
}


def packet_words(state: str, *, is_fetched: bool) -> str:
    label = FETCHED_LABELS.get(state, "") if is_fetched else ""
    return _(label or PACKET_LABELS.get(state, state))


def call_words(call: str) -> str:
    return _(CALL_LABELS[call]) if call in CALL_LABELS else call


def cause_and_remedy(diagnosis: str) -> tuple[str, str]:
    """Why a call failed and what to do; two empty sentences where it went well."""
    if diagnosis not in set(Diagnosis):
        return "", ""
    words = WORDS[Diagnosis(diagnosis)]
    return _(words.cause), _(words.remedy)


def warning_words(kind: str, element: str, raw: str) -> str:
    """`Ngày viết khác quy cách (PromulgationDate: 30/10/2020)`."""
    label = _(WARNING_LABELS[WarningKind(kind)]) if kind in set(WarningKind) else kind
    where = ": ".join(part for part in (element, raw) if part)
    return f"{label} ({where})" if where else label
