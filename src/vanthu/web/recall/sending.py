"""The sender's pages: whom to ask back and what it would undo, what a notice would end, who else shall receive it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from vanthu.documents.queries import DocumentCard, document_card
from vanthu.drafting.rules.policy import may_start
from vanthu.exchange import operations as exchange
from vanthu.exchange.operations import RecallOrder
from vanthu.exchange.queries import deliveries_of
from vanthu.exchange.queries.recall import ImpactRow, impact_of
from vanthu.exchange.rules.recall import RECALL_LABELS, may_ask
from vanthu.exchange.rules.states import AskKind
from vanthu.exchange.rules.statuses import STATE_LABELS, StatusCode, code_label
from vanthu.foundation.refusals import SpokenRefusal
from vanthu.kernel.errors import DomainError, NotVisible
from vanthu.organizations.queries import addressable_agencies
from vanthu.registry.queries import outgoing_state
from vanthu.registry.rules.states import OutgoingState
from vanthu.web.documents.panel import disabled_reason
from vanthu.web.drafts.outside import ASKED
from vanthu.web.errors import status_of, words_of
from vanthu.web.incoming.panel import leaders_of
from vanthu.web.recall.forms import AddForm, AskForm
from vanthu.web.request import PersonRequest
from vanthu.web.words import moment

ACTS = {AskKind.TAKE_BACK: exchange.ask_back, AskKind.REMOVE: exchange.remove_recipients}


def issued(request: PersonRequest, document_id: int) -> DocumentCard:
    """A document that left this house. Refuses: `NotVisible`."""
    card = document_card(actor=request.actor, document_id=document_id)
    if outgoing_state(document_id) not in {
        OutgoingState.ISSUED,
        OutgoingState.RECALLED,
        OutgoingState.REPLACED,
    }:
        raise NotVisible
    return card


@require_http_methods(["GET", "POST"])
def ask(request: PersonRequest, document_id: int) -> HttpResponse:
    """Lấy lại, bớt nơi nhận: the recipients with what each has done, then the reason and whose word it is."""
    card = issued(request, document_id)
    may_ask(request.actor, card.agency_id).or_refuse()
    leaders = leaders_of(request)
    form = AskForm(request.POST if request.method == "POST" else None, leaders=leaders, auto_id="AskForm-%s")
    if request.method != "POST":
        return _ask_page(request, card, form)
    if not form.is_valid():
        return _ask_page(request, card, form, status=422)
    try:
        count = _asked(request, document_id, form)
    except NotVisible:
        raise
    except DomainError as refusal:
        return _ask_page(request, card, form, words_of(refusal), status_of(refusal))
    messages.success(request, _("Đã gửi yêu cầu tới {n} nơi nhận.").format(n=count))
    return redirect("document", document_id=document_id)


def _asked(request: PersonRequest, document_id: int, form: AskForm) -> int:
    data = form.cleaned_data
    order = RecallOrder(tuple(data["delivery"]), data["reason"], data["leader_post_id"])
    act = ACTS[AskKind(data["kind"])]
    return act(actor=request.actor, document_id=document_id, order=order, now=request.now)


def _ask_page(
    request: PersonRequest,
    card: DocumentCard,
    form: AskForm,
    refusals: Sequence[SpokenRefusal] = (),
    status: int = 200,
) -> HttpResponse:
    ticked = {int(value) for value in request.POST.getlist("delivery") if value.isdigit()}
    context = _impact(card) | {"document": card, "form": form, "refusals": refusals, "ticked": ticked}
    return render(request, "recall/ask.html", context, status=status)


@require_GET
def notice(request: PersonRequest, document_id: int) -> HttpResponse:
    """Thu hồi: what the issue of a notice would end, at whom, before anybody writes it (peers.md B 12)."""
    card = issued(request, document_id)
    context = _impact(card) | {
        "document": card,
        "in_force": outgoing_state(document_id) is OutgoingState.ISSUED,
        "draft_reason": disabled_reason(may_start(request.actor)),
    }
    return render(request, "recall/notice.html", context)


def _impact(card: DocumentCard) -> dict[str, Any]:
    rows = impact_of(deliveries_of(card.id))
    return {
        "rows": [impact_row(row) for row in rows if row.is_electronic],
        "paper": [row.name for row in rows if not row.is_electronic],
        "sums": _sums(rows),
    }


def impact_row(row: ImpactRow) -> dict[str, Any]:
    """One recipient: how far he has come, step by step."""
    label = _(RECALL_LABELS[row.recall]) if row.recall in RECALL_LABELS else _(STATE_LABELS[row.state])
    return {
        "id": row.delivery_id,
        "name": row.name,
        "label": label,
        "may_be_asked": row.may_be_asked,
        "undone": _undone(row),
        "reached": [
            {
                "at_label": moment(at),
                "at_iso": at.isoformat(),
                "who": _(code_label(code)),
                "text": "",
                "note": said,
            }
            for code, at, said in row.reached
        ],
    }


_UNDONE = (
    (StatusCode.DONE, "kết quả đã có được giữ, lãnh đạo nơi nhận được báo"),
    (StatusCode.IN_PROGRESS, "công việc đang làm dừng lại"),
    (StatusCode.ASSIGNED, "việc đã phân công được hủy"),
    (StatusCode.ACCEPTED, "văn bản đến bị hủy, số đến giữ nguyên"),
    (StatusCode.ARRIVED, "văn bản được gỡ khỏi hàng chờ tiếp nhận"),
)


def _undone(row: ImpactRow) -> str:
    """What withdrawing would undo there, by the furthest step that was reported."""
    reached = {code for code, _at, _said in row.reached}
    return next((_(words) for code, words in _UNDONE if code in reached), _("chưa có trạng thái nhận về"))


def _sums(rows: Sequence[ImpactRow]) -> dict[str, int]:
    def count(code: StatusCode) -> int:
        return sum(any(reached == code for reached, _at, _said in row.reached) for row in rows)

    return {
        "total": len(rows),
        "arrived": count(StatusCode.ARRIVED),
        "accepted": count(StatusCode.ACCEPTED),
        "assigned": count(StatusCode.ASSIGNED),
        "done": count(StatusCode.DONE),
        "paper": sum(not row.is_electronic for row in rows),
    }


@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, document_id: int) -> HttpResponse:
    """Bổ sung nơi nhận of an issued document; its content stays as it is (M18)."""
    card = issued(request, document_id)
    may_ask(request.actor, card.agency_id).or_refuse()
    if request.method != "POST" or "tim" in request.POST:
        return _add_page(request, card, _add_form(request, card, is_new=True))
    form = _add_form(request, card)
    if not form.is_valid():
        return _add_page(request, card, form, status=422)
    try:
        count = _added(request, document_id, form)
    except NotVisible:
        raise
    except DomainError as refusal:
        return _add_page(request, card, form, words_of(refusal), status_of(refusal))
    messages.success(request, _("Đang gửi tới {n} nơi nhận bổ sung.").format(n=count))
    return redirect("document", document_id=document_id)


def _added(request: PersonRequest, document_id: int, form: AddForm) -> int:
    data = form.cleaned_data
    return exchange.add_recipients(
        actor=request.actor,
        document_id=document_id,
        codes=data["recipients"],
        reason=data["reason"],
        leader_post_id=data["leader_post_id"],
        now=request.now,
    )


def _add_form(request: PersonRequest, card: DocumentCard, *, is_new: bool = False) -> AddForm:
    there = {row.recipient_code for row in deliveries_of(card.id)}
    typed: dict[str, Any] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in ("reason", "leader_post_id", ASKED)}
        typed["recipients"] = request.POST.getlist("recipients")
    listed = [row for row in addressable_agencies(except_id=card.agency_id) if row.code not in there]
    return AddForm(
        None if is_new else request.POST,
        initial=typed,
        agencies=listed,
        leaders=leaders_of(request),
        auto_id="AddForm-%s",
    )


def _add_page(
    request: PersonRequest,
    card: DocumentCard,
    form: forms.Form,
    refusals: Sequence[SpokenRefusal] = (),
    status: int = 200,
) -> HttpResponse:
    context = {"document": card, "form": form, "refusals": refusals}
    return render(request, "recall/add.html", context, status=status)


def sender_part(request: PersonRequest, card: DocumentCard, state: OutgoingState) -> dict[str, Any]:
    """What the panel of an issued document offers."""
    reason = disabled_reason(may_ask(request.actor, card.agency_id))
    return {"recall_reason": reason, "in_force": state is OutgoingState.ISSUED}
