"""How packets, calls and what a reader noticed are said on the screens of the exchange."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vanthu.edxml.message import WarningKind
from vanthu.edxml.words import NOTICE_LABELS
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
    label = _(NOTICE_LABELS[WarningKind(kind)]) if kind in set(WarningKind) else kind
    where = ": ".join(part for part in (element, raw) if part)
    said = label[:1].upper() + label[1:]
    return f"{said} ({where})" if where else said
