"""A message as JSON and as lines of text, for `vanthu edxml show`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from vanthu.edxml.message import (
    Business,
    BusinessInfo,
    Edoc,
    Organization,
    ResponseFor,
    Signer,
    StatusReport,
    Unreadable,
)
from vanthu.edxml.pairing import ReadAttachment
from vanthu.edxml.reading import Reading
from vanthu.edxml.words import notice_sentence, refusal_sentence

KINDS = {"edoc": "Văn bản", "status": "Trạng thái"}
BUSINESS_WORDS = {
    Business.NEW: "mới",
    Business.REVOKE: "thu hồi",
    Business.UPDATE: "cập nhật",
    Business.REPLACE: "thay thế",
}
STATUS_WORDS = {
    "01": "đã đến",
    "02": "từ chối tiếp nhận",
    "03": "đã tiếp nhận",
    "04": "phân công",
    "05": "đang xử lý",
    "06": "hoàn thành",
    "13": "yêu cầu lấy lại",
    "15": "đồng ý cập nhật, lấy lại",
    "16": "từ chối cập nhật, lấy lại",
}
URGENCY_WORDS = ("thường", "khẩn", "thượng khẩn", "hỏa tốc", "hỏa tốc hẹn giờ")


def as_json(reading: Reading) -> dict[str, Any]:
    """Every key of the format, null or an empty list where the message says nothing; dates are ISO 8601."""
    shown: dict[str, Any] = {
        "kind": reading.kind,
        "from": _organization(reading.sender),
        **_document(reading.edoc),
        "attachments": [_attachment(item) for item in reading.attachments],
        "trace": _trace(reading.edoc),
        **_status(reading.status),
    }
    if reading.edoc is not None and reading.edoc.responses:
        shown["response_for"] = _response(reading.edoc.responses[0])
    shown["warnings"] = [
        {"kind": item.kind.value, "element": item.element, "raw": item.raw, "text": notice_sentence(item)}
        for item in reading.warnings
    ]
    return shown


def refusal_as_json(refusal: Unreadable) -> dict[str, Any]:
    """Why a message was refused; `from` is null where the sender could not be read."""
    sender = _organization(refusal.sender) if refusal.sender is not None else None
    error = {"code": refusal.code, "detail": refusal.detail, "message": refusal_sentence(refusal)}
    return {"error": {**error, "from": sender}}


def _organization(organ: Organization) -> dict[str, str | None]:
    return {"code": organ.code, "name": organ.name or None}


def _document(edoc: Edoc | None) -> dict[str, Any]:
    if edoc is None:
        names = (
            "document_id",
            "number",
            "notation",
            "issued_on",
            "type_name",
            "subject",
            "signer",
            "urgency",
        )
        return {"to": [], **dict.fromkeys((*names, "due_on", "business"))}
    return {
        "to": [_organization(organ) for organ in edoc.receivers],
        "document_id": edoc.document_id or None,
        "number": edoc.number or None,
        "notation": edoc.notation or None,
        "issued_on": _iso(edoc.issued_on),
        "type_name": edoc.type_name or None,
        "subject": edoc.subject or None,
        "signer": _signer(edoc.signer),
        "urgency": edoc.urgency,
        "due_on": _iso(edoc.due_on),
        "business": _business(edoc.business),
    }


def _signer(signer: Signer | None) -> dict[str, str | None] | None:
    if signer is None:
        return None
    return {
        "name": signer.name or None,
        "position": signer.position or None,
        "competence": signer.competence or None,
    }


def _business(business: BusinessInfo) -> dict[str, Any]:
    return {
        "type": int(business.type),
        "reason": business.reason or None,
        "document_id": business.document_id or None,
        "replaces": [
            {"document_id": item.document_id, "receivers": list(item.organ_codes)}
            for item in business.replaces
        ],
        "receivers": [{"code": item.code, "type": int(item.is_added)} for item in business.receivers],
    }


def _attachment(item: ReadAttachment) -> dict[str, Any]:
    return {
        "name": item.name,
        "media_type": item.media_type,
        "size": item.size,
        "sha256": item.sha256,
        "zipped": item.zipped,
    }


def _trace(edoc: Edoc | None) -> list[dict[str, str | None]]:
    traces = edoc.traces if edoc is not None else ()
    return [{"code": trace.organ_code or None, "timestamp": _iso(trace.at)} for trace in traces]


def _status(status: StatusReport | None) -> dict[str, Any]:
    if status is None:
        return dict.fromkeys(("status_code", "description", "response_for", "timestamp"))
    return {
        "status_code": status.code,
        "description": status.description or None,
        "response_for": _response(status.response_for),
        "timestamp": _iso(status.at),
    }


def _response(response: ResponseFor) -> dict[str, str | None]:
    return {
        "code": response.organ_code or None,
        "notation": response.code or None,
        "document_id": response.document_id or None,
        "issued_on": _iso(response.issued_on),
    }


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value is not None else None


def as_lines(reading: Reading) -> list[str]:
    """For people: one fact a line, Vietnamese."""
    facts = _status_facts(reading.status) if reading.status is not None else _document_facts(reading.edoc)
    lines = [f"  {name}: {value}" for name, value in facts if value]
    lines += [f"  Tệp: {_attachment_words(item)}" for item in reading.attachments]
    lines += [f"  Lưu ý: {notice_sentence(item)}" for item in reading.warnings]
    return [f"{KINDS[reading.kind]}, {reading.size} byte, SHA-256 {reading.sha256}", *lines]


def _document_facts(edoc: Edoc | None) -> Iterable[tuple[str, str]]:
    assert edoc is not None
    signer = edoc.signer
    yield "Nơi gửi", _named(edoc.sender)
    yield from (("Nơi nhận", _named(organ)) for organ in edoc.receivers)
    yield "Số, ký hiệu", edoc.code
    yield "Ngày ban hành", _vietnamese(edoc.issued_on, edoc.issued_on_raw)
    yield "Loại", edoc.type_name
    yield "Trích yếu", edoc.subject
    yield (
        "Người ký",
        ", ".join(filter(None, (signer.name, signer.competence, signer.position))) if signer else "",
    )
    yield "Độ khẩn", URGENCY_WORDS[edoc.urgency] if edoc.urgency else ""
    yield "Hạn trả lời", _vietnamese(edoc.due_on, edoc.due_on_raw)
    yield "Mã văn bản", edoc.document_id
    yield "Nghiệp vụ", ": ".join(filter(None, (BUSINESS_WORDS[edoc.business.type], edoc.business.reason)))
    yield from (("Thay thế", item.document_id) for item in edoc.business.replaces)
    yield from (
        ("Thêm nơi nhận" if item.is_added else "Bớt nơi nhận", item.code) for item in edoc.business.receivers
    )


def _status_facts(status: StatusReport) -> Iterable[tuple[str, str]]:
    response = status.response_for
    yield "Nơi báo", _named(status.sender)
    yield "Trạng thái", f"{status.code} {STATUS_WORDS.get(status.code, 'mã lạ')}"
    yield "Nội dung", status.description
    yield "Gửi tới", response.organ_code
    yield "Về văn bản", ", ".join(filter(None, (response.code, response.document_id)))
    yield "Lúc", status.at.strftime("%d/%m/%Y %H:%M:%S") if status.at is not None else status.at_raw


def _attachment_words(item: ReadAttachment) -> str:
    wrapped = ", đã giải nén" if item.zipped else ""
    return f"{item.name} – {item.media_type}, {item.size} byte{wrapped}, SHA-256 {item.sha256}"


def _named(organ: Organization) -> str:
    return f"{organ.name} ({organ.code})" if organ.name else organ.code


def _vietnamese(value: date | None, raw: str) -> str:
    return f"{value:%d/%m/%Y}" if value is not None else raw
