"""One view per act of the records office on a document that leaves."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vanthu.exchange.operations import acknowledge_refusals
from vanthu.registry import operations as registry
from vanthu.web.desk_agent.waiting import once_signed
from vanthu.web.documents.screen import by, perform
from vanthu.web.forms import KeyForm
from vanthu.web.outgoing.forms import IssueForm, PlainForm, VoidForm
from vanthu.web.request import PersonRequest


@require_POST
def issue(request: PersonRequest, document_id: int) -> HttpResponse:
    """Cấp số, ký số cơ quan, phát hành: the whole sheet, or what an earlier try left to do."""
    form = KeyForm(request.POST)
    return perform(
        request,
        document_id,
        form,
        lambda data: registry.issue_in_one_act(
            **by(request, document_id, data),
            typed=form.typed(),
            hold=timedelta(seconds=settings.VANTHU_HOLD_SECONDS),
        ),
        done=once_signed(_("Đã cấp số, ký số cơ quan.")),
    )


@require_POST
def send_now(request: PersonRequest, document_id: int) -> HttpResponse:
    """Gửi ngay: do not wait until the hold runs out."""
    return perform(
        request,
        document_id,
        IssueForm(request.POST),
        lambda data: registry.issue_outgoing(
            actor=request.actor, document_id=document_id, version=data["version"], now=request.now
        ),
        done=_("Đã phát hành."),
    )


@require_POST
def stop(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        PlainForm(request.POST),
        lambda data: registry.stop_leaving(actor=request.actor, document_id=document_id, now=request.now),
        done=_("Đã dừng gửi. Số, ngày và chữ ký số của cơ quan giữ nguyên."),
    )


@require_POST
def void(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        VoidForm(request.POST, auto_id="VoidForm-%s"),
        lambda data: registry.void_number(
            actor=request.actor,
            document_id=document_id,
            reason=data["reason"],
            version=data["version"],
            now=request.now,
        ),
        done=_("Đã hủy số; số này không cấp lại."),
    )


@require_POST
def acknowledge(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        PlainForm(request.POST),
        lambda data: acknowledge_refusals(actor=request.actor, document_id=document_id, now=request.now),
        done=_("Đã ghi nhận nơi nhận từ chối, trả lại."),
    )
