"""The operator's pages of the axis: how it stands, who joined, which messages went through, and one message's record."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vanthu.axis.operations import desk
from vanthu.axis.operations import systems as acts
from vanthu.axis.queries.desk import SystemRow, system_row, systems
from vanthu.axis.queries.recorder import message_record
from vanthu.axis.rules.policy import may_operate_axis
from vanthu.kernel.errors import DomainError, NotVisible
from vanthu.web.axis_desk.forms import FilterForm, JoinForm, ReasonForm
from vanthu.web.axis_desk.pages import overview_page, system_page
from vanthu.web.axis_desk.record import message_page, messages_page
from vanthu.web.errors import status_of, words_of
from vanthu.web.request import PersonRequest


@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    may_operate_axis(request.actor).or_refuse()
    return render(request, "axis_desk/overview.html", overview_page(request.now))


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: PersonRequest) -> HttpResponse:
    """A system joins; its secret stands on the page that answers, and nowhere else."""
    may_operate_axis(request.actor).or_refuse()
    form = JoinForm(request.POST) if request.method == "POST" else JoinForm()
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return render(request, "axis_desk/join.html", {"form": form}, status=status)
    try:
        secret = acts.add_system(actor=request.actor, now=request.now, **form.cleaned_data)
    except DomainError as refusal:
        context = {"form": form, "refusals": words_of(refusal)}
        return render(request, "axis_desk/join.html", context, status=status_of(refusal))
    return _told_once(request, form.cleaned_data["code"], secret)


def _told_once(request: PersonRequest, code: str, secret: str) -> HttpResponse:
    return render(request, "axis_desk/secret.html", {"row": _system(request, code), "secret": secret})


def _system(request: PersonRequest, code: str) -> SystemRow:
    may_operate_axis(request.actor).or_refuse()
    row = system_row(code, now=request.now)
    if row is None:
        raise Http404
    return row


@require_GET
def system(request: PersonRequest, code: str) -> HttpResponse:
    return _system_again(request, code, ReasonForm())


def _system_again(
    request: PersonRequest, code: str, form: forms.Form, refusal: DomainError | None = None
) -> HttpResponse:
    context = system_page(_system(request, code), request.now)
    context |= {"form": form, "refusals": words_of(refusal) if refusal else []}
    return render(request, "axis_desk/system.html", context, status=status_of(refusal) if refusal else 200)


@require_POST
def close(request: PersonRequest, code: str) -> HttpResponse:
    _system(request, code)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        desk.close_system(actor=request.actor, code=code, reason=reason, now=request.now)
    except DomainError as refusal:
        return _system_again(request, code, form, refusal)
    notes.success(request, _("Đã đóng hệ thống. Gói tin đang chờ được giữ nguyên."))
    return redirect("axis-system", code=code)


@require_POST
def reopen(request: PersonRequest, code: str) -> HttpResponse:
    _system(request, code)
    acts.reopen_system(actor=request.actor, code=code, now=request.now)
    notes.success(request, _("Đã mở lại hệ thống với khóa bí mật cũ."))
    return redirect("axis-system", code=code)


@never_cache
@require_POST
def renew(request: PersonRequest, code: str) -> HttpResponse:
    """A new secret, told once; the old one is worth nothing from now on."""
    _system(request, code)
    secret = acts.set_secret(actor=request.actor, code=code, now=request.now)
    return _told_once(request, code, secret)


@require_GET
def messages(request: PersonRequest) -> HttpResponse:
    may_operate_axis(request.actor).or_refuse()
    known = [(row.code, f"{row.name} ({row.code})") for row in systems(now=request.now)]
    form = FilterForm(request.GET, systems=known)
    return render(request, "axis_desk/messages.html", messages_page(form, request.GET.get("sau", "")))


@require_GET
def message(request: PersonRequest, doc_id: str) -> HttpResponse:
    may_operate_axis(request.actor).or_refuse()
    return _message_again(request, doc_id)


def _message_again(request: PersonRequest, doc_id: str, refusal: DomainError | None = None) -> HttpResponse:
    record = message_record(doc_id, now=request.now)
    if record is None:
        raise Http404
    context = message_page(record) | {"refusals": words_of(refusal) if refusal else []}
    return render(request, "axis_desk/message.html", context, status=status_of(refusal) if refusal else 200)


@require_POST
def again(request: PersonRequest, parcel_id: str) -> HttpResponse:
    act = lambda: desk.deliver_again(actor=request.actor, parcel_id=parcel_id, now=request.now)  # noqa: E731
    return _done_to_parcel(request, parcel_id, act, _("Gói tin đã trở lại danh sách chờ của nơi nhận."))


@require_POST
def stop(request: PersonRequest, parcel_id: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    act = lambda: desk.stop_delivery(  # noqa: E731
        actor=request.actor, parcel_id=parcel_id, reason=reason, now=request.now
    )
    return _done_to_parcel(request, parcel_id, act, _("Đã dừng giao; nơi gửi thấy lý do ở lần hỏi tới."))


def _done_to_parcel(
    request: PersonRequest, parcel_id: str, act: Callable[[], str], done: str
) -> HttpResponse:
    may_operate_axis(request.actor).or_refuse()
    try:
        doc_id = act()
    except NotVisible:
        raise
    except DomainError as refusal:
        return _message_again(request, parcel_id, refusal)
    notes.success(request, done)
    return redirect("axis-message", doc_id=doc_id)
