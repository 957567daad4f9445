"""Chẩn đoán: what a call to the gateway came to, why in plain words, and what to do about it.

Norm: edxml.md §7.2–7.4 (codes in circulation), §4 ("Exist trace" is a success).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vanthu.edxml.gateway import Answer, UnreadableAnswer, parse_answer

SENDING = "sendEdoc"
LONGEST_SKEW = timedelta(minutes=5)
"""From this much on the clock is named as the likely cause where the gateway does not accept a signature."""


class Kind(StrEnum):
    """What follows from a diagnosis."""

    TRANSIENT = "TRANSIENT"  # tạm thời: thử lại
    PERMANENT = "PERMANENT"  # không thử lại: chuyển cho người
    DUPLICATE = "DUPLICATE"  # bên kia đã có: coi là thành công
    UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME"  # chưa rõ đã tới hay chưa: hỏi trước, rồi mới gửi lại y nguyên


class Asks(StrEnum):
    """Whom a diagnosis asks for help if it lasts."""

    NOBODY = "NOBODY"
    CLERK = "CLERK"  # văn thư
    OPERATOR = "OPERATOR"  # quản trị


class Break(StrEnum):
    """How a call ended before there was an answer."""

    UNREACHABLE = "unreachable"  # no connection: nothing has left
    TLS = "tls"  # no trusted connection: nothing has left
    TIMEOUT = "timeout"
    BROKEN = "broken"
    TOO_LARGE = "too-large"


class Diagnosis(StrEnum):
    """The code that a line call, a packet and a screen name."""

    UNREACHABLE = "unreachable"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    OUTCOME_UNKNOWN = "outcome-unknown"
    ANSWER_TOO_LARGE = "answer-too-large"
    HTML_PAGE = "html-page"
    TRUNCATED = "truncated"
    NOT_AN_ANSWER = "not-an-answer"
    PROXY_REFUSED = "proxy-refused"
    UNAUTHORIZED = "unauthorized"
    CLOCK = "clock"
    WRONG_ADDRESS = "wrong-address"
    TOO_LARGE = "too-large"
    BUSY = "busy"
    GATEWAY_ERROR = "gateway-error"
    FILE_INVALID = "file-invalid"
    RECEIVER_UNKNOWN = "receiver-unknown"
    SENDER_UNKNOWN = "sender-unknown"
    SENDER_MISMATCH = "sender-mismatch"
    AXIS_FAULT = "axis-fault"
    FILE_PROCESSING = "file-processing"
    EDXML_WRONG = "edxml-wrong"
    RECEIVER_LOCKED = "receiver-locked"
    ALREADY_THERE = "already-there"
    REFUSED_OTHERWISE = "refused-otherwise"


@dataclass(frozen=True, slots=True)
class Words:
    """What follows, and the two sentences a person reads: why, and what to do."""

    kind: Kind
    asks: Asks
    cause: str
    remedy: str


_REMEDY_LABELS = {"wait": "Hệ thống tự thử lại; không phải làm gì. Nếu kéo dài, báo quản trị."}
_WAIT = _REMEDY_LABELS["wait"]
_T, _P, _U = Kind.TRANSIENT, Kind.PERMANENT, Kind.UNKNOWN_OUTCOME

WORDS: Mapping[Diagnosis, Words] = {
    Diagnosis.UNREACHABLE: Words(
        _T,
        Asks.OPERATOR,
        "Không kết nối được tới cổng liên thông.",
        "Hệ thống tự thử lại. Nếu kéo dài, kiểm tra đường truyền, địa chỉ cổng và máy chủ trung gian.",
    ),
    Diagnosis.TLS: Words(
        _T,
        Asks.OPERATOR,
        "Chứng thư số của cổng liên thông không được tin cậy.",
        "Kiểm tra tệp chứng thư gốc đã khai báo và hạn của chứng thư trên cổng; không bỏ qua kiểm tra.",
    ),
    Diagnosis.TIMEOUT: Words(_T, Asks.NOBODY, "Cổng liên thông không trả lời trong thời gian chờ.", _WAIT),
    Diagnosis.BROKEN: Words(_T, Asks.NOBODY, "Đường truyền ngắt khi chưa nhận đủ trả lời.", _WAIT),
    Diagnosis.OUTCOME_UNKNOWN: Words(
        _U,
        Asks.NOBODY,
        "Chưa rõ trục đã nhận gói tin hay chưa.",
        "Hệ thống hỏi lại trục, chỉ gửi lại đúng gói tin ấy khi trục chưa có; không gửi thêm bản khác.",
    ),
    Diagnosis.ANSWER_TOO_LARGE: Words(
        _P,
        Asks.OPERATOR,
        "Gói tin trên trục lớn hơn giới hạn được nhận.",
        "Đề nghị quản trị xem xét nâng giới hạn, hoặc đề nghị bên gửi gửi lại gói nhỏ hơn.",
    ),
    Diagnosis.HTML_PAGE: Words(
        _T,
        Asks.OPERATOR,
        "Nơi trả lời không phải cổng liên thông mà là một trang web (thường là máy chủ trung gian báo lỗi).",
        "Hệ thống tự thử lại. Nếu kéo dài, kiểm tra địa chỉ cổng và máy chủ trung gian.",
    ),
    Diagnosis.TRUNCATED: Words(_T, Asks.NOBODY, "Trả lời của cổng liên thông bị cắt giữa chừng.", _WAIT),
    Diagnosis.NOT_AN_ANSWER: Words(
        _T,
        Asks.OPERATOR,
        "Cổng liên thông trả lời không đúng định dạng.",
        "Hệ thống tự thử lại. Nếu kéo dài, gửi nhật ký cuộc gọi cho đơn vị vận hành trục.",
    ),
    Diagnosis.PROXY_REFUSED: Words(
        _T,
        Asks.OPERATOR,
        "Máy chủ trung gian (proxy) không cho kết nối.",
        "Kiểm tra địa chỉ, quyền của máy chủ trung gian đã khai báo.",
    ),
    Diagnosis.UNAUTHORIZED: Words(
        _T,
        Asks.OPERATOR,
        "Cổng liên thông không nhận mã hệ thống hoặc khóa bí mật.",
        "Kiểm tra mã hệ thống, khóa bí mật đã khai báo với đơn vị vận hành trục.",
    ),
    Diagnosis.CLOCK: Words(
        _T,
        Asks.OPERATOR,
        "Đồng hồ máy chủ lệch giờ so với cổng liên thông nên chữ ký cuộc gọi không được nhận.",
        "Đồng bộ giờ của máy chủ (NTP); các gói tin tự gửi lại khi giờ đã đúng.",
    ),
    Diagnosis.WRONG_ADDRESS: Words(
        _T,
        Asks.OPERATOR,
        "Địa chỉ đã khai báo không có dịch vụ liên thông.",
        "Kiểm tra địa chỉ cổng liên thông.",
    ),
    Diagnosis.TOO_LARGE: Words(
        _P,
        Asks.CLERK,
        "Gói tin lớn hơn giới hạn của cổng liên thông.",
        "Giảm dung lượng hoặc tách tệp kèm theo rồi phát hành lại, hoặc gửi bản giấy.",
    ),
    Diagnosis.BUSY: Words(_T, Asks.NOBODY, "Cổng liên thông đang quá tải.", _WAIT),
    Diagnosis.GATEWAY_ERROR: Words(_T, Asks.OPERATOR, "Cổng liên thông báo lỗi hệ thống.", _WAIT),
    Diagnosis.FILE_INVALID: Words(
        _P,
        Asks.OPERATOR,
        "Trục không chấp nhận tệp gói tin (mã 10).",
        "Gửi nhật ký cuộc gọi cho quản trị; văn bản cần gửi gấp thì gửi bản giấy.",
    ),
    Diagnosis.RECEIVER_UNKNOWN: Words(
        _P,
        Asks.CLERK,
        "Trục không có cơ quan nhận này (mã 18).",
        "Kiểm tra mã định danh của nơi nhận trong danh bạ; nếu nơi nhận chưa tham gia liên thông thì gửi bản giấy.",
    ),
    Diagnosis.SENDER_UNKNOWN: Words(
        _P,
        Asks.OPERATOR,
        "Cơ quan gửi chưa được đăng ký trên trục (mã 19).",
        "Đăng ký cơ quan gửi với trục rồi gửi lại.",
    ),
    Diagnosis.SENDER_MISMATCH: Words(
        _P,
        Asks.OPERATOR,
        "Mã cơ quan gửi trong gói tin khác mã đã đăng ký với trục.",
        "Sửa mã định danh của cơ quan hoặc đăng ký lại với trục rồi gửi lại.",
    ),
    Diagnosis.AXIS_FAULT: Words(_T, Asks.OPERATOR, "Trục báo lỗi hệ thống (mã 20).", _WAIT),
    Diagnosis.FILE_PROCESSING: Words(_T, Asks.OPERATOR, "Trục chưa xử lý được tệp gói tin (mã 21).", _WAIT),
    Diagnosis.EDXML_WRONG: Words(
        _P,
        Asks.OPERATOR,
        "Trục cho rằng gói tin sai định dạng edXML (mã 22).",
        "Gửi nhật ký cuộc gọi cho quản trị; văn bản cần gửi gấp thì gửi bản giấy.",
    ),
    Diagnosis.RECEIVER_LOCKED: Words(
        _P,
        Asks.CLERK,
        "Cơ quan nhận đang bị khóa trên trục (mã 23).",
        "Liên hệ nơi nhận; gửi bản giấy hoặc gửi cơ quan kế thừa.",
    ),
    Diagnosis.ALREADY_THERE: Words(
        Kind.DUPLICATE,
        Asks.NOBODY,
        "Trục đã có gói tin này từ lần gửi trước.",
        "Không phải làm gì: gói tin đã tới trục.",
    ),
    Diagnosis.REFUSED_OTHERWISE: Words(
        _T,
        Asks.OPERATOR,
        "Cổng liên thông từ chối với lý do chưa biết.",
        "Hệ thống tự thử lại. Nếu kéo dài, gửi nhật ký cuộc gọi cho đơn vị vận hành trục.",
    ),
}


def kind_of(diagnosis: Diagnosis) -> Kind:
    return WORDS[diagnosis].kind


_CODES: Mapping[str, Diagnosis] = {
    "10": Diagnosis.FILE_INVALID,
    "15": Diagnosis.UNAUTHORIZED,
    "18": Diagnosis.RECEIVER_UNKNOWN,
    "19": Diagnosis.SENDER_UNKNOWN,
    "20": Diagnosis.AXIS_FAULT,
    "21": Diagnosis.FILE_PROCESSING,
    "22": Diagnosis.EDXML_WRONG,
    "23": Diagnosis.RECEIVER_LOCKED,
}
_TEXTS: tuple[tuple[str, Diagnosis], ...] = (
    ("exist trace", Diagnosis.ALREADY_THERE),
    ("existtrace", Diagnosis.ALREADY_THERE),
    ("existdoc", Diagnosis.ALREADY_THERE),
    ("exist doc", Diagnosis.ALREADY_THERE),
    ("khong dung voi ma da dang ky", Diagnosis.SENDER_MISMATCH),
    ("unauthorized", Diagnosis.UNAUTHORIZED),
)
_STATUSES: Mapping[int, Diagnosis] = {
    401: Diagnosis.UNAUTHORIZED,
    403: Diagnosis.UNAUTHORIZED,
    404: Diagnosis.WRONG_ADDRESS,
    405: Diagnosis.WRONG_ADDRESS,
    407: Diagnosis.PROXY_REFUSED,
    413: Diagnosis.TOO_LARGE,
    429: Diagnosis.BUSY,
}
_BREAKS: Mapping[Break, Diagnosis] = {
    Break.UNREACHABLE: Diagnosis.UNREACHABLE,
    Break.TLS: Diagnosis.TLS,
    Break.TIMEOUT: Diagnosis.TIMEOUT,
    Break.BROKEN: Diagnosis.BROKEN,
    Break.TOO_LARGE: Diagnosis.ANSWER_TOO_LARGE,
}
_NOTHING_LEFT = {Break.UNREACHABLE, Break.TLS}
_UNREADABLE = {
    "html": Diagnosis.HTML_PAGE,
    "truncated": Diagnosis.TRUNCATED,
    "base64": Diagnosis.TRUNCATED,
    "empty": Diagnosis.TRUNCATED,
}


def diagnose(
    call: str,
    http_status: int | None,
    content_type: str,
    body: bytes,
    error: Break | None = None,
    *,
    skew: timedelta | None = None,
) -> Diagnosis | None:
    """What is wrong with a call; None where the gateway said OK. `skew` is our clock against the gateway's."""
    if error is not None:
        lost = call == SENDING and error not in _NOTHING_LEFT
        return Diagnosis.OUTCOME_UNKNOWN if lost else _BREAKS[error]
    try:
        answer = parse_answer(body)
    except UnreadableAnswer as trouble:
        return _without_answer(call, http_status, content_type, body, trouble, skew)
    return of_answer(answer, skew=skew)


