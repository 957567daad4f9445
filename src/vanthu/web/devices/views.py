"""The calls of the screen while a device or service is asked: JSON for the script, pages for the person."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from vanthu.kernel.errors import DomainError, NotVisible, refuse_if
from vanthu.signing import operations as signing
from vanthu.signing.queries import device_task, pending_signature
from vanthu.signing.rules.pending import PENDING, PendingMove, PendingStatus, may_answer, unmet_for_answering
from vanthu.web.devices.waiting import is_waiting
from vanthu.web.errors import status_of, words_of
from vanthu.web.request import PersonRequest

OVER = frozenset({"signing.pending.expired", "signing.pending.illegal-move"})
"""The question has ended: trying again at the device is of no use."""


def _answered(act: Callable[[], dict[str, object]]) -> JsonResponse:
    """A refusal as words for the script to show; what one may not see stays a plain 404."""
    try:
        return JsonResponse(act())
    except NotVisible:
        raise
    except DomainError as refusal:
        said = {"words": str(words_of(refusal)[0]), "is_over": refusal.code in OVER}
        return JsonResponse(said, status=status_of(refusal))


@require_POST
@never_cache
def prepare(request: PersonRequest, document_id: int, pending_id: int) -> HttpResponse:
    """What the device is to sign: certificate, hash, and the bytes that the hash is of."""

    def task() -> dict[str, object]:
        card = pending_signature(request.actor, pending_id)
        PENDING.after(card.status, PendingMove.ANSWER)
        may_answer(request.actor, card.facts).or_refuse()
        refuse_if(unmet_for_answering(card.facts, request.now))
        return asdict(device_task(request.actor, pending_id)) | {"expires_at": card.expires_at.isoformat()}

    return _answered(task)


@require_POST
@never_cache
def deliver(request: PersonRequest, document_id: int, pending_id: int) -> HttpResponse:
    """The bare signature of the device, in base64: verified before anything is done with it."""

    def take() -> dict[str, object]:
        signing.deliver_signature(
            actor=request.actor,
            pending_id=pending_id,
            signature=_bytes(request.POST.get("signature", "")),
            now=request.now,
        )
        messages.success(request, _("Đã ký số."))
        return {"url": _page(request, document_id)}

    return _answered(take)


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return b""  # no signature: refused as a wrong one


@require_POST
def give_up(request: PersonRequest, document_id: int, pending_id: int) -> HttpResponse:
    """Thôi ký: the document is as it was."""
    pending_signature(request.actor, pending_id)
    signing.give_up(actor=request.actor, pending_id=pending_id, now=request.now)
    return redirect(_page(request, document_id))


@require_GET
@never_cache
def status(request: PersonRequest, document_id: int, pending_id: int) -> HttpResponse:
    """Nothing while it waits; the document's page when it has ended, whatever way."""
    card = pending_signature(request.actor, pending_id)
    if is_waiting(request, card):
        return HttpResponse(status=204)
    if card.status is PendingStatus.DONE:
        messages.success(request, _("Đã ký số."))
    return HttpResponse(headers={"HX-Redirect": _page(request, card.document_id)})


def _page(request: PersonRequest, document_id: int) -> str:
    queue = request.GET.get("hang-cho", "") or request.POST.get("hang-cho", "")
    known = f"?hang-cho={queue}" if queue and queue.replace("-", "").isalnum() and queue.isascii() else ""
    return reverse("document", args=[document_id]) + known
