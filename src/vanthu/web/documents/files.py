"""Pages, text layers and originals of a document one may see."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from vanthu.documents.queries import document_card, file_bytes, files_of, require_visible
from vanthu.renditions.queries import page_picture, page_sizes, page_words
from vanthu.signing.queries import rendition_bytes
from vanthu.web.request import PersonRequest

WIDTHS = (480, 1000, 1600)
FOREVER = "private, max-age=31536000, immutable"
"""The address carries the digest: other bytes have another address."""


@require_GET
def page(request: PersonRequest, document_id: int, sha: str, page: int, width: int) -> HttpResponse:
    sha256 = _digest(request, document_id, sha)
    if width not in WIDTHS or page < 1:
        raise Http404
    picture = page_picture(sha256, page - 1, width)
    return HttpResponse(picture, content_type="image/webp", headers={"Cache-Control": FOREVER})


@require_GET
def text(request: PersonRequest, document_id: int, sha: str, page: int) -> HttpResponse:
    sha256 = _digest(request, document_id, sha)
    sizes = page_sizes(sha256)
    if not 1 <= page <= len(sizes):
        raise Http404
    width, height = sizes[page - 1]
    layer = {"width": width, "height": height, "lines": _lines(sha256, page - 1, width, height)}
    response = render(request, "ui/text_layer.html", {"page": layer})
    response["Cache-Control"] = FOREVER
    return response


def _lines(sha256: str, page: int, width: float, height: float) -> list[dict[str, Any]]:
    return [
        {
            "text": run.text,
            "x": round(run.x0 * width, 1),
            "y": round(run.y1 * height, 1),
            "width": round((run.x1 - run.x0) * width, 1),
            "size": round((run.y1 - run.y0) * height, 1),
        }
        for run in page_words(sha256, page)
    ]


def _digest(request: PersonRequest, document_id: int, sha: str) -> str:
    """The full digest of a file of this document; the address carries its beginning."""
    require_visible(request.actor, document_id)
    found = next(
        (row.sha256 for row in files_of(document_id) if len(sha) >= 16 and row.sha256.startswith(sha)), None
    )
    if found is None:
        raise Http404
    return found


@require_GET
def download(request: PersonRequest, document_id: int, file_id: int) -> HttpResponse:
    """The original bytes, as they were frozen."""
    row, data = file_bytes(actor=request.actor, document_id=document_id, file_id=file_id)
    headers = {
        "Content-Disposition": content_disposition_header(True, row.name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type=row.media_type, headers=headers)


@require_GET
def kept(request: PersonRequest, document_id: int) -> HttpResponse:
    """The kept rendition: the issued file with what proves its signatures for years."""
    card = document_card(actor=request.actor, document_id=document_id)
    data = rendition_bytes(actor=request.actor, document_id=document_id)
    name = f"{card.full_number.replace('/', '-')} (lưu trữ).pdf"
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type="application/pdf", headers=headers)
