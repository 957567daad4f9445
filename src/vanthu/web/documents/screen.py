"""The process screen put together: pages, the panel, four other faces, and what one act answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from vanthu.documents.queries import DocumentCard, current_files, document_card
from vanthu.foundation.refusals import SpokenRefusal
from vanthu.kernel.errors import DomainError, NotVisible
from vanthu.queues.queries import WALK, Neighbours, neighbours
from vanthu.queues.rules.catalogue import BY_SLUG, QueueKind
from vanthu.renditions.queries import page_sizes
from vanthu.web.desk.rows import document_url
from vanthu.web.documents.faces import FACES
from vanthu.web.documents.panel import Panel
from vanthu.web.documents.panels import panel_of
from vanthu.web.errors import status_of, words_of
from vanthu.web.recall.notices import standing_of
from vanthu.web.request import PersonRequest, waiting_in
from vanthu.web.words import due_words, urgency_words, verdict_words

PAGE_PX = 1000
SHOWN_PAGES = 60
QUEUE = "hang-cho"


def process_page(
    request: PersonRequest,
    card: DocumentCard,
    *,
    bound: forms.Form | None = None,
    refusals: list[SpokenRefusal] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole screen; after a refused act, with the form as it was sent and the reasons above it."""
    face = request.GET.get("mat", "xu-ly")
    panel = panel_of(request, card, bound)
    standing = standing_of(request, card, bound)
    context: dict[str, Any] = {
        "card": _card(request, card, panel, face) | {"watermark": standing.watermark},
        "standing": standing,
        "document": card,
        "panel": panel,
        "face": face,
        "queue_slug": _slug(request),
        "refusals": refusals or [],
        "panel_open": bool(refusals) or bound is not None,
    }
    if face in FACES:
        context |= FACES[face].context(request, card)
        context["face_template"] = FACES[face].template
    return render(request, "documents/process.html", context, status=status)


def _slug(request: PersonRequest) -> str:
    return request.POST.get(QUEUE, "") or request.GET.get(QUEUE, "")


def _kind(request: PersonRequest) -> QueueKind | None:
    return BY_SLUG.get(_slug(request))


def _card(request: PersonRequest, card: DocumentCard, panel: Panel | None, face: str) -> dict[str, Any]:
    kind = _kind(request)
    around = neighbours(actor=request.actor, kind=kind, document_id=card.id) if kind else None
    return (
        {
            "subject": card.subject,
            "status_label": panel.status_label if panel else "",
            "back_url": reverse("queue", args=[kind.slug]) if kind else reverse("home"),
            "back_label": _("Về hàng chờ"),
            "walk": _walk(kind, around, waiting_in(request)[kind.queue]) if kind and around else None,
            "tabs": _tabs(card, kind, face),
            "viewer": _viewer(card),
        }
        | urgency_words(card.urgency)
        | verdict_words(card.verdict)
        | (panel.due if panel and panel.due else due_words(None, request.now))
    )


def _walk(kind: QueueKind, around: Neighbours, total: int) -> dict[str, Any]:
    return {
        "position": around.position if around.position <= WALK else f"{WALK}+",
        "total": total,
        "prev_url": document_url(around.previous_id, kind) if around.previous_id else "",
        "next_url": document_url(around.next_id, kind) if around.next_id else "",
    }


def _tabs(card: DocumentCard, kind: QueueKind | None, face: str) -> list[dict[str, Any]]:
    base = reverse("document", args=[card.id])
    labels = {"xu-ly": "Xử lý"} | {name: each.label for name, each in FACES.items()}
    current = face if face in labels else "xu-ly"
    queue = {QUEUE: kind.slug} if kind else {}
    return [
        {
            "label": _(label),
            "url": f"{base}?{urlencode({'mat': name} | queue)}",
            "is_current": name == current,
        }
        for name, label in labels.items()
    ]


def _viewer(card: DocumentCard) -> dict[str, Any] | None:
    if not card.main_sha256:
        return None
    sha = card.main_sha256[:16]
    sizes = page_sizes(card.main_sha256)
    main = current_files(card.id)[0]
    return {
        "count": len(sizes),
        "original_url": reverse("document-file", args=[card.id, main.id]),
        "pages": [
            {
                "number": number,
                "image_url": reverse("document-page", args=[card.id, sha, number, PAGE_PX]),
                "text_url": reverse("document-text", args=[card.id, sha, number]),
                "width": round(width),
                "height": round(height),
            }
            for number, (width, height) in enumerate(sizes[:SHOWN_PAGES], start=1)
        ],
    }


def perform(
    request: PersonRequest,
    document_id: int,
    form: forms.Form,
    act: Callable[[Any], object],
    *,
    done: str | Callable[[Any], str],
) -> HttpResponse:
    """One act: shape, then the operation, then back to the document or on to the next; a refusal shows the form again."""
    kind = _kind(request)
    card = document_card(actor=request.actor, document_id=document_id)
    around = neighbours(actor=request.actor, kind=kind, document_id=document_id) if kind else None
    if not form.is_valid():
        return process_page(request, card, bound=form, status=422)
    try:
        result = act(form.cleaned_data)
    except NotVisible:
        raise
    except DomainError as refusal:
        # What another person changed meanwhile must show: read the record again.
        card = document_card(actor=request.actor, document_id=document_id)
        return process_page(request, card, bound=form, refusals=words_of(refusal), status=status_of(refusal))
    # An act that has only begun (a signature that is waited for) says nothing here: its page does, so he stays on it.
    if words := done(result) if callable(done) else done:
        messages.success(request, words)
    if words and request.POST.get("roi") == "tiep" and kind and around and around.next_id:
        return redirect(document_url(around.next_id, kind))
    return redirect(document_url(document_id, kind))


def by(request: PersonRequest, document_id: int, data: dict[str, Any]) -> dict[str, Any]:
    """The arguments that every act on a document takes: who, on what, as it was opened, when."""
    return {
        "actor": request.actor,
        "document_id": document_id,
        "version": data.get("version"),
        "now": request.now,
    }
