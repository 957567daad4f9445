"""The content of an edXML message, as values. Dates are dates, instants are local times without a zone (Asia/Ho_Chi_Minh).

Norm: QCVN 102:2016/BTTTT as it is written by the software in circulation (edxml.md §2–4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"


class Business(IntEnum):
    """Loại nghiệp vụ (`BussinessDocType`)."""

    NEW = 0  # văn bản mới
    REVOKE = 1  # thu hồi
    UPDATE = 2  # cập nhật
    REPLACE = 3  # thay thế


class Status(StrEnum):
    """Mã trạng thái (`StatusCode`). Norm: edxml.md §4."""

    ARRIVED = "01"  # đã đến
    REFUSED = "02"  # từ chối tiếp nhận
    ACCEPTED = "03"  # đã tiếp nhận
    ASSIGNED = "04"  # phân công
    IN_PROGRESS = "05"  # đang xử lý
    DONE = "06"  # hoàn thành
    TAKE_BACK = "13"  # yêu cầu lấy lại
    AGREED = "15"  # đồng ý lấy lại, cập nhật
    DECLINED = "16"  # từ chối lấy lại, cập nhật


@dataclass(frozen=True, slots=True)
class Organization:
    """Cơ quan gửi hoặc nhận; only the code is required."""

    code: str
    name: str = ""
    in_charge: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Người ký: `competence` is the right to sign ("TL.", "KT. GIÁM ĐỐC")."""

    name: str
    position: str = ""
    competence: str = ""


@dataclass(frozen=True, slots=True)
class ResponseFor:
    """The document that is answered: `code` is one string, number and notation, character for character as received."""

    organ_code: str = ""
    code: str = ""
    document_id: str = ""
    issued_on: date | None = None
    issued_on_raw: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """Dấu vết: one hop of the message; the code may be missing or the word `null`."""

    organ_code: str
    at: datetime | None
    at_raw: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """Cán bộ: who stands behind a message; everything optional."""

    department: str = ""
    department_id: str = ""
    staff: str = ""
    staff_id: str = ""
    email: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """A receiver that an update takes away or adds."""

    code: str
    is_added: bool


@dataclass(frozen=True, slots=True)
class Replacement:
    """Văn bản bị thay thế, and for whom."""

    document_id: str
    organ_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BusinessInfo:
    """Nghiệp vụ of the message. `document_id` counts for types 1 and 2 only."""

    type: Business = Business.NEW
    reason: str = ""
    document_id: str = ""
    paper: int | None = None
    content_changed: bool | None = None
    receivers_changed: bool | None = None
    receivers: tuple[Receiver, ...] = ()
    replaces: tuple[Replacement, ...] = ()
    staff: Staff | None = None


@dataclass(frozen=True, slots=True)
class Edoc:
    """Văn bản điện tử: the header of a document message. Attachments travel beside it.

    `number` and `notation` are text as written; `urgency` is 0–4; `type` 1 legal, 2 administrative.
    """

    sender: Organization
    receivers: tuple[Organization, ...]
    document_id: str
    number: str
    notation: str
    subject: str
    issued_on: date | None
    issued_on_raw: str = ""
    place: str = ""
    type: int = 2
    type_detail: int | None = None
    type_name: str = ""
    content: str = ""
    signer: Signer | None = None
    due_on: date | None = None
    due_on_raw: str = ""
    urgency: int = 0
    sphere: str = ""
    typer_notation: str = ""
    promulgation_amount: int | None = None
    page_amount: int | None = None
    reply_fors: str = ""
    reference_codes: str = ""
    direction: bool | None = None
    appendixes: tuple[str, ...] = ()
    responses: tuple[ResponseFor, ...] = ()
    steering: int | None = None
    task_codes: tuple[str, ...] = ()
    application_type: str = ""
    to_places: tuple[str, ...] = ()
    traces: tuple[Trace, ...] = ()
    business: BusinessInfo = field(default_factory=BusinessInfo)

    @property
    def code(self) -> str:
        """Số/ký hiệu as one string: what a status answers with."""
        return f"{self.number}/{self.notation}"


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Thông báo trạng thái: header only, routed by `response_for.organ_code`."""

    sender: Organization
    response_for: ResponseFor
    code: str
    description: str = ""
    at: datetime | None = None
    at_raw: str = ""
    staff: Staff | None = None


@dataclass(frozen=True, slots=True)
class Packing:
    """The ZIP around an attachment: what its bytes depend on beside the content (date and time as ZIP packs them)."""

    entry_name: str
    time: int = 0
    date: int = 0x21  # 1980-01-01, the first day a ZIP knows
    made_by: int = 0x0314
    attributes: int = 0x1800000


class WarningKind(StrEnum):
    """What a tolerant reader noticed and went on (edxml.md §6)."""

    BUSINESS_SPELLING = "business-spelling"
    NO_TRACE = "no-trace"
    NO_PREFIX = "no-prefix"
    DATE_FORM = "date-form"
    DATE_UNREADABLE = "date-unreadable"
    NUMBER_UNREADABLE = "number-unreadable"
    TYPE_UNKNOWN = "type-unknown"
    TYPE_NAME_UNKNOWN = "type-name-unknown"
    ORGAN_CODE_MISSING = "organ-code-missing"
    ORGAN_CODE_FORM = "organ-code-form"
    RECEIVER_TWICE = "receiver-twice"
    BYTE_ORDER_MARK = "byte-order-mark"
    UNBOUND_ATTRIBUTE_PREFIX = "unbound-attribute-prefix"
    ELEMENT_ORDER = "element-order"
    UNKNOWN_ELEMENT = "unknown-element"
    FOREIGN_ATTRIBUTE = "foreign-attribute"
    SIGNATURE_IGNORED = "signature-ignored"
    STATUS_CODE_FORM = "status-code-form"
    STATUS_CODE_UNKNOWN = "status-code-unknown"
    NO_ATTACHMENT = "no-attachment"
    ATTACHMENT_UNPAIRED = "attachment-unpaired"
    ATTACHMENT_TYPE_LIES = "attachment-type-lies"
    ATTACHMENT_LINE_BREAKS = "attachment-line-breaks"
    ATTACHMENT_NAME_CLEANED = "attachment-name-cleaned"
    ATTACHMENT_MANGLED = "attachment-mangled"
    NO_NAMESPACE = "no-namespace"
    ELEMENT_TWICE = "element-twice"
    FIELD_TOO_LONG = "field-too-long"
    FIELD_MISSING = "field-missing"


@dataclass(frozen=True, slots=True)
class Notice:
    """Cảnh báo: one thing that was noticed, where, and the raw text."""

    kind: WarningKind
    element: str = ""
    raw: str = ""


class Unreadable(ValueError):
    """The message is refused: `code` says why (`doctype`, `junk`, `not-xml`, `namespace`, `unbound-prefix`, `bomb`,
    `too-large`, `too-deep`, `too-many`, `kind`, `required`, `attachment-zip`, `attachment-base64`, `encoding`, `truncated`),
    `detail` names the place.

    `sender` carries what could still be read of From, so that a refusal (02) can be answered.
    """

    def __init__(self, code: str, detail: str = "", *, sender: Organization | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.sender = sender
