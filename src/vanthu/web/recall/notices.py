"""What every face of a document says of its force: revoked, replaced, asked back; and the word across its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard, enclosures_of, ending_of, is_visible
from vanthu.documents.rules.kinds import Direction, RelationKind
from vanthu.exchange.queries.recall import DemandRow, demands_of
from vanthu.exchange.rules.recall import may_decide
from vanthu.exchange.rules.states import DEMAND_LABELS, KIND_LABELS, AskKind, DemandState
from vanthu.registry.queries import incoming_state, outgoing_state
from vanthu.registry.rules.states import IncomingState, OutgoingState
from vanthu.web.documents.panel import disabled_reason
from vanthu.web.recall.forms import DeclineForm
from vanthu.web.request import PersonRequest
from vanthu.web.words import moment


@dataclass(frozen=True, slots=True)
class Standing:
    """`watermark` lies across the pages; `links` lead to what ended the document, or what it ended."""

    watermark: str = ""
    links: tuple[dict[str, Any], ...] = ()
    demands: tuple[dict[str, Any], ...] = ()
    enclosures: tuple[Any, ...] = ()
    decide_reason: str = ""
    decline: forms.Form | None = None
    settled: tuple[dict[str, Any], ...] = field(default=())


def standing_of(request: PersonRequest, card: DocumentCard, bound: forms.Form | None = None) -> Standing:
    """Two to six queries, however many answers there are."""
    ending = ending_of(card.id)
    links = [*_ended_links(request, ending.by), *_concern_links(request, card, ending.of)]
    if card.direction == Direction.OUTGOING:
        return Standing(_outgoing_word(card), tuple(links))
    rows = demands_of(card.id)
    word = _incoming_word(card, rows)
    if not word and any(kind is RelationKind.REPLACES for kind, _card in ending.by):
        word = _("ĐÃ THAY THẾ")
    return Standing(
        word,
        tuple(links),
        tuple(_demand(row, card) for row in rows if row.is_open),
        enclosures_of(card.id) if rows else (),
        disabled_reason(may_decide(request.actor, card.agency_id)),
        bound if isinstance(bound, DeclineForm) else DeclineForm(auto_id="DeclineForm-%s"),
        tuple(_demand(row, card) for row in rows if not row.is_open),
    )


def _outgoing_word(card: DocumentCard) -> str:
    match outgoing_state(card.id):
        case OutgoingState.RECALLED:
            return _("ĐÃ THU HỒI")
        case OutgoingState.REPLACED:
            return _("ĐÃ THAY THẾ")
    return ""


def _incoming_word(card: DocumentCard, rows: tuple[DemandRow, ...]) -> str:
    if not rows or incoming_state(card.id) is not IncomingState.RECALLED:
        return ""
    return _("BỊ THU HỒI")


_ENDED = {RelationKind.REVOKES: "Thu hồi bởi", RelationKind.REPLACES: "Thay thế bởi"}
_ENDS = {RelationKind.REVOKES: "Thu hồi văn bản", RelationKind.REPLACES: "Thay thế văn bản"}


def _ended_links(
    request: PersonRequest, ended: tuple[tuple[RelationKind, DocumentCard], ...]
) -> list[dict[str, Any]]:
    return [_link(request, _(_ENDED[kind]), other) for kind, other in ended]


def _concern_links(
    request: PersonRequest, card: DocumentCard, concern: tuple[RelationKind, DocumentCard] | None
) -> list[dict[str, Any]]:
    if concern is None:
        return []
    link = _link(request, _(_ENDS[concern[0]]), concern[1])
    still = card.direction == Direction.OUTGOING and outgoing_state(link["id"] or 0) is OutgoingState.ISSUED
    return [link | {"impact_of": link["id"] if still else None}]


def _link(request: PersonRequest, label: str, other: DocumentCard) -> dict[str, Any]:
    number = other.full_number or _("dự thảo")
    day = f" · {other.issued_on:%d/%m/%Y}" if other.issued_on else ""
    return {
        "label": label,
        "text": f"{number}{day}",
        "subject": other.subject,
        "id": other.id if is_visible(request.actor, other.id) else None,
    }


_TITLES = {
    AskKind.REVOKE: "Nơi gửi thu hồi văn bản này.",
    AskKind.TAKE_BACK: "Nơi gửi xin lấy lại văn bản này.",
    AskKind.REMOVE: "Nơi gửi bỏ cơ quan khỏi danh sách nơi nhận.",
    AskKind.CHANGE: "Nơi gửi cập nhật nội dung văn bản này.",
}
_ACTS = {
    AskKind.REVOKE: "Thực hiện thu hồi",
    AskKind.TAKE_BACK: "Đồng ý trả lại",
    AskKind.REMOVE: "Thực hiện thu hồi",
    AskKind.CHANGE: "Nhận bản cập nhật",
}


def _demand(row: DemandRow, card: DocumentCard) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": _(_TITLES[row.kind]),
        "act": _(_ACTS[row.kind]),
        "kind": _(KIND_LABELS[row.kind]),
        "sender": row.sender_name or card.issuer_name,
        "reason": row.reason,
        "at": moment(row.received_at),
        "may_be_declined": row.may_be_declined,
        "withdraws": row.kind is not AskKind.CHANGE,
        "state": _(DEMAND_LABELS[row.state]),
        "is_agreed": row.state is DemandState.AGREED,
        "decided": moment(row.decided_at) if row.decided_at else "",
        "by": row.decided_by,
        "answer": row.answer,
    }
