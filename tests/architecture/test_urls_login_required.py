"""Closed by default: an address without sign-in is on this list with its reason."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from tests.architecture.source import demand_none

# Name of the address (or its route, where it has no name) and the reason why anybody may call it.
PUBLIC = {
    "account_login": "the way in",
    "agent-file": "the signing agent has no session: a token for this one file, 20 minutes, an empty 404 else",
    "agent-upload": "the same agent brings the signed file back: the same token, judged before it is taken",
    "account_logout": "the way out, also when the session has ended",
    "account_inactive": "says that an account is closed",
}
MIDDLEWARE = "django.contrib.auth.middleware.LoginRequiredMiddleware"


def addresses(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """(name or route, view) of every address below the patterns."""
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        else:
            yield entry.name or route, entry.callback


def open_addresses(patterns: list[URLPattern | URLResolver]) -> set[str]:
    return {name for name, view in addresses(patterns) if not getattr(view, "login_required", True)}


def test_sign_in_is_demanded_by_default() -> None:
    assert MIDDLEWARE in settings.MIDDLEWARE


def test_every_open_address_is_on_the_list_with_its_reason() -> None:
    demand_none(sorted(open_addresses(get_resolver().url_patterns) - set(PUBLIC)))


def test_the_list_names_only_addresses_that_are_open() -> None:
    demand_none(sorted(set(PUBLIC) - open_addresses(get_resolver().url_patterns)))
    assert all(PUBLIC.values())


def test_the_rule_notices_an_open_view() -> None:
    @login_not_required
    def door(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def desk(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert open_addresses([path("door/", door, name="door"), path("desk/", desk, name="desk")]) == {"door"}


@pytest.mark.django_db
def test_nobody_can_sign_up(client: Any) -> None:
    answer = client.post("/accounts/signup/", {"username": "stranger", "password1": "a long enough phrase"})
    assert answer.status_code in {302, 404}
    assert not get_user_model().objects.filter(username="stranger").exists()


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_sign_in_page(client: Any) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert "login" in response["Location"] or "dang-nhap" in response["Location"]
