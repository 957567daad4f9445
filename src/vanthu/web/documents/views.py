"""Opening a document."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from vanthu.documents.operations import record_view
from vanthu.documents.queries import document_card
from vanthu.web.documents.screen import process_page
from vanthu.web.request import PersonRequest


@require_GET
def document(request: PersonRequest, document_id: int) -> HttpResponse:
    record_view(actor=request.actor, document_id=document_id, now=request.now)
    return process_page(request, document_card(actor=request.actor, document_id=document_id))
