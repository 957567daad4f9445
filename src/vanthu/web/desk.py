"""The first page after sign-in, and the choice of capacity."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("…")


@require_POST
def choose_capacity(request: HttpRequest) -> HttpResponse:
    return redirect("home")
