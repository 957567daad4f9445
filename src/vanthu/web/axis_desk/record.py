"""What the list of messages and the flight recorder of one message show."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from vanthu.axis.operations.desk import AGAIN, STOPPED
from vanthu.axis.queries.contents import header_of
from vanthu.axis.queries.recorder import (
    EventRow,
    MessageFilter,
    MessageRecord,
    MessageRow,
    ParcelRecord,
    messages,
)
from vanthu.axis.rules.states import OPEN_STATES, EventKind, MessageKind, ParcelState, Route
from vanthu.axis.rules.troubles import CAUSES
from vanthu.edxml.message import Unreadable
from vanthu.edxml.reading import Reading
from vanthu.kernel.due import HANOI
from vanthu.web.axis_desk.forms import FilterForm, ReasonForm
from vanthu.web.axis_desk.pages import cause_of
from vanthu.web.axis_desk.words import (
    AGAIN_LABEL,
    BUSINESS_LABELS,
    EVENT_LABELS,
    MESSAGE_LABELS,
    REPORT_LABELS,
    STATE_LABELS,
    STATE_MARKS,
    STATUS_LABELS,
    STOPPED_LABEL,
)
from vanthu.web.words import moment

PAGE = 50
OPEN_RECEIVERS = 3
"""So many receivers are told at full length; of more, only those with a trouble."""


def messages_page(form: FilterForm, after: str) -> dict[str, Any]:
    """One page of messages, newest first, by key."""
    chosen = form.cleaned_data if form.is_valid() else {}
    found = messages(_chosen(chosen), after=after, limit=PAGE + 1)
    rows = [_listed(row) for row in found[:PAGE]]
    query = {name: form.data.get(name, "") for name in form.fields if form.data.get(name)}
    more = f"?{urlencode(query | {'sau': found[PAGE - 1].doc_id})}" if len(found) > PAGE else ""
    return {
        "form": form,
        "rows": rows,
        "more_url": more,
        "first_url": f"?{urlencode(query)}" if after else "",
        "is_narrowed": bool(query),
    }


def _chosen(data: dict[str, Any]) -> MessageFilter:
    day = data.get("ngay")
    since = datetime.combine(day, time.min, tzinfo=HANOI) if day else None
    return MessageFilter(
        text=(data.get("tim") or "").strip(),
        system=data.get("he_thong") or "",
        state=data.get("tinh_trang") or "",
        agency=(data.get("don_vi") or "").strip(),
        since=since,
        until=since + timedelta(days=1) if since else None,
    )


def _listed(row: MessageRow) -> dict[str, Any]:
    return {
        "url": reverse("axis-message", args=[row.doc_id]),
        "title": _title(row),
        "kind": _kind(row),
        "notation": row.notation,
        "sender": row.sender_code,
        "sender_name": row.sender_name,
        "receivers": _receivers(row.receivers),
        "at": moment(row.created_at),
        "at_iso": row.created_at.isoformat(),
        "size": size_words(row.size),
        "urgency": min(row.urgency, 3),
        "states": [
            {
                "mark": STATE_MARKS[state],
                "label": STATE_LABELS[state]
                if len(row.receivers) == 1
                else f"{STATE_LABELS[state]}: {number}",
            }
            for state, number in row.states
        ],
    }


def _title(row: MessageRow) -> str:
    if row.kind is MessageKind.STATUS:
        known = STATUS_LABELS.get(row.status_code)
        words = str(known) if known else _("chưa rõ")
        return _("{code} – {words}").format(code=row.status_code, words=words)
    return row.title or _("(không có trích yếu)")


def _kind(row: MessageRow) -> str:
    label = str(MESSAGE_LABELS[row.kind])
    if row.kind is MessageKind.EDOC and row.business:
        label = f"{label} – {BUSINESS_LABELS.get(row.business, row.business)}"
    return label


def _receivers(codes: tuple[str, ...]) -> str:
    shown = ", ".join(codes[:3])
    more = len(codes) - 3
    return _("{codes} và {count} nơi khác").format(codes=shown, count=more) if more > 0 else shown


def message_page(record: MessageRecord) -> dict[str, Any]:
    """The whole way of one message, by receiver."""
    row = record.row
    troubled = [parcel for parcel in record.parcels if parcel.trouble]
    is_short = len(record.parcels) <= OPEN_RECEIVERS
    return {
        "row": _listed(row),
        "facts": _facts(record),
        "summary": _summary(record, len(troubled)),
        "parcels": [
            _parcel(parcel, record, is_open=is_short or bool(parcel.trouble))
            for parcel in sorted(record.parcels, key=lambda parcel: parcel.trouble is None)
        ],
        "events": [_entry(event) for event in record.events],
        "header": _header(record),
        "stop_form": ReasonForm(),
    }


def _summary(record: MessageRecord, troubled: int) -> dict[str, str]:
    total = len(record.parcels)
    done = sum(parcel.state is ParcelState.DONE for parcel in record.parcels)
    if troubled:
        title = _("{count} trên {total} nơi nhận đang vướng.").format(count=troubled, total=total)
        return {
            "kind": "warn",
            "title": title,
            "why": "",
            "remedy": _("Nguyên nhân và cách xử lý ở từng nơi nhận."),
        }
    if done == total:
        return {"kind": "ok", "title": _("Mọi nơi nhận đã nhận xong."), "why": "", "remedy": ""}
    title = _("{done} trên {total} nơi nhận đã nhận xong; còn lại đang trong hạn.").format(
        done=done, total=total
    )
    return {"kind": "info", "title": title, "why": "", "remedy": ""}


def _facts(record: MessageRecord) -> list[tuple[str, str]]:
    row = record.row
    facts = [
        (_("Mã gói tin (DocId)"), row.doc_id),
        (_("Nơi gửi"), f"{row.sender_name} ({row.sender_code})" if row.sender_name else row.sender_code),
        (_("Hệ thống gửi"), f"{record.system_name} ({record.system_code})"),
        (_("Số, ký hiệu"), row.notation or "—"),
        (_("Mã văn bản"), record.edxml_document_id or "—"),
        (_("Trục nhận lúc"), moment(row.created_at)),
        (_("Kích thước"), size_words(row.size)),
        (_("SHA-256"), record.sha256),
    ]
    if record.forgotten_at:
        facts.append(
            (_("Nội dung"), _("đã bỏ lúc {moment} vì hết hạn lưu").format(moment=moment(record.forgotten_at)))
        )
    return facts


def _parcel(parcel: ParcelRecord, record: MessageRecord, *, is_open: bool) -> dict[str, Any]:
    cause, remedy = _cause(parcel)
    entries = [_taken(record), *(_entry(event) for event in parcel.events)]
    reports = [report for report in record.reports if report.sender_code == parcel.to_code]
    entries += [_report(report) for report in reports]
    has_system = bool(parcel.system_code)
    return {
        "id": parcel.doc_id,
        "code": parcel.to_code,
        "name": parcel.to_name or parcel.to_code,
        "system": parcel.system_code if has_system else _("trục cấp trên"),
        "system_url": reverse("axis-system", args=[parcel.system_code]) if has_system else "",
        "mark": STATE_MARKS[parcel.state],
        "state": _state_words(parcel),
        "cause": cause,
        "remedy": remedy,
        "facts": _parcel_facts(parcel),
        "entries": sorted(entries, key=lambda entry: entry["at_iso"]),
        "is_open": is_open,
        "may_stop": parcel.state in OPEN_STATES,
        "may_again": parcel.state is not ParcelState.INITIAL or parcel.attempts > 0,
        "stop_url": reverse("axis-stop", args=[parcel.doc_id]),
        "again_url": reverse("axis-again", args=[parcel.doc_id]),
    }


def _state_words(parcel: ParcelRecord) -> str:
    if parcel.route is Route.FORWARD and parcel.state is ParcelState.INITIAL:
        return _("Chờ chuyển lên trục cấp trên")
    return str(STATE_LABELS[parcel.state])


def _cause(parcel: ParcelRecord) -> tuple[str, str]:
    if parcel.trouble is None:
        return "", ""
    cause, remedy = CAUSES[parcel.trouble]
    values = {
        "seen": moment(parcel.system_seen_at) if parcel.system_seen_at else "—",
        "words": parcel.description.rstrip(".") or _("(không nói rõ)"),
        "attempts": parcel.attempts,
    }
    return _(cause).format(**values), _(remedy)


def _parcel_facts(parcel: ParcelRecord) -> list[tuple[str, str]]:
    facts = [(_("Mã gói của nơi nhận (docId)"), parcel.doc_id)]
    if parcel.system_seen_at:
        facts.append((_("Nơi nhận gọi trục gần nhất"), moment(parcel.system_seen_at)))
    if parcel.upstream_id:
        facts.append((_("Mã ở trục cấp trên"), parcel.upstream_id))
    if parcel.attempts:
        facts.append((_("Số lần đã chuyển"), str(parcel.attempts)))
    if parcel.next_at and parcel.state in OPEN_STATES:
        facts.append((_("Chuyển lần tới"), moment(parcel.next_at)))
    return facts


def _taken(record: MessageRecord) -> dict[str, Any]:
    return {
        "at_label": moment(record.row.created_at),
        "at_iso": record.row.created_at.isoformat(),
        "who": record.system_code,
        "text": _("gửi lên, trục đã lưu"),
        "note": "sendEdoc",
        "is_strong": False,
    }


def _entry(event: EventRow) -> dict[str, Any]:
    """One event with what was asked and what was answered."""
    text, is_strong = _told(event)
    asked = [event.call, event.detail, event.remote]
    if event.kind is EventKind.SETTLED and event.call not in {AGAIN, STOPPED}:
        asked.insert(1, f"status={event.outcome.lower()}")
    elif event.kind is EventKind.FORWARD_FAILED:
        asked.insert(1, cause_of(event.outcome))
    elif event.outcome:
        asked.insert(1, f"ErrorCode {event.outcome}" if event.outcome.isdigit() else event.outcome)
    return {
        "at_label": moment(event.at),
        "at_iso": event.at.isoformat(),
        "who": event.system_code or _("Trục"),
        "text": text,
        "note": " · ".join(part for part in asked if part),
        "is_strong": is_strong,
    }


def _told(event: EventRow) -> tuple[str, bool]:
    if event.call == AGAIN:
        return str(AGAIN_LABEL), True
    if event.call == STOPPED:
        return str(STOPPED_LABEL), True
    if event.kind is EventKind.SETTLED:
        state = ParcelState(event.outcome)
        return str(REPORT_LABELS.get(state, STATE_LABELS[state])), state is not ParcelState.PROCESSING
    return str(EVENT_LABELS.get(event.kind, event.kind.value)), event.kind is EventKind.FORWARDED


def _report(row: MessageRow) -> dict[str, Any]:
    return {
        "at_label": moment(row.created_at),
        "at_iso": row.created_at.isoformat(),
        "who": row.sender_name or row.sender_code,
        "text": _("gửi trạng thái {title}").format(title=_title(row)),
        "note": row.doc_id,
        "is_strong": True,
    }


def _header(record: MessageRecord) -> dict[str, Any]:
    """What the edXML says of itself; attachments are named, never opened."""
    if record.forgotten_at:
        return {"trouble": _("Nội dung đã được bỏ vì hết hạn lưu.")}
    try:
        reading = header_of(record.row.doc_id)
    except Unreadable as trouble:
        return {"trouble": _("Không đọc được đầu gói tin: {why}.").format(why=trouble)}
    if reading is None:
        return {"trouble": _("Kho của trục không còn nội dung này.")}
    return {"facts": _edoc_facts(reading) if reading.edoc else _status_facts(reading)}


def _edoc_facts(reading: Reading) -> list[tuple[str, str]]:
    assert reading.edoc is not None
    edoc = reading.edoc
    signer = edoc.signer
    said = [
        (_("Từ"), f"{edoc.sender.name} ({edoc.sender.code})"),
        (_("Đến"), "; ".join(f"{organ.name} ({organ.code})" for organ in edoc.receivers[:20])),
        (_("Trích yếu"), edoc.subject),
        (_("Loại"), edoc.type_name),
        (_("Số, ký hiệu"), edoc.code),
        (_("Ngày ban hành"), f"{edoc.issued_on:%d/%m/%Y}" if edoc.issued_on else edoc.issued_on_raw),
        (
            _("Người ký"),
            " ".join(filter(None, [signer.competence, signer.position, signer.name])) if signer else "",
        ),
        (_("Nghiệp vụ"), str(BUSINESS_LABELS[int(edoc.business.type)])),
        (_("Lý do"), edoc.business.reason),
        (_("Tệp đính kèm"), ", ".join(each.name for each in reading.attachments)),
    ]
    return [(label, value) for label, value in said if value] + _warnings(reading)


def _status_facts(reading: Reading) -> list[tuple[str, str]]:
    assert reading.status is not None
    report = reading.status
    said = [
        (_("Từ"), f"{report.sender.name} ({report.sender.code})"),
        (_("Trả lời cho"), report.response_for.organ_code),
        (_("Số, ký hiệu"), report.response_for.code),
        (_("Mã văn bản"), report.response_for.document_id),
        (_("Trạng thái"), f"{report.code} – {STATUS_LABELS.get(report.code, '')}".rstrip(" –")),
        (_("Mô tả"), report.description),
        (_("Lúc"), f"{report.at:%H:%M %d/%m/%Y}" if report.at else report.at_raw),
    ]
    return [(label, value) for label, value in said if value] + _warnings(reading)


def _warnings(reading: Reading) -> list[tuple[str, str]]:
    if not reading.warnings:
        return []
    return [
        (_("Cảnh báo khi đọc"), ", ".join(dict.fromkeys(notice.kind.value for notice in reading.warnings)))
    ]


def size_words(size: int) -> str:
    amount, unit = float(size), 0
    units = ("byte", "KB", "MB", "GB")
    while amount >= 1024 and unit < len(units) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{number_format(round(amount, 1), 1 if unit else 0)} {units[unit]}"
