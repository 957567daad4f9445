"""So bản đã ký với bản hiện có: two pictures of each page, the changed ones marked."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vanthu.documents.queries import DocumentCard, document_card
from vanthu.renditions.pages import ComparedPage
from vanthu.renditions.queries import compared_pages, version_picture
from vanthu.signing.queries import signed_version_end
from vanthu.web.documents.files import FOREVER, WIDTHS
from vanthu.web.request import PersonRequest

WIDTH = 1000


@require_GET
def compare(request: PersonRequest, document_id: int) -> HttpResponse:
    """One page of both versions; the first changed one unless another is asked for."""
    card = document_card(actor=request.actor, document_id=document_id)
    end = _end(card)
    pages = compared_pages(card.main_sha256, end)
    shown = _shown(request.GET.get("trang", ""), pages)
    return render(request, "documents/compare.html", {"compare": _context(card, pages, shown)})


@require_GET
def signed_page(request: PersonRequest, document_id: int, sha: str, page: int, width: int) -> HttpResponse:
    """A page of the signed version."""
    card = document_card(actor=request.actor, document_id=document_id)
    if width not in WIDTHS or page < 1 or len(sha) < 16 or not card.main_sha256.startswith(sha):
        raise Http404
    picture = version_picture(card.main_sha256, _end(card), page - 1, width)
    return HttpResponse(picture, content_type="image/webp", headers={"Cache-Control": FOREVER})


def _end(card: DocumentCard) -> int:
    end = signed_version_end(card.main_sha256) if card.main_sha256 else None
    if end is None:
        raise Http404
    return end


def _shown(asked: str, pages: tuple[ComparedPage, ...]) -> int:
    if asked.isdecimal() and len(asked) < 5 and 1 <= int(asked) <= len(pages):
        return int(asked)
    return next((page.number for page in pages if page.is_changed), 1)


def _context(card: DocumentCard, pages: tuple[ComparedPage, ...], shown: int) -> dict[str, Any]:
    page = pages[shown - 1]
    changed = [item.number for item in pages if item.is_changed]
    here = reverse("document-compare", args=[card.id])
    sides = (
        (_("Bản đã ký"), "document-signed-page", page.is_before),
        (_("Bản hiện có"), "document-page", page.is_after),
    )
    return {
        "subject": card.subject,
        "back_url": f"{reverse('document', args=[card.id])}?mat=chu-ky",
        "number": shown,
        "count": len(pages),
        "is_changed": page.is_changed,
        "changed": ", ".join(map(str, changed)),
        "prev_url": f"{here}?trang={shown - 1}" if shown > 1 else "",
        "next_url": f"{here}?trang={shown + 1}" if shown < len(pages) else "",
        "pages": [
            {"number": item.number, "url": f"{here}?trang={item.number}", "is_changed": item.is_changed}
            for item in pages
        ],
        "sides": [
            {
                "label": label,
                "url": reverse(name, args=[card.id, card.main_sha256[:16], shown, WIDTH]) if there else "",
            }
            for label, name, there in sides
        ],
    }
