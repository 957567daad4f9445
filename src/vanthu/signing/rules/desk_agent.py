"""What VGCA Sign Service on the signer's own computer is asked, and what it answers (signing.md §4).

The agent listens at `wss://127.0.0.1:8987/<Method>`: one JSON text in, one JSON text out. It fetches the
file and brings the signed one to addresses that we name; its word to the browser is a hint, never a proof.
Norm: TT41/2017 Đ.6; decision D23
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote

from vanthu.kernel.due import HANOI
from vanthu.signing.rules.kinds import SignatureKind

TOKEN_LIFE: Final = timedelta(minutes=20)
"""How long the two addresses of one signature answer."""
MAX_ANSWER: Final = 20_000
"""Characters of the agent's answer that are read; an honest one has a few hundred."""
MAX_QUOTED: Final = 160
DEFAULT_SERVICE: Final = "wss://127.0.0.1:8987"


class Method(StrEnum):
    """Cách ký của VGCA Sign Service: the last part of the socket's address."""

    APPROVED = "SignApproved"  # Ký phê duyệt của người có thẩm quyền
    ISSUED = "SignIssued"  # Ký số cơ quan khi phát hành
    INCOME = "SignIncome"  # Ký trên văn bản đến: bút phê, dấu đến
    APPENDIX = "SignAppendix"  # Ký phụ lục là tệp riêng
    COPY = "SignCopy"  # Ký bản sao (sao y, sao lục, trích sao)


ROLES: Final[Mapping[Method, frozenset[SignatureKind]]] = {
    Method.APPROVED: frozenset({SignatureKind.PERSONAL}),
    Method.ISSUED: frozenset({SignatureKind.AGENCY}),
    Method.INCOME: frozenset({SignatureKind.PERSONAL, SignatureKind.AGENCY}),
    Method.APPENDIX: frozenset({SignatureKind.AGENCY}),
    Method.COPY: frozenset({SignatureKind.AGENCY}),
}
"""Whose certificate may make each signature. Norm: NĐ30 Đ.13, NĐ30 Đ.32.2, NĐ30 PL I (phụ lục, bản sao)."""

_WITH_NUMBER: Final = frozenset({Method.ISSUED, Method.APPENDIX, Method.COPY})


@dataclass(frozen=True, slots=True)
class AgentOrder:
    """Yêu cầu gửi VGCA Sign Service: one signature on one file."""

    method: Method
    file_url: str
    """Where the agent fetches the file; its number and date are filled already (D23)."""
    upload_url: str
    """Where the agent brings the signed file, as the multipart field `uploadfile`."""
    number: str = ""
    """Full number and symbol, for methods that ask for it."""
    issued_on: date | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    """Pairs that the agent hands back unread."""


def request_text(order: AgentOrder) -> str:
    """The one JSON text that opens the exchange on the socket.

    `SessionId` and `JWTToken` stay empty: the agent has no session of ours, the addresses carry the authority.
    """
    fields: dict[str, Any] = {
        "FileUploadHandler": order.upload_url,
        "SessionId": "",
        "JWTToken": "",
        "FileName": order.file_url,
        "MetaData": [{"Key": key, "Value": value} for key, value in order.metadata],
    }
    if order.method in _WITH_NUMBER:
        fields["DocNumber"] = order.number
    if order.method is Method.ISSUED:
        fields["IssuedDate"] = issued_date(order.issued_on)
    return json.dumps(fields, ensure_ascii=False)


def issued_date(day: date | None) -> str:
    """The day of numbering as the agent reads it: `2026-11-20T00:00:00+07:00`; empty without one."""
    return datetime.combine(day, time(), tzinfo=HANOI).isoformat() if day else ""


def service_address(base: str, method: Method) -> str:
    """The socket of one method below the configured service."""
    return f"{base.rstrip('/')}/{method}"


class Outcome(StrEnum):
    """What the agent says became of it; the codes below `signing.agent.` have words in the catalogue."""

    SIGNED = "signed"
    CANCELLED = "cancelled"
    PIN_REFUSED = "pin-refused"
    PIN_LOCKED = "pin-locked"
    NO_DEVICE = "no-device"
    NO_CERTIFICATE = "no-certificate"
    CANNOT_FETCH = "cannot-fetch"
    CANNOT_DELIVER = "cannot-deliver"
    FAILED = "failed"
    GARBLED = "garbled"
    UNREACHABLE = "unreachable"
    HUNG_UP = "hung-up"


