"""What leaves, as edXML says it: a package for all its receivers, a status for each code of ours that was addressed.

Pure: the same values give the same message, so that composing again gives the same bytes (edxml.md §7.3).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vanthu.edxml.message import (
    Business,
    BusinessInfo,
    Edoc,
    Organization,
    ResponseFor,
    Signer,
    Staff,
    StatusReport,
    Trace,
)
from vanthu.exchange.channel import Envelope
from vanthu.exchange.rules.statuses import CODE_LABELS, StatusCode
from vanthu.kernel.due import local

_CONTENTS = uuid.UUID("b5b6a1f3-6f0e-5a0f-9a52-7c0f4be1c6b8")
NEW_REASON = "Văn bản điện tử mới"
DEPARTMENT = "Văn thư"
ADMINISTRATIVE = 2
NOT_STEERING = 1
TYPE_DETAILS = {
    "Nghị quyết": 1,
    "Quyết định": 2,
    "Chỉ thị": 3,
    "Quy chế": 4,
    "Quy định": 5,
    "Thông cáo": 6,
    "Thông báo": 7,
    "Hướng dẫn": 8,
    "Chương trình": 9,
    "Kế hoạch": 10,
    "Phương án": 11,
    "Đề án": 12,
    "Dự án": 13,
    "Báo cáo": 14,
    "Biên bản": 15,
    "Tờ trình": 16,
    "Hợp đồng": 17,
    "Công văn": 18,
    "Công điện": 19,
    "Bản ghi nhớ": 20,
    "Bản thỏa thuận": 22,
    "Giấy ủy quyền": 24,
    "Giấy mời": 25,
    "Giấy giới thiệu": 26,
    "Phiếu gửi": 30,
    "Phiếu chuyển": 31,
    "Thư công": 32,
}
"""Numbers of the annex to QCVN 102 by name (edxml.md §2.6); a type that is not there travels by its name."""


@dataclass(frozen=True, slots=True)
class SendingAgency:
    """The agency that speaks: From, place, and the staff behind a message."""

    code: str
    name: str
    governing_name: str = ""
    place_name: str = ""
    department: str = DEPARTMENT

    @property
    def organization(self) -> Organization:
        return Organization(self.code, self.name, " ".join(self.governing_name.split()))

    @property
    def staff(self) -> Staff:
        return Staff(department=self.department)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a status is about: their document, spelt as they spelt it."""

    organ_code: str
    code: str
    document_id: str
    issued_on: date | None = None
    issued_on_raw: str = ""

    @property
    def response_for(self) -> ResponseFor:
        return ResponseFor(self.organ_code, self.code, self.document_id, self.issued_on, self.issued_on_raw)


def content_id_of(document_id: str, sha256: str, ordinal: int) -> str:
    """The id of an attachment: always the same for the same file in the same place."""
    return str(uuid.uuid5(_CONTENTS, f"{document_id}\n{ordinal}\n{sha256}"))


def edoc_of(
    envelope: Envelope,
    *,
    sender: SendingAgency,
    receivers: Sequence[Organization],
    planned_at: datetime,
    responses: Sequence[ResponseFor] = (),
) -> Edoc:
    """Văn bản điện tử: one message for all `receivers`; its trace says when it was issued, not when it was composed."""
    number, _, notation = envelope.full_number.partition("/")
    return Edoc(
        sender=sender.organization,
        receivers=tuple(receivers),
        document_id=header_id_of(envelope),
        number=number,
        notation=notation,
        subject=envelope.subject,
        issued_on=envelope.issued_on,
        place=sender.place_name,
        type=ADMINISTRATIVE,
        type_detail=TYPE_DETAILS.get(envelope.type_name),
        type_name=envelope.type_name,
        content=envelope.subject,
        signer=Signer(envelope.signer_name, envelope.signer_position),
        due_on=envelope.due_on,
        urgency=envelope.urgency,
        promulgation_amount=1,
        page_amount=envelope.page_count,
        direction=False,
        responses=tuple(responses),
        steering=NOT_STEERING,
        to_places=("Lưu: VT",),
        traces=(Trace(sender.code, seconds_of(planned_at)),),
        business=_business_of(envelope.business, sender),
    )


def header_id_of(envelope: Envelope) -> str:
    """A revocation and an update name in their header what they are about (edxml.md §3)."""
    business = envelope.business
    if business.type in {Business.REVOKE, Business.UPDATE} and business.document_id:
        return business.document_id
    return envelope.document_id


def _business_of(business: BusinessInfo, sender: SendingAgency) -> BusinessInfo:
    return BusinessInfo(
        type=business.type,
        reason=business.reason or (NEW_REASON if business.type is Business.NEW else ""),
        document_id=business.document_id,
        paper=0 if business.paper is None else business.paper,
        content_changed=business.content_changed,
        receivers_changed=business.receivers_changed,
        receivers=business.receivers,
        replaces=business.replaces,
        staff=business.staff or sender.staff,
    )


def report_of(
    *, sender: SendingAgency, about: Answered, code: str, description: str, at: datetime
) -> StatusReport:
    """Thông báo trạng thái, whichever of 01–06, 13, 15, 16; `sender.code` is the code that was addressed."""
    return StatusReport(
        sender=sender.organization,
        response_for=about.response_for,
        code=code,
        description=description or _label(code),
        at=seconds_of(at),
        staff=sender.staff,
    )


def _label(code: str) -> str:
    return CODE_LABELS[StatusCode(code)] if code in set(StatusCode) else ""


def seconds_of(at: datetime) -> datetime:
    """The instant as messages write it: local time without zone or fractions (edxml.md §1)."""
    return local(at).replace(tzinfo=None, microsecond=0)
