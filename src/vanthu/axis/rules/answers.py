"""What the axis answers: the codes in circulation, their sentences, and what goes with them. Norm: edxml.md §7.2, §7.4.

`ErrorDesc` is written without accents, as clients in circulation print it into logs of one byte per letter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum

THANKS = "Thanh cong"


class Code(StrEnum):
    """Mã lỗi (`ErrorCode`) of the axes in circulation."""

    OK = "0"
    FILE_INVALID = "10"  # tệp không hợp lệ
    UNAUTHORIZED = "15"  # sai systemid, khóa bí mật, tem thời gian
    RECEIVER_UNKNOWN = "18"  # nơi nhận chưa có trên trục
    SENDER_UNKNOWN = "19"  # nơi gửi chưa đăng ký với hệ thống gọi
    SYSTEM = "20"  # lỗi của trục: gọi lại sau
    FILE_PROCESSING = "21"  # không có gói tin, không xử lý được gói tin
    EDXML_WRONG = "22"  # nội dung edXML, tham số không đúng
    RECEIVER_CLOSED = "23"  # nơi nhận đã khóa, ngừng hoạt động


class Refused(Exception):
    """The axis does not do what was asked: `code` and `text` go out as `ErrorCode` and `ErrorDesc`."""

    def __init__(self, code: Code, text: str) -> None:
        super().__init__(f"{code.value}: {text}")
        self.code = code
        self.text = text


WRONG_SIGNATURE = "Sai systemid hoac khoa bi mat"
SYSTEM_CLOSED = "He thong {system} da bi khoa tren truc"
STALE = "Tem thoi gian {stamp} lech qua {hours} gio so voi dong ho cua truc"
NO_STAMP = "Tem thoi gian khong dung dang ddMMyyyy'T'HHmmss+SSSS"
MISSING = "Thieu tham so {name}"
BAD_VALUE = "Tham so {name} khong hop le: {value}"
NO_CALL = "Truc khong co loi goi nay"
WRONG_METHOD = "Loi goi nay dung phuong thuc {method}"
TOO_LARGE = "Tep vuot qua {limit} MB"
EMPTY_FILE = "Tep rong"
BROKEN_OFF = "Noi dung gui len bi ngat giua chung"
HASH_WRONG = "Ma bam hash-file khong khop voi noi dung nhan duoc"
FOREIGN_SENDER = "Don vi gui {sender} khong dung voi ma da dang ky: {codes}"
UNKNOWN_RECEIVERS = "Don vi nhan chua co tren truc: {codes}"
CLOSED_RECEIVERS = "Don vi nhan da ngung hoat dong tren truc: {codes}"
NO_RECEIVER = "Goi tin khong co don vi nhan"
NOT_ADDRESSED = "Don vi nhan trong tham so to khong co trong van ban: {codes}"
WRONG_KIND = "Goi tin la {found}, khong phai {asked}"
UNREADABLE = "edXML khong doc duoc ({code}): {detail}"
NO_PARCEL = "Khong co goi tin {doc_id} cua he thong nay"
FORGOTTEN = "Goi tin {doc_id} da het han luu tren truc"
BAD_STATE = "Trang thai goi tin phai la processing, done hoac fail"
BAD_JSON = "Noi dung dang ky khong phai JSON hop le"
TROUBLE = "Truc dang gap su co, hay goi lai sau"

INVALID_FILE_CODES = frozenset({"junk", "not-xml", "truncated", "encoding", "too-large", "bomb"})
"""Of `Unreadable`: what is no edXML at all; everything else is edXML that says something wrong."""


def unreadable(code: str, detail: str) -> Refused:
    """The refusal of a message that the codec refused."""
    kind = Code.FILE_INVALID if code in INVALID_FILE_CODES else Code.EDXML_WRONG
    return Refused(kind, UNREADABLE.format(code=code, detail=detail or "-"))


def listed(codes: Sequence[str], limit: int = 5) -> str:
    """Codes for a sentence; what is too much is counted."""
    more = f" va {len(codes) - limit} ma khac" if len(codes) > limit else ""
    return ", ".join(codes[:limit]) + more


def answer(**more: object) -> bytes:
    """A good answer: `data`, `DocId` or `count` beside the three keys that each answer has."""
    return _json({"status": "OK", "ErrorCode": Code.OK.value, "ErrorDesc": THANKS, **more})


def refusal(refused: Refused, **more: object) -> bytes:
    return _json({"status": "FAIL", "ErrorCode": refused.code.value, "ErrorDesc": refused.text, **more})


def _json(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
