"""The administrator's pages: people and posts, the working calendar, the agencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vanthu.foundation.refusals import SpokenRefusal
from vanthu.kernel.errors import DomainError, NotVisible
from vanthu.organizations import operations as organizations
from vanthu.organizations.queries import known_people, posts_of_agency, registered_agency
from vanthu.organizations.rules import policy
from vanthu.web.admin_desk.forms import AppointForm, ConfirmForm, EndForm, ReceivingForm
from vanthu.web.admin_desk.pages import agencies_page, calendar_page, listed, people_page
from vanthu.web.errors import status_of, words_of
from vanthu.web.request import PersonRequest

Show = Callable[[forms.Form, list[SpokenRefusal], int], HttpResponse]


def _perform(
    request: PersonRequest, form: forms.Form, act: Callable[[dict[str, Any]], object], show: Show, done: str
) -> HttpResponse | None:
    """Shape, then the operation; the page again with the form as it was sent when refused, None when done."""
    if not form.is_valid():
        return show(form, [], 422)
    try:
        act(form.cleaned_data)
    except NotVisible:
        raise
    except DomainError as refusal:
        return show(form, words_of(refusal), status_of(refusal))
    messages.success(request, done)
    return None


def _agency_id(request: PersonRequest) -> int:
    """The agency whose people are kept: one's own, or the one that the city's administrator asks for."""
    asked = request.GET.get("co-quan", "")
    agency_id = int(asked) if asked.isdigit() else request.actor.agency_id
    if agency_id is None:
        raise Http404
    policy.may_read_people(request.actor, agency_id).or_refuse()
    return agency_id


@require_GET
def people(request: PersonRequest) -> HttpResponse:
    context = people_page(request, _agency_id(request), None)
    return render(request, "admin_desk/people.html", context | {"refusals": []})


def _people_again(request: PersonRequest, agency_id: int) -> Show:
    def show(form: forms.Form, refusals: list[SpokenRefusal], status: int) -> HttpResponse:
        context = people_page(request, agency_id, form) | {"refusals": refusals}
        return render(request, "admin_desk/people.html", context, status=status)

    return show


def _people_url(request: PersonRequest) -> str:
    asked = request.GET.get("co-quan", "")
    return f"{reverse('admin-people')}?co-quan={asked}" if asked.isdigit() else reverse("admin-people")


@require_POST
def appoint(request: PersonRequest) -> HttpResponse:
    agency_id = _agency_id(request)
    posts = posts_of_agency(agency_id, now=request.now)
    form = AppointForm(request.POST, posts=posts, people=known_people(agency_id))
    refused = _perform(
        request,
        form,
        lambda data: organizations.appoint(actor=request.actor, now=request.now, **data),
        _people_again(request, agency_id),
        _("Đã bổ nhiệm."),
    )
    return refused or redirect(_people_url(request))


@require_POST
def end(request: PersonRequest) -> HttpResponse:
    agency_id = _agency_id(request)
    refused = _perform(
        request,
        EndForm(request.POST),
        lambda data: organizations.end_holding(actor=request.actor, now=request.now, **data),
        _people_again(request, agency_id),
        _("Đã kết thúc giữ vị trí."),
    )
    return refused or redirect(_people_url(request))


@require_GET
def calendar(request: PersonRequest) -> HttpResponse:
    policy.may_read_calendar(request.actor).or_refuse()
    return _calendar_again(request)(None, [], 200)


def _calendar_again(request: PersonRequest) -> Callable[..., HttpResponse]:
    def show(form: forms.Form | None, refusals: list[SpokenRefusal], status: int) -> HttpResponse:
        context = calendar_page(request, form) | {"refusals": refusals}
        return render(request, "admin_desk/calendar.html", context, status=status)

    return show


@require_POST
def confirm(request: PersonRequest) -> HttpResponse:
    policy.may_read_calendar(request.actor).or_refuse()
    refused = _perform(
        request,
        ConfirmForm(request.POST),
        lambda data: organizations.confirm_calendar_day(actor=request.actor, now=request.now, **data),
        _calendar_again(request),
        _("Đã xác nhận ngày nghỉ theo thông báo."),
    )
    return refused or redirect(f"{reverse('admin-calendar')}?{request.GET.urlencode()}")


@require_GET
def agencies(request: PersonRequest) -> HttpResponse:
    policy.may_read_agencies(request.actor).or_refuse()
    return render(request, "admin_desk/agencies.html", agencies_page(request))


@require_http_methods(["GET", "POST"])
def agency(request: PersonRequest, agency_id: int) -> HttpResponse:
    policy.may_read_agencies(request.actor).or_refuse()
    if request.method == "GET":
        return _agency_again(request, agency_id)(None, [], 200)
    refused = _perform(
        request,
        ReceivingForm(request.POST),
        lambda data: organizations.set_receiving_ability(
            actor=request.actor, agency_id=agency_id, now=request.now, **data
        ),
        _agency_again(request, agency_id),
        _("Đã cập nhật khả năng nhận văn bản điện tử."),
    )
    return refused or redirect("admin-agency", agency_id=agency_id)


def _agency_again(request: PersonRequest, agency_id: int) -> Callable[..., HttpResponse]:
    def show(form: forms.Form | None, refusals: list[SpokenRefusal], status: int) -> HttpResponse:
        row = listed(registered_agency(agency_id))
        initial = {"able": "1" if row["can_receive"] else "0", "reason": row["reason"], "since": row["since"]}
        context = {"row": row, "form": form or ReceivingForm(initial=initial), "refusals": refusals}
        return render(request, "admin_desk/agency.html", context, status=status)

    return show
