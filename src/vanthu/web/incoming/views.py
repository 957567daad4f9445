"""One view per act of the records office on an arrival."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vanthu.kernel.errors import DomainError
from vanthu.registry import operations as registry
from vanthu.registry.rules.policy import may_take_in
from vanthu.registry.rules.states import RefusalReason
from vanthu.renditions.operations import admit_upload
from vanthu.web.documents.screen import by, perform
from vanthu.web.errors import status_of, words_of
from vanthu.web.incoming.forms import (
    AcceptForm,
    ReasonForm,
    RefusalForm,
    RegistrationForm,
    ScanForm,
    SubmitForm,
)
from vanthu.web.incoming.panel import leaders_of
from vanthu.web.request import PersonRequest


@require_POST
def accept(request: PersonRequest, document_id: int) -> HttpResponse:
    form = AcceptForm(request.POST, auto_id="AcceptForm-%s")
    return perform(
        request,
        document_id,
        form,
        lambda data: registry.accept_arrival(
            **by(request, document_id, data),
            as_reference=data["as_reference"],
            registration=form.order(),
        ),
        done=_("Đã tiếp nhận và đăng ký; bên gửi được báo."),
    )


@require_POST
def refuse(request: PersonRequest, document_id: int) -> HttpResponse:
    form = RefusalForm(request.POST, auto_id="RefusalForm-%s")
    return perform(
        request,
        document_id,
        form,
        lambda data: registry.refuse_arrival(
            **by(request, document_id, data),
            reason=RefusalReason(data["reason"]),
            text=data["text"],
        ),
        done=_("Đã từ chối; lý do được gửi tới bên phát hành."),
    )


@require_POST
def ask_consent(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        ReasonForm(request.POST, auto_id="ReasonForm-%s"),
        lambda data: registry.ask_consent(
            **by(request, document_id, data),
            question=data["text"],
        ),
        done=_("Đã chuyển Chánh Văn phòng cho ý kiến."),
    )


@require_POST
def consent(request: PersonRequest, document_id: int) -> HttpResponse:
    return perform(
        request,
        document_id,
        ReasonForm(request.POST, auto_id="ReasonForm-%s"),
        lambda data: registry.give_consent(
            **by(request, document_id, data),
            reason=data["text"],
        ),
        done=_("Đã đồng ý tiếp nhận."),
    )


@require_POST
def register(request: PersonRequest, document_id: int) -> HttpResponse:
    form = RegistrationForm(request.POST, auto_id="RegistrationForm-%s")
    return perform(
        request,
        document_id,
        form,
        lambda data: registry.register_arrival(
            **by(request, document_id, data),
            order=form.order(),
        ),
        done=_("Đã đăng ký."),
    )


@require_POST
def submit(request: PersonRequest, document_id: int) -> HttpResponse:
    leaders = leaders_of(request)
    return perform(
        request,
        document_id,
        SubmitForm(request.POST, leaders=leaders, auto_id="SubmitForm-%s"),
        lambda data: registry.submit_incoming(
            **by(request, document_id, data),
            leader_post_id=data["leader_post_id"],
            proposal=data["proposal"],
        ),
        done=_("Đã trình."),
    )


@require_GET
def scan(request: PersonRequest) -> HttpResponse:
    """The form for a paper document and its scan."""
    may_take_in(request.actor).or_refuse()
    return render(request, "incoming/scan.html", {"form": ScanForm()})


@require_POST
def take_in(request: PersonRequest) -> HttpResponse:
    """Take in a paper document with its scan; it opens at once."""
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "incoming/scan.html", {"form": form}, status=422)
    try:
        document_id = _intake(request, form)
    except DomainError as refusal:
        context = {"form": form, "refusals": words_of(refusal)}
        return render(request, "incoming/scan.html", context, status=status_of(refusal))
    messages.success(request, _("Đã ghi nhận văn bản giấy."))
    return redirect("document", document_id=document_id)


def _intake(request: PersonRequest, form: ScanForm) -> int:
    upload = form.cleaned_data["file"]
    file = admit_upload(name=upload.name, declared_type=upload.content_type or "", data=upload.read())
    return registry.intake_scan(actor=request.actor, order=form.order(), file=file, now=request.now)
