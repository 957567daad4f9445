"""One's own password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from vanthu.accounts import operations as accounts
from vanthu.kernel.errors import DomainError
from vanthu.web.account.forms import PasswordForm
from vanthu.web.errors import status_of, words_of
from vanthu.web.request import PersonRequest

TEMPLATE = "account/password.html"


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: PersonRequest) -> HttpResponse:
    """Đổi mật khẩu; sessions elsewhere end, this one goes on."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, TEMPLATE, {"form": form}, status=422 if form.is_bound else 200)
    current, new = form.cleaned_data["current"], form.cleaned_data["new"]
    try:
        person = accounts.change_password(actor=request.actor, current=current, new=new, now=request.now)
    except DomainError as refusal:
        context = {"form": form, "refusals": words_of(refusal)}
        return render(request, TEMPLATE, context, status=status_of(refusal))
    update_session_auth_hash(request, person)
    messages.success(request, _("Đã đổi mật khẩu; các phiên ở máy khác đã kết thúc."))
    return redirect("/")
