"""Bản giấy: the receivers of one document that get paper, and the agency's book of what went by post."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vanthu.exchange import operations as exchange
from vanthu.exchange.queries import postal_register
from vanthu.exchange.rules.paper import WAY_LABELS, PaperWay
from vanthu.kernel.actor import Role
from vanthu.kernel.decisions import allowed_if
from vanthu.kernel.due import local
from vanthu.web.documents.screen import perform
from vanthu.web.outgoing.forms import ChosenForm, PlainForm, PostingForm
from vanthu.web.request import PersonRequest


@require_POST
def print_labels(request: PersonRequest, document_id: int) -> HttpResponse:
    """Nhãn bì, Phiếu gửi: a PDF of the chosen receivers; a refusal is shown on the process screen."""
    printed: list[bytes] = []
    answer = perform(
        request,
        document_id,
        ChosenForm(request.POST),
        lambda data: printed.append(
            exchange.print_mailing(
                actor=request.actor,
                document_id=document_id,
                delivery_ids=data["delivery"],
                now=request.now,
            )
        ),
        done="",
    )
    return _as_pdf(printed[0], f"gui-giay-{document_id}.pdf") if printed else answer


def _as_pdf(content: bytes, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)


@require_POST
def post(request: PersonRequest, document_id: int) -> HttpResponse:
    """Ghi bản giấy đã gửi."""
    return perform(
        request,
        document_id,
        PostingForm(request.POST, auto_id="PostingForm-%s"),
        lambda data: exchange.post_on_paper(
            actor=request.actor,
            document_id=document_id,
            delivery_ids=data["delivery"],
            order=_order(data),
            now=request.now,
        ),
        done=_("Đã ghi bản giấy đã gửi vào sổ."),
    )


def _order(data: dict[str, Any]) -> exchange.PostingOrder:
    return exchange.PostingOrder(
        data["posted_on"], PaperWay(data["way"]), data["envelopes"], data["receipt"], data["note"]
    )


@require_POST
def turn(request: PersonRequest, document_id: int, delivery_id: int) -> HttpResponse:
    """Chuyển sang gửi bản giấy: a receiver that could not be reached."""
    return perform(
        request,
        document_id,
        PlainForm(request.POST),
        lambda data: exchange.turn_to_paper(
            actor=request.actor, document_id=document_id, delivery_id=delivery_id, now=request.now
        ),
        done=_("Nơi nhận đã chuyển sang gửi bản giấy."),
    )


@require_GET
def register(request: PersonRequest) -> HttpResponse:
    """Sổ gửi văn bản đi bưu điện of one month. Norm: NĐ30 PL.IV."""
    allowed_if(request.actor.has(Role.CLERK), "registry.not-clerk").or_refuse()
    assert request.actor.agency_id is not None
    first = _month(request)
    after = _next_month(first)
    lines = postal_register(request.actor.agency_id, since=first, until=after)
    context = {
        "month": f"{first:%m/%Y}",
        "previous": f"{first - timedelta(days=1):%Y-%m}",
        "next": f"{after:%Y-%m}" if after <= local(request.now).date() else "",
        "lines": [
            {
                "document_id": line.document_id,
                "number": line.full_number,
                "name": line.recipient_name,
                "because": line.because,
                "posted": line.posted,
                "day": f"{line.posted.posted_on:%d/%m/%Y}",
                "way": _(WAY_LABELS[line.posted.way]),
            }
            for line in lines
        ],
        "envelopes": sum(line.posted.envelopes for line in lines),
    }
    return render(request, "outgoing/postal_register.html", context)


def _month(request: PersonRequest) -> date:
    asked = request.GET.get("thang", "")
    try:
        return date.fromisoformat(f"{asked}-01")
    except ValueError:
        return local(request.now).date().replace(day=1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
