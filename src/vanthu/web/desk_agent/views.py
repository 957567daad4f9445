"""The screen's and the agent's calls. CSRF is waived for the upload alone: its token is the authority there."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from vanthu.kernel.errors import NotVisible
from vanthu.signing.operations import give_up
from vanthu.signing.operations.agent import note_answer, start_agent
from vanthu.signing.queries import agent_card, served_file
from vanthu.signing.rules.desk_agent import AgentAnswer, Outcome, read_answer
from vanthu.signing.rules.pending import PendingStatus
from vanthu.web.desk_agent import uploads
from vanthu.web.desk_agent.waiting import accepted_words, is_waiting, task, words
from vanthu.web.request import PersonRequest

EVENTS = {"unreachable": Outcome.UNREACHABLE, "hung-up": Outcome.HUNG_UP}
FRAGMENT = "signing/_agent_words.html"


@require_POST
@never_cache
def start(request: PersonRequest, pending_id: int) -> JsonResponse:
    """Begin one try: the socket's address and the text for it, with fresh addresses in it."""
    card = agent_card(request.actor, pending_id)
    token = start_agent(actor=request.actor, pending_id=pending_id, now=request.now)
    return JsonResponse(task(request, card, token))


@require_GET
@never_cache
def status(request: PersonRequest, pending_id: int) -> HttpResponse:
    """The truth about the wait: nothing when it has not changed, the document's page when it has ended."""
    card = agent_card(request.actor, pending_id)
    if not is_waiting(request, card):
        if card.pending.status is PendingStatus.DONE:
            messages.success(request, accepted_words())
        return HttpResponse(headers={"HX-Redirect": _page(request, card.pending.document_id)})
    shown = words(request, card)
    if shown["seen"] == request.GET.get("thay"):
        return HttpResponse(status=204)
    return render(request, FRAGMENT, {"agent": shown})


def _page(request: PersonRequest, document_id: int) -> str:
    queue = request.GET.get("hang-cho", "") or request.POST.get("hang-cho", "")
    return reverse("document", args=[document_id]) + (
        f"?hang-cho={queue}" if queue.isascii() and queue else ""
    )


@require_POST
def say(request: PersonRequest, pending_id: int) -> HttpResponse:
    """What the browser heard from the agent, or that it heard nothing: kept for the screen, believed by nobody."""
    agent_card(request.actor, pending_id)
    event = request.POST.get("event", "")
    answer = AgentAnswer(EVENTS[event]) if event in EVENTS else read_answer(request.POST.get("text", ""))
    note_answer(actor=request.actor, pending_id=pending_id, answer=answer, now=request.now)
    # Ended meanwhile: the fragment asks `status` at once, which alone leads on.
    return render(request, FRAGMENT, {"agent": words(request, agent_card(request.actor, pending_id))})


@require_POST
def stop(request: PersonRequest, pending_id: int) -> HttpResponse:
    """Thôi ký: the document is as it was; a file that comes now is not taken."""
    card = agent_card(request.actor, pending_id)
    give_up(actor=request.actor, pending_id=pending_id, now=request.now)
    return redirect(_page(request, card.pending.document_id))


@login_not_required
@require_GET
@never_cache
def hand_out(request: PersonRequest, pending_id: int, token: str, name: str) -> HttpResponse:
    """The file to be signed, for the agent alone; whatever is wrong with the token is answered with an empty 404."""
    try:
        pdf = served_file(pending_id=pending_id, token=token, now=request.now)
    except NotVisible:
        return HttpResponse(status=404)
    if not uploads.is_calm(pending_id):
        return HttpResponse(status=429)
    return HttpResponse(pdf, content_type="application/pdf", headers={"X-Content-Type-Options": "nosniff"})


@csrf_exempt
@login_not_required
@require_POST
@never_cache
def take(request: PersonRequest, pending_id: int, token: str) -> HttpResponse:
    """The signed file that the agent brings: taken or refused, with the reason for its window and our screen."""
    try:
        return uploads.taken(request, pending_id, token)
    except NotVisible:
        return HttpResponse(status=404)
