"""Lists of what waits, urgent first, read by key; each row opens beside the list or as a page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from vanthu.organizations.rules.policy import may_read_people
from vanthu.queues.queries import Tab, queue_page
from vanthu.queues.rules.catalogue import BY_SLUG, QueueKind, queues_of
from vanthu.web.desk import rows
from vanthu.web.middleware import CAPACITY
from vanthu.web.request import PersonRequest, waiting_in


@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """The first queue of the desk, or the administration."""
    kinds = queues_of(request.actor)
    if kinds:
        return redirect("queue", slug=kinds[0].slug)
    if request.actor.agency_id and may_read_people(request.actor, request.actor.agency_id):
        return redirect("admin-people")
    return render(request, "desk/nothing.html")


@require_POST
def choose_capacity(request: PersonRequest) -> HttpResponse:
    """Act in another post from now on; what one may do follows from it, what was done stays."""
    chosen = request.POST.get("capacity", "")
    request.session[CAPACITY] = int(chosen) if chosen.isdigit() else None
    return redirect("home")


@require_GET
def queue(request: PersonRequest, slug: str) -> HttpResponse:
    kind = _kind(request, slug)
    tab = _tab(request)
    page = queue_page(actor=request.actor, kind=kind, tab=tab, cursor=request.GET.get("sau", ""))
    count = waiting_in(request).get(kind.queue, 0)
    return render(request, "desk/queue.html", {"queue": rows.queue(kind, tab, page, count, request.now)})


@require_GET
def quick_view(request: PersonRequest, slug: str, document_id: int) -> HttpResponse:
    kind = _kind(request, slug)
    return render(
        request, "layouts/quick.html", {"card": rows.quick(request.actor, kind, document_id, request.now)}
    )


def _kind(request: PersonRequest, slug: str) -> QueueKind:
    kind = BY_SLUG.get(slug)
    if kind is None or kind not in queues_of(request.actor):
        raise Http404
    return kind


def _tab(request: HttpRequest) -> Tab:
    chosen = request.GET.get("pham-vi", Tab.TODO)
    return Tab(chosen) if chosen in set(Tab) else Tab.TODO