# The agent's own texts, with and without marks and in English; what stands first wins.
_TEXTS: Final[tuple[tuple[Outcome, str], ...]] = (
    (Outcome.PIN_LOCKED, r"pin\b.*(khóa|khoá|khoa|lock|block)|(khóa|khoá|lock|block).*\bpin"),
    (Outcome.PIN_REFUSED, r"\bpin\b|mật khẩu|mat khau|password"),
    (Outcome.CANCELLED, r"\bhủy\b|\bhuỷ\b|\bhuy\b|cancel|abort|từ chối ký"),
    (Outcome.CANNOT_DELIVER, r"0x0028|upload|tải lên|tai len|gửi tệp|gui tep"),
    (
        Outcome.CANNOT_FETCH,
        r"download|tải xuống|tải về|tai ve|tải tệp|tải file|not found|404|không tìm thấy (tệp|file)",
    ),
    (Outcome.NO_DEVICE, r"token|thiết bị|thiet bi|smart ?card|reader|usb"),
    (Outcome.NO_CERTIFICATE, r"chứng thư|chung thu|certificate|cert\b"),
)
_SUCCESS: Final = frozenset({"0", "true"})


@dataclass(frozen=True, slots=True)
class AgentAnswer:
    """What the agent told the browser; only a hint, for the server has seen the file or has not."""

    outcome: Outcome
    message: str = ""
    """The agent's own words, shortened to one line; shown as a quotation, never as markup."""
    file_name: str = ""
    file_server: str = ""
    number: str = ""
    day: str = ""

    @property
    def code(self) -> str:
        """The refusal under which the catalogue has its sentences; empty when it says "signed"."""
        return "" if self.outcome is Outcome.SIGNED else f"signing.agent.{self.outcome}"


def read_answer(text: str) -> AgentAnswer:
    """Understand the agent's one answer; whatever it is, something can be told to the person.

    The status is 0 for success; versions in circulation also send "0", true and "true".
    """
    try:
        fields = json.loads(text[:MAX_ANSWER])
    except (ValueError, RecursionError):
        return AgentAnswer(Outcome.GARBLED)
    if not isinstance(fields, dict) or "Status" not in fields:
        return AgentAnswer(Outcome.GARBLED)
    message = _line(fields.get("Message"))
    outcome = Outcome.SIGNED if _is_success(fields["Status"]) else _outcome_of(message, fields["Status"])
    return AgentAnswer(
        outcome,
        message,
        _line(fields.get("FileName")),
        _line(fields.get("FileServer")),
        _line(fields.get("DocumentNumber")),
        _line(fields.get("DocumentDate")),
    )


def _is_success(status: object) -> bool:
    if isinstance(status, bool):
        return status
    if isinstance(status, int | float):
        return status == 0
    return isinstance(status, str) and status.strip().lower() in _SUCCESS


def _outcome_of(message: str, status: object) -> Outcome:
    said = f"{message} {status}".lower()
    return next((outcome for outcome, words in _TEXTS if re.search(words, said)), Outcome.FAILED)


def _line(value: object) -> str:
    """A foreign text as one short line without control characters."""
    text = "" if value is None or isinstance(value, dict | list) else str(value)
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * MAX_QUOTED])
    words = " ".join(printable.split())
    return words if len(words) <= MAX_QUOTED else f"{words[: MAX_QUOTED - 1]}…"


def upload_answer(*, accepted: bool, message: str, file_name: str = "", file_url: str = "") -> dict[str, Any]:
    """What the agent wants to read after its upload; a number as `Status` is its error 0x0028, so it is a boolean."""
    return {"Status": bool(accepted), "Message": message, "FileName": file_name, "FileServer": file_url}


def file_name_for(number: str, method: Method) -> str:
    """The last part of the address, which the agent shows as the file's name."""
    stem = re.sub(r"[^\w.-]+", "-", number).strip("-.") or {
        Method.APPROVED: "van-ban-trinh-ky",
        Method.INCOME: "van-ban-den",
        Method.APPENDIX: "phu-luc",
        Method.COPY: "ban-sao",
    }.get(method, "van-ban")
    return quote(f"{stem}.pdf")
