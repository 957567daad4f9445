"""A simple search over the documents that one may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vanthu.documents.queries import DocumentCard, search_visible
from vanthu.web.desk.rows import document_url
from vanthu.web.request import PersonRequest
from vanthu.web.words import due_words, urgency_words, verdict_words

LIMIT = 50
LONGEST = 200


@require_GET
def search(request: PersonRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = search_visible(request.actor, text, limit=LIMIT)
    context = {
        "text": text,
        "rows": [_row(request, card) for card in found],
        "count": len(found),
        "is_full": len(found) == LIMIT,
    }
    return render(request, "search/results.html", context)


def _row(request: PersonRequest, card: DocumentCard) -> dict[str, Any]:
    issued = _("ngày {day}").format(day=f"{card.issued_on:%d/%m/%Y}") if card.issued_on else ""
    facts = [card.full_number or _("chưa cấp số"), issued, card.issuer_name]
    return (
        {"url": document_url(card.id), "subject": card.subject, "facts": " · ".join(filter(None, facts))}
        | urgency_words(card.urgency)
        | verdict_words(card.verdict)
        | due_words(None, request.now)
    )
