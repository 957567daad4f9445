"""One view per act of the receiver on what its sender asks, and of the leader who is told."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vanthu.exchange import operations as exchange
from vanthu.routing import operations as routing
from vanthu.web.documents.screen import perform
from vanthu.web.recall.forms import DeclineForm, DemandForm, PlainForm
from vanthu.web.request import PersonRequest


@require_POST
def agree(request: PersonRequest, document_id: int) -> HttpResponse:
    """Thực hiện thu hồi, đồng ý trả lại, nhận bản cập nhật."""
    return perform(
        request,
        document_id,
        DemandForm(request.POST),
        lambda data: exchange.agree_to_demand(
            actor=request.actor, document_id=document_id, demand_id=data["demand"], now=request.now
        ),
        done=_("Đã thực hiện; nơi gửi được báo."),
    )


@require_POST
def decline(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        DeclineForm(request.POST, auto_id="DeclineForm-%s"),
        lambda data: exchange.decline_demand(
            actor=request.actor,
            document_id=document_id,
            demand_id=data["demand"],
            reason=data["reason"],
            now=request.now,
        ),
        done=_("Đã từ chối; lý do được gửi tới nơi gửi."),
    )


@require_POST
def note(request: PersonRequest, document_id: int) -> HttpResponse:
    """Đã biết: the leader has taken note that the sender took the document back."""
    return perform(
        request,
        document_id,
        PlainForm(request.POST),
        lambda data: routing.note_withdrawal(actor=request.actor, document_id=document_id, now=request.now),
        done=_("Đã ghi nhận."),
    )
