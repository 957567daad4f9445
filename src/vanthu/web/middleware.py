"""The edge: compression, language, clock, actor, a GET that can't write, and refusals turned into pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation

from vanthu.foundation.db import refuse_writes
from vanthu.foundation.storage import StoreUnavailable
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import DomainError
from vanthu.organizations.queries import actor_in, capacities_of
from vanthu.web import errors
from vanthu.web.request import PersonRequest

Next = Callable[[HttpRequest], HttpResponse]

READING = frozenset({"GET", "HEAD", "OPTIONS"})
CAPACITY = "capacity"
"""Session key of the chosen post."""


COMPRESSED = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"})


class CompressTextMiddleware(GZipMiddleware):
    """Compresses pages, styles and scripts; PDF, WEBP and fonts are packed already and pass as they are (ADR 9)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        return super().process_response(request, response) if kind in COMPRESSED else response


class ChosenLanguageMiddleware:
    """Vietnamese unless the person chose otherwise; the browser's language does not decide."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self._next(request)
            response.headers.setdefault("Content-Language", language)
        return response


class ActorMiddleware:
    """Reads the clock once, builds the actor from session and chosen capacity (D2), keeps GET from writing (D11)."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = cast("PersonRequest", request)
        person.now = datetime.now(UTC)
        if not request.user.is_authenticated or request.path.startswith("/accounts/"):
            return self._next(request)
        try:
            person.actor = _actor(person)
        except DomainError as refusal:
            return errors.refused(request, refusal)
        if request.method not in READING:
            return self._next(request)
        with refuse_writes(except_verbs=frozenset({"documents.document.view"})):
            return self._next(request)


def _actor(request: PersonRequest) -> Actor:
    assert request.user.pk is not None
    request.capacities = capacities_of(request.user.pk, now=request.now)
    chosen = request.session.get(CAPACITY)
    # A chosen post that ended meanwhile: fall back to whatever he holds now, or refuse.
    is_held = chosen in {row.post_id for row in request.capacities}
    return actor_in(request.capacities, post_id=chosen if is_held else None)


class RefusalMiddleware:
    """A refusal that no view turned into a form error becomes a page with cause and remedy."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._next(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, StoreUnavailable):
            return errors.unavailable(request)
        return errors.refused(request, exception) if isinstance(exception, DomainError) else None
