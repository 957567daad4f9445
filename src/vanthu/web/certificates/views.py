"""One's own certificates, the agency's register, the trust store."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vanthu.foundation.refusals import SpokenRefusal
from vanthu.kernel.errors import DomainError, NotVisible
from vanthu.signing import operations as signing
from vanthu.signing.rules.kinds import KeyPlace
from vanthu.signing.rules.register_policy import may_keep_certificates, may_keep_trust
from vanthu.web.certificates.forms import AgencyCertificateForm, CertificateForm, EndForm
from vanthu.web.certificates.pages import agency_page, my_page, owners_of, register_url, trust_page
from vanthu.web.errors import status_of, words_of
from vanthu.web.request import PersonRequest

Show = Callable[[forms.Form | None, list[SpokenRefusal], int], HttpResponse]


def _perform(
    request: PersonRequest, form: forms.Form, act: Callable[[], object], show: Show, done: str
) -> HttpResponse | None:
    """Shape, then the operation; the page again when refused, None when done."""
    if not form.is_valid():
        return show(form, [], 422)
    try:
        act()
    except NotVisible:
        raise
    except DomainError as refusal:
        return show(form, words_of(refusal), status_of(refusal))
    messages.success(request, done)
    return None


def _order(form: CertificateForm, owner: str, owner_name: str) -> signing.CertificateOrder:
    return signing.CertificateOrder(
        owner=owner,
        owner_name=owner_name,
        content=form.cleaned_data["file"],
        place=KeyPlace(form.cleaned_data["place"]),
        whereabouts=form.whereabouts(),
    )


def _register(request: PersonRequest, order: signing.CertificateOrder, agency_id: int) -> object:
    return signing.register_certificate(
        actor=request.actor, order=order, agency_id=agency_id, now=request.now
    )


def _mine_again(request: PersonRequest) -> Show:
    def show(form: forms.Form | None, refusals: list[SpokenRefusal], status: int) -> HttpResponse:
        context = my_page(request, form) | {"refusals": refusals}
        return render(request, "certificates/mine.html", context, status=status)

    return show


@require_http_methods(["GET", "POST"])
def mine(request: PersonRequest) -> HttpResponse:
    show = _mine_again(request)
    if request.method == "GET":
        return show(None, [], 200)
    actor, form = request.actor, CertificateForm(request.POST, request.FILES)

    def act() -> object:
        order = _order(form, f"person:{actor.user_id}", actor.name)
        return _register(request, order, actor.agency_id or 0)

    return _perform(request, form, act, show, _("Đã đăng ký chứng thư số.")) or redirect("my-certificates")


def _agency_id(request: PersonRequest) -> int:
    """The agency whose register is kept: one's own, or the one that the city's administrator asks for."""
    asked = request.GET.get("co-quan", "")
    agency_id = int(asked) if asked.isdigit() else request.actor.agency_id
    if agency_id is None:
        raise Http404
    may_keep_certificates(request.actor, agency_id).or_refuse()
    return agency_id


def _agency_again(request: PersonRequest, agency_id: int) -> Show:
    def show(form: forms.Form | None, refusals: list[SpokenRefusal], status: int) -> HttpResponse:
        context = agency_page(request, agency_id, form) | {"refusals": refusals}
        return render(request, "certificates/agency.html", context, status=status)

    return show


@require_http_methods(["GET", "POST"])
def of_agency(request: PersonRequest) -> HttpResponse:
    agency_id = _agency_id(request)
    show = _agency_again(request, agency_id)
    if request.method == "GET":
        return show(None, [], 200)
    owners = dict(owners_of(agency_id))
    form = AgencyCertificateForm(request.POST, request.FILES, owners=owners.items())

    def act() -> object:
        owner = form.cleaned_data["owner"]
        return _register(request, _order(form, owner, owners[owner]), agency_id)

    refused = _perform(request, form, act, show, _("Đã đăng ký chứng thư số."))
    return refused or redirect(register_url(request))


@require_POST
def end(request: PersonRequest, key_id: int) -> HttpResponse:
    agency_id = _agency_id(request)
    form = EndForm(request.POST, key_id=key_id)

    def act() -> object:
        reason, actor, now = form.cleaned_data["reason"], request.actor, request.now
        return signing.revoke_certificate(
            actor=actor, key_id=key_id, reason=reason, agency_id=agency_id, now=now
        )

    again = _agency_again(request, agency_id)
    refused = _perform(request, form, act, again, _("Đã ghi thu hồi chứng thư số."))
    return refused or redirect(register_url(request))


@require_GET
def trust(request: PersonRequest) -> HttpResponse:
    may_keep_trust(request.actor).or_refuse()
    return render(request, "certificates/trust.html", trust_page(request))
