"""Tải chứng cứ: the proof file of a document, for whoever may see it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from vanthu.evidence.operations import export_proof
from vanthu.kernel.errors import NotReady
from vanthu.web.errors import words_of
from vanthu.web.request import PersonRequest


@require_POST
def proof(request: PersonRequest, document_id: int) -> HttpResponse:
    """Hand out the file and note it in the log, which is why it is no GET."""
    try:
        data = export_proof(actor=request.actor, document_id=document_id, now=request.now)
    except NotReady as refusal:
        for words in words_of(refusal):
            messages.warning(request, str(words))
        return redirect(f"{reverse('document', args=[document_id])}?mat=lich-su")
    headers = {"Content-Disposition": f'attachment; filename="chung-cu-{document_id}.json"'}
    return HttpResponse(data, content_type="application/json", headers=headers)
