"""The four other faces of a document: hand-overs, facts, signatures, history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vanthu.audit.queries import history_of
from vanthu.documents.queries import DocumentCard, current_files, document_type, recipients_of, replies_to
from vanthu.documents.rules.kinds import Direction
from vanthu.drafting.queries import steps_of
from vanthu.drafting.rules.states import MOVE_LABELS
from vanthu.exchange.queries import DeliveryRow, answers_sent, deliveries_of
from vanthu.exchange.queries.inbox import line_facts
from vanthu.exchange.rules.recall import RECALL_LABELS
from vanthu.exchange.rules.statuses import STATE_LABELS, DeliveryState, code_label
from vanthu.registry.queries import incoming_card, outgoing_card
from vanthu.routing.queries import TaskRow, directives_of, tasks_of
from vanthu.routing.rules.states import CLOSED, PART_LABELS, TASK_LABELS
from vanthu.signing.queries import rendition_card, signatures_of
from vanthu.signing.rules.sentences import KIND_TEXT, VERDICT_TEXT, axis_sentences
from vanthu.web.documents.history import sentence_of
from vanthu.web.exchange.words import warning_words
from vanthu.web.request import PersonRequest, verdict_on
from vanthu.web.words import day, due_words, initials, moment, trace_words, verdict_words

_CHANGED = frozenset({"annotations", "other"})
Context = Callable[[PersonRequest, DocumentCard], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Face:
    label: str
    template: str
    context: Context


def _flow(request: PersonRequest, card: DocumentCard) -> dict[str, Any]:
    tasks = tasks_of(card.id)
    return {
        "nodes": [_node(task, tasks, request) for task in tasks if task.parent_id is None],
        "directives": [
            _entry(row.at, f"{row.person_name} ({row.title})", row.text) for row in directives_of(card.id)
        ],
        "steps": [
            _entry(row.at, f"{row.person_name} ({row.title})", _(MOVE_LABELS[row.move]), row.note)
            for row in steps_of(card.id)
        ],
        "deliveries": [_delivery(row) for row in deliveries_of(card.id)],
        "answers": [
            _entry(row.at, _(code_label(row.code)), row.description) for row in answers_sent(card.id)
        ],
    }


def _entry(at: Any, who: str, text: str, note: str = "") -> dict[str, Any]:
    return {"at_label": moment(at), "at_iso": at.isoformat(), "who": who, "text": text, "note": note}


def _node(task: TaskRow, tasks: tuple[TaskRow, ...], request: PersonRequest) -> dict[str, Any]:
    is_open = task.state not in CLOSED
    due = due_words(task.due_at if is_open else None, request.now)
    return {
        "name": task.person_name,
        "initials": initials(task.person_name),
        "role": f"{_(PART_LABELS[task.part])} · {task.unit_name}",
        "state_label": _(TASK_LABELS[task.state]),
        "since": _("{state} · giao {moment}").format(
            state=_(TASK_LABELS[task.state]), moment=moment(task.given_at)
        ),
        "until": _("xong {moment}").format(moment=moment(task.ended_at)) if task.ended_at else "",
        "due_label": due["due_label"],
        "due_state": due["due_state"],
        "due_title": due["due_title"],
        "note": task.result or _own_words(task, tasks),
        "children": [_node(each, tasks, request) for each in tasks if each.parent_id == task.id],
    }


def _own_words(task: TaskRow, tasks: tuple[TaskRow, ...]) -> str:
    """What the giver added; the directive itself stands above the tree already."""
    parent = next((row for row in tasks if row.id == task.parent_id), None)
    return task.text if parent and task.text != parent.text else ""


_DELIVERY_VERDICT = {
    DeliveryState.REFUSED: "bad",
    DeliveryState.RETURNED_LATE: "bad",
    DeliveryState.FAILED: "bad",
    DeliveryState.PAPER: "warn",
    DeliveryState.DONE: "ok",
}


def _delivery(row: DeliveryRow) -> dict[str, Any]:
    return {
        "name": row.recipient_name,
        "code": row.recipient_code,
        "state_label": _(RECALL_LABELS[row.recall]) if row.recall else _(STATE_LABELS[row.state]),
        "state": _DELIVERY_VERDICT.get(row.state, "none"),
        "error": row.last_error,
        "statuses": [
            _entry(status.at, f"{status.code} {_(code_label(status.code))}", status.description)
            for status in row.statuses
        ],
    }


def _facts(request: PersonRequest, card: DocumentCard) -> dict[str, Any]:
    kind = document_type(card.type_code)
    rows: list[Any] = [
        (_("Loại văn bản"), kind.name if kind else card.type_code),
        (_("Số, ký hiệu"), card.full_number or _("chưa cấp số")),
        (_("Ngày văn bản"), f"{card.issued_on:%d/%m/%Y}" if card.issued_on else "—"),
        (_("Cơ quan ban hành"), card.issuer_name),
        (_("Người ký"), ", ".join(part for part in (card.signer_name, card.signer_position) if part) or "—"),
        (_("Số trang"), card.page_count or "—"),
        *_register_facts(card),
        *_line_facts(card),
        (_("Nơi nhận"), "; ".join(row.name for row in recipients_of(card.id)) or "—"),
        (
            _("Văn bản trả lời"),
            ", ".join(row.full_number or row.subject for row in replies_to(card.id)) or "—",
        ),
    ]
    return {"facts": rows, "files": current_files(card.id), "document": card}


def _register_facts(card: DocumentCard) -> list[Any]:
    rows: list[Any] = []
    is_outgoing = card.direction == Direction.OUTGOING
    incoming = None if is_outgoing else incoming_card(card.id)
    if incoming is not None:
        rows += [
            (_("Đến lúc"), moment(incoming.arrived_at)),
            (_("Số đến"), incoming.arrival_number or _("chưa đăng ký")),
            {
                "label": _("Hạn đăng ký, trình"),
                "value": moment(incoming.due_at),
                "why": trace_words(incoming.due_trace),
            },
        ]
    outgoing = outgoing_card(card.id) if is_outgoing else None
    if outgoing is not None:
        rows.append(
            {
                "label": _("Hạn phát hành"),
                "value": moment(outgoing.due_at),
                "why": trace_words(outgoing.due_trace),
            }
        )
    return rows


def _line_facts(card: DocumentCard) -> list[Any]:
    """What the message from the axis said beside the document itself."""
    said = line_facts(card.id) if card.direction == Direction.INCOMING else None
    if said is None:
        return []
    noticed = "; ".join(warning_words(*each) for each in said.warnings)
    rows: list[Any] = [
        (_("Nguồn"), _("Trục liên thông")),
        (_("Mã cơ quan gửi"), said.sender_code),
        (_("Mã văn bản của bên gửi"), said.document_id or "—"),
        (_("Mã nơi nhận ghi trong gói tin"), ", ".join(said.addressed_codes)),
    ]
    return [*rows, (_("Lưu ý khi đọc gói tin"), noticed)] if noticed else rows


def _signatures(request: PersonRequest, card: DocumentCard) -> dict[str, Any]:
    verdict = verdict_on(request, card)
    found = []
    for finding in verdict.signatures if verdict else ():
        chip = verdict_words(finding.verdict)
        found.append(
            {
                "kind": _(KIND_TEXT[finding.kind]),
                "name": finding.signer.name,
                "organisation": finding.signer.organisation
                if finding.signer.organisation != finding.signer.name
                else "",
                "state": chip["verdict_state"],
                "label": chip["verdict_label"],
                "sentences": list(axis_sentences(finding, _)),
            }
        )
    return {
        "verdict": _(VERDICT_TEXT[verdict.verdict]) if verdict else "",
        "checked_at": moment(verdict.checked_at) if verdict else "",
        "is_changed": any(item.modification in _CHANGED for item in verdict.signatures) if verdict else False,
        "sha256": card.main_sha256,
        "signatures": found,
        "made": [
            _entry(row.signed_at, row.signer_name, row.responsibility) for row in signatures_of(card.id)
        ],
        "kept": _kept(card),
        "document": card,
    }


def _kept(card: DocumentCard) -> dict[str, Any] | None:
    """The second rendition of what was issued here (D20)."""
    row = rendition_card(card.id)
    if row is None:
        return None
    if not row.sha256:
        return {
            "text": _("Bản lưu trữ dài hạn: chờ tạo, mức {level}.").format(level=row.level),
            "is_there": False,
        }
    until = day(row.protected_until) if row.protected_until else "—"
    text = _("Bản lưu trữ dài hạn: {level}, tự chứng minh đến {until}.").format(
        level=row.reached, until=until
    )
    if row.renew_before is not None:
        text = _("Bản lưu trữ dài hạn: {level}, gia hạn trước {day}, tự chứng minh đến {until}.").format(
            level=row.reached, day=day(row.renew_before), until=until
        )
    return {"text": text, "is_there": True, "renewals": row.renewals}


def _history(request: PersonRequest, card: DocumentCard) -> dict[str, Any]:
    rows = history_of("documents.document", card.id, chain=card.agency_id)
    entries = []
    for row in rows:
        text, note = sentence_of(row)
        if text:
            who = f"{row.actor_name} ({row.acting_as})" if row.acting_as else row.actor_name
            entries.append(_entry(row.at, who, text, note))
    return {"entries": entries}


FACES = {
    "luong": Face("Luồng xử lý", "documents/_flow.html", _flow),
    "thong-tin": Face("Thông tin", "documents/_facts.html", _facts),
    "chu-ky": Face("Chữ ký", "documents/_signatures.html", _signatures),
    "lich-su": Face("Lịch sử", "documents/_history.html", _history),
}
