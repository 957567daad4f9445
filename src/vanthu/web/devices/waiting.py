"""What a panel says while a token at the browser or a remote service is asked for a signature."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings

from vanthu.foundation.refusals import spoken
from vanthu.kernel.errors import Violation
from vanthu.signing.queries import PendingCard, key_card, last_pending
from vanthu.signing.rules.kinds import SignatureKind
from vanthu.signing.rules.pending import PendingStatus, SigningWay
from vanthu.web.request import PersonRequest
from vanthu.web.words import clock

JUST_ASKED = timedelta(seconds=20)
"""The page calls the device by itself after the person pressed "Ký", not whenever he looks at the page again."""
NOTHING_TO_SAY = frozenset({"signing.pending.given-up", "signing.pending.overtaken"})


def waiting_device(request: PersonRequest, document_id: int, kind: SignatureKind) -> dict[str, Any] | None:
    """None where no device or service is asked; else the wait, or why it ended unsigned."""
    card = last_pending(document_id, kind)
    if card is None or card.way is SigningWay.DESK_AGENT or card.status is PendingStatus.DONE:
        return None
    if is_waiting(request, card):
        return _wait(request, card)
    code = "signing.pending.expired" if card.status is PendingStatus.WAITING else card.reason
    ended = None if code in NOTHING_TO_SAY else spoken(Violation(code))
    return {"is_waiting": False, "ended": ended} if ended else None


def _wait(request: PersonRequest, card: PendingCard) -> dict[str, Any]:
    return {
        "is_waiting": True,
        "is_mine": card.facts.post_id == request.actor.post_id,
        "is_remote": card.way is SigningWay.REMOTE,
        "is_new": request.now - card.asked_at < JUST_ASKED,
        "id": card.id,
        "document_id": card.document_id,
        "signer": card.subject,
        "until": clock(card.expires_at),
        "helper": settings.VANTHU_TOKEN_HELPER,
        "queue_slug": request.GET.get("hang-cho", "") or request.POST.get("hang-cho", ""),
    }


def is_waiting(request: PersonRequest, card: PendingCard) -> bool:
    return card.status is PendingStatus.WAITING and request.now <= card.expires_at


def secrets_asked(owner: str) -> tuple[str, ...]:
    """`pin`, `otp`: the fields that a panel shows beside its act of signing."""
    card = key_card(owner)
    return card.asks if card else ()
