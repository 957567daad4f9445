"""The one translation of refusals into answers: 404 for what one may not see, 403 for what one may not do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from vanthu.foundation.refusals import SpokenRefusal, spoken
from vanthu.kernel.errors import DomainError, IllegalMove, NotPermitted, NotVisible, StaleVersion

STATUS: dict[type[DomainError], int] = {
    NotVisible: 404,
    NotPermitted: 403,
    IllegalMove: 409,
    StaleVersion: 409,
}


def status_of(refusal: DomainError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(refusal, kind)), 422)


def words_of(refusal: DomainError) -> list[SpokenRefusal]:
    """Every reason in the reader's language."""
    return [spoken(violation) for violation in refusal.violations]


def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """A page for a refusal that belongs to no form."""
    status = status_of(refusal)
    if status == 404:
        return not_found(request, refusal)
    words = words_of(refusal)
    context = {
        "reason": f"{words[0].why} {words[0].remedy}",
        "code": words[0].reference,
        "violations": [str(word) for word in words],
    }
    return render(request, _TEMPLATES[status], context, status=status)


_TEMPLATES = {403: "errors/403.html", 409: "errors/409.html", 422: "errors/422.html"}


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The store of files does not answer: nothing was changed, and trying again later is the remedy."""
    reason = gettext("Kho tệp tạm thời không trả lời; chưa có gì bị thay đổi.")
    return render(request, "errors/500.html", {"reason": reason}, status=503)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)
