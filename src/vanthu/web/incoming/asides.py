"""Gói tin để riêng: what came over the axis and waits for the clerk's word before it becomes a document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vanthu.exchange import operations as exchange
from vanthu.exchange.queries.inbox import AsideRow, asides
from vanthu.exchange.rules.inbox import ASIDE_LABELS, ASIDE_STATE_LABELS, AsideState
from vanthu.foundation.refusals import SpokenRefusal
from vanthu.kernel.errors import DomainError, NotVisible
from vanthu.web.errors import status_of, words_of
from vanthu.web.incoming.forms import TEXT
from vanthu.web.request import PersonRequest
from vanthu.web.words import moment

MARKS = {AsideState.OPEN: "warn", AsideState.TAKEN: "ok", AsideState.RETURNED: "none"}


class ReturnForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Lý do trả lại"),
        help_text=gettext_lazy("Bên gửi đọc nguyên văn nội dung này."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        error_messages=TEXT,
    )


@require_GET
def listed(request: PersonRequest) -> HttpResponse:
    return _page(request)


@require_POST
def take(request: PersonRequest, aside_id: int) -> HttpResponse:
    """Nhận như văn bản mới."""
    try:
        exchange.take_aside(actor=request.actor, aside_id=aside_id, now=request.now)
    except DomainError as refusal:
        return _refused(request, refusal)
    messages.success(request, _("Đã nhận; văn bản nằm ở Chờ tiếp nhận."))
    return redirect("incoming-asides")


@require_POST
def give_back(request: PersonRequest, aside_id: int) -> HttpResponse:
    """Trả lại có lý do."""
    text = request.POST.get("text", "")[:500]
    try:
        exchange.return_aside(actor=request.actor, aside_id=aside_id, text=text, now=request.now)
    except DomainError as refusal:
        return _refused(request, refusal)
    messages.success(request, _("Đã trả lại; lý do được gửi tới bên phát hành."))
    return redirect("incoming-asides")


def _refused(request: PersonRequest, refusal: DomainError) -> HttpResponse:
    if isinstance(refusal, NotVisible):
        raise refusal
    return _page(request, refusals=words_of(refusal), status=status_of(refusal))


def _page(
    request: PersonRequest, *, refusals: list[SpokenRefusal] | None = None, status: int = 200
) -> HttpResponse:
    rows = [_shown(row) for row in asides(request.actor)]
    return render(request, "incoming/asides.html", {"rows": rows, "refusals": refusals or []}, status=status)


def _shown(row: AsideRow) -> dict[str, Any]:
    ended = [row.decided_by, moment(row.decided_at) if row.decided_at else "", row.decision]
    return {
        "id": row.id,
        "sender": row.sender_name,
        "sender_code": row.sender_code,
        "number": row.their_code,
        "subject": row.subject or _("(không có trích yếu)"),
        "why": _(ASIDE_LABELS[row.reason]),
        "detail": row.detail,
        "earlier_id": row.earlier_id,
        "came_at": moment(row.created_at),
        "state": MARKS[row.state],
        "state_label": _(ASIDE_STATE_LABELS[row.state]),
        "ended": " · ".join(part for part in ended if part),
        "is_open": row.state is AsideState.OPEN,
        "form": ReturnForm(auto_id=f"return-{row.id}-%s"),
    }
