"""Who gets a document by which way, before it leaves and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vanthu.documents.queries import recipients_of
from vanthu.exchange.operations.track import TROUBLED
from vanthu.exchange.queries import DeliveryRow, PostedRow
from vanthu.exchange.queries.recall import AskRow
from vanthu.exchange.queries.ways import planned_recipients
from vanthu.exchange.rules.paper import WAY_LABELS
from vanthu.exchange.rules.recall import PENDING, RECALL_LABELS, RecallState
from vanthu.exchange.rules.states import ASK_LABELS, KIND_LABELS
from vanthu.exchange.rules.statuses import STATE_LABELS, DeliveryState, code_label
from vanthu.exchange.rules.ways import WayKind
from vanthu.kernel.due import local
from vanthu.web.outgoing.forms import PostingForm
from vanthu.web.request import PersonRequest
from vanthu.web.words import moment

ICONS = {
    DeliveryState.TO_SEND: "clock",
    DeliveryState.SENDING: "clock",
    DeliveryState.SENT: "send",
    DeliveryState.ARRIVED: "inbox",
    DeliveryState.REFUSED: "return",
    DeliveryState.ACCEPTED: "check",
    DeliveryState.ASSIGNED: "assign",
    DeliveryState.IN_PROGRESS: "edit",
    DeliveryState.DONE: "check",
    DeliveryState.RETURNED_LATE: "return",
    DeliveryState.FAILED: "warn",
    DeliveryState.PAPER: "print",
}
RECALL_ICONS = {
    RecallState.TAKING_BACK: "clock",
    RecallState.REVOKING: "clock",
    RecallState.REMOVING: "clock",
    RecallState.TAKEN_BACK: "return",
    RecallState.REVOKED: "stop",
    RecallState.REMOVED: "return",
}
COLOURS = {
    DeliveryState.DONE: "due-fine",
    DeliveryState.ACCEPTED: "due-fine",
    DeliveryState.PAPER: "due-none",
}
OPEN_UP_TO = 12
"""So many recipients are listed at once; more are folded by state."""


def planned_ways(document_id: int) -> dict[str, Any]:
    """Recipients by the way each will be reached; a few queries however many there are."""
    rows = recipients_of(document_id)
    planned = planned_recipients(document_id)
    names: dict[WayKind, list[str]] = {WayKind.LOCAL: [], WayKind.AXIS: []}
    paper = [{"name": row.name, "reason": _("ngoài danh bạ hệ thống")} for row in rows if not row.agency_code]
    for row in planned:
        if row.is_closed:
            continue
        if row.way.kind is WayKind.PAPER:
            paper.append({"name": row.name, "reason": row.way.why})
        else:
            names[row.way.kind].append(row.name)
    return {
        "total": len(planned) + sum(not row.agency_code for row in rows),
        "electronic": names[WayKind.LOCAL],
        "axis": names[WayKind.AXIS],
        "paper": paper,
        "closed": [row.name for row in planned if row.is_closed],
        "is_short": len(rows) <= OPEN_UP_TO,
    }


Asks = Mapping[int, tuple[AskRow, ...]]


def followed(rows: tuple[DeliveryRow, ...], asks: Asks) -> dict[str, Any]:
    """Deliveries of an issued document: what went wrong first, the others by state; paper has a part of its own."""

    def is_unread(row: DeliveryRow) -> bool:
        kept = any(ask.is_unread for ask in asks.get(row.id, ()))
        return kept or (row.state in TROUBLED and not row.is_acknowledged)

    return {
        "total": len(rows),
        "unread": [_delivery(row, asks) for row in rows if is_unread(row)],
        "groups": _by_state(
            (row for row in rows if row.state is not DeliveryState.PAPER and not is_unread(row)), asks
        ),
        "is_short": len(rows) <= OPEN_UP_TO,
    }


def _by_state(rows: Iterable[DeliveryRow], asks: Asks) -> list[dict[str, Any]]:
    """What is being taken back, or was, stands before how far the others have come."""
    groups: dict[RecallState | DeliveryState, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row.recall or row.state, []).append(_delivery(row, asks))
    recalled = [
        {
            "label": _(label),
            "icon": RECALL_ICONS[state],
            "css": "due-soon" if state in PENDING else "",
            "rows": found,
        }
        for state, label in RECALL_LABELS.items()
        if (found := groups.get(state))
    ]
    return recalled + [
        {"label": _(STATE_LABELS[state]), "icon": ICONS[state], "css": COLOURS.get(state, ""), "rows": found}
        for state in DeliveryState
        if (found := groups.get(state))
    ]


def _asked(row: AskRow) -> dict[str, str]:
    """One request in words: what was asked, at whose word, and what the recipient said."""
    return {
        "text": f"{_(KIND_LABELS[row.kind])} · {moment(row.asked_at)} · {row.ordered_by}",
        "reason": row.reason,
        "answer": f"{_(ASK_LABELS[row.state])}{f': {row.answer}' if row.answer else ''}",
    }


def _kept_because(asks: tuple[AskRow, ...]) -> str:
    found = next((ask for ask in reversed(asks) if ask.is_unread), None)
    if found is None:
        return ""
    return f"{_(KIND_LABELS[found.kind])} · {_(ASK_LABELS[found.state])}: {found.answer}"


def _delivery(row: DeliveryRow, asks: Asks) -> dict[str, Any]:
    statuses = [
        {
            "at_label": moment(status.at),
            "at_iso": status.at.isoformat(),
            "who": f"{status.code} {_(code_label(status.code))}",
            "text": "",
            "note": status.description,
        }
        for status in row.statuses
    ]
    last = row.statuses[-1].at if row.statuses else row.sent_at
    return {
        "id": row.id,
        "name": row.recipient_name,
        "may_turn_to_paper": row.state is DeliveryState.FAILED,
        "can_be_resent": row.can_be_resent,
        "state_label": _(RECALL_LABELS[row.recall]) if row.recall else _(STATE_LABELS[row.state]),
        "asked": [_asked(ask) for ask in asks.get(row.id, ())],
        "error": _kept_because(asks.get(row.id, ())) or row.last_error,
        "last": moment(last) if last else "",
        "statuses": statuses,
    }


def paper_part(
    request: PersonRequest, rows: tuple[DeliveryRow, ...], bound: forms.Form | None, reason: str
) -> dict[str, Any]:
    """What the panel of an issued document shows of its receivers on paper."""
    on_paper = [row for row in rows if row.state is DeliveryState.PAPER]
    form = bound if isinstance(bound, PostingForm) else None
    return {
        "waiting": [
            {"id": row.id, "name": row.recipient_name, "because": row.last_error}
            for row in on_paper
            if row.posted is None
        ],
        "posted": [
            {"name": row.recipient_name, "facts": posted_facts(row.posted)} for row in on_paper if row.posted
        ],
        "form": form
        or PostingForm(initial={"posted_on": local(request.now).date()}, auto_id="PostingForm-%s"),
        "is_open": form is not None,
        "reason": reason,
    }


def posted_facts(posted: PostedRow) -> str:
    """`22/11/2026 · Bưu điện · 1 bì · RR123 · Trần Văn A ghi`."""
    parts = [
        f"{posted.posted_on:%d/%m/%Y}",
        _(WAY_LABELS[posted.way]),
        _("{n} bì").format(n=posted.envelopes),
        posted.receipt,
        posted.note,
        _("{name} ghi").format(name=posted.recorded_by),
    ]
    return " · ".join(part for part in parts if part)