def of_answer(answer: Answer, *, skew: timedelta | None = None) -> Diagnosis | None:
    """What is wrong with an answer that could be read: its text first, for codes differ between axes."""
    if answer.is_ok:
        return None
    text = answer.text.lower()
    said = next((found for words, found in _TEXTS if words in text), None)
    return _or_clock(said or _CODES.get(answer.code, Diagnosis.REFUSED_OTHERWISE), skew)


def _without_answer(
    call: str,
    http_status: int | None,
    content_type: str,
    body: bytes,
    trouble: UnreadableAnswer,
    skew: timedelta | None,
) -> Diagnosis:
    status = http_status or 0
    if status in _STATUSES:
        return _or_clock(_STATUSES[status], skew)
    if body.strip().lower().startswith(b"unauthorized"):
        return _or_clock(Diagnosis.UNAUTHORIZED, skew)
    if call == SENDING:
        # A page of a proxy in between, or half an answer, says nothing about what the axis has done.
        return Diagnosis.OUTCOME_UNKNOWN
    if trouble.code == "html" or "html" in content_type.lower():
        return Diagnosis.HTML_PAGE
    if status == 503:
        return Diagnosis.BUSY
    if status >= 500:
        return Diagnosis.GATEWAY_ERROR
    return _UNREADABLE.get(trouble.code, Diagnosis.NOT_AN_ANSWER)


def _or_clock(found: Diagnosis, skew: timedelta | None) -> Diagnosis:
    """An axis that sees an old stamp says that the signature is wrong; the difference of the clocks says why."""
    if found is Diagnosis.UNAUTHORIZED and skew is not None and abs(skew) > LONGEST_SKEW:
        return Diagnosis.CLOCK
    return found
