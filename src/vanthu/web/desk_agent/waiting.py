"""What the screen says while the desk agent works, and the task that it is given."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from vanthu.documents.queries import record_of
from vanthu.foundation.refusals import SpokenRefusal, spoken
from vanthu.kernel.errors import Violation
from vanthu.signing.queries import AgentCard, agent_card, last_pending
from vanthu.signing.rules.desk_agent import AgentOrder, file_name_for, request_text, service_address
from vanthu.signing.rules.kinds import SignatureKind, SigningOutcome
from vanthu.signing.rules.pending import PendingStatus, SigningWay
from vanthu.web.request import PersonRequest
from vanthu.web.words import clock

NOTHING_TO_SAY = frozenset({"signing.pending.given-up", "signing.pending.overtaken"})
"""Ends that the person has chosen himself: no words about them."""


def waiting_agent(request: PersonRequest, document_id: int, kind: SignatureKind) -> dict[str, Any] | None:
    """What a panel shows above or instead of its act; None where no desk agent is asked."""
    pending = last_pending(document_id, kind)
    if pending is None or pending.way is not SigningWay.DESK_AGENT or pending.status is PendingStatus.DONE:
        return None
    card = agent_card(request.actor, pending.id)
    if is_waiting(request, card):
        is_mine = pending.facts.post_id == request.actor.post_id
        return {"is_waiting": True, "is_mine": is_mine} | words(request, card)
    code = pending.reason if pending.status is not PendingStatus.WAITING else "signing.agent.expired"
    return {"is_waiting": False, "ended": None if code in NOTHING_TO_SAY else ended(code)}


def ended(code: str) -> SpokenRefusal:
    """Why a wait came to nothing; lapsing is said in the agent's own words."""
    known = "signing.agent.expired" if code == "signing.pending.expired" else code
    return spoken(Violation(known))


def is_waiting(request: PersonRequest, card: AgentCard) -> bool:
    pending = card.pending
    return pending.status is PendingStatus.WAITING and request.now <= pending.expires_at


def words(request: PersonRequest, card: AgentCard) -> dict[str, Any]:
    """The fragment's values; `seen` changes when, and only when, there is something new to say."""
    trouble = card.refused or card.said
    spoken_trouble = spoken(trouble) if trouble else None
    seen = hashlib.sha256(f"{card.pending.id}{card.is_started}{spoken_trouble}".encode()).hexdigest()[:16]
    return {
        "id": card.pending.id,
        "document_id": card.pending.document_id,
        "is_started": card.is_started,
        "trouble": spoken_trouble,
        "is_refused": card.refused is not None,
        "until": clock(card.pending.expires_at),
        "signer": card.pending.subject,
        "seen": seen,
        "is_over": not is_waiting(request, card),
        "queue_slug": request.GET.get("hang-cho", "") or request.POST.get("hang-cho", ""),
    }


def task(request: PersonRequest, card: AgentCard, token: str) -> dict[str, str]:
    """The socket and the one text to be sent to it; the addresses in it are those that the browser itself uses."""
    document = record_of(card.pending.document_id)
    base, args = _origin(request), [card.pending.id, token]
    order = AgentOrder(
        method=card.method,
        file_url=base + reverse("agent-file", args=[*args, file_name_for(document.full_number, card.method)]),
        upload_url=base + reverse("agent-upload", args=args),
        number=document.full_number,
        issued_on=document.issued_on,
    )
    return {
        "address": service_address(settings.VANTHU_DESK_AGENT, card.method),
        "request": request_text(order),
    }


def _origin(request: PersonRequest) -> str:
    """Scheme and host as the browser sees them: behind a proxy that ends TLS our own request looks like http."""
    said = request.headers.get("Origin", "")
    if urlsplit(said).netloc == request.get_host():
        return said
    return request.build_absolute_uri("/").rstrip("/")


def accepted_words() -> str:
    return _("Đã nhận tệp đã ký.")


def once_signed(words: str) -> Callable[[SigningOutcome], str]:
    """The words of success for an act that may end with a question to a key elsewhere: then there are none yet."""
    return lambda outcome: words if outcome is SigningOutcome.SIGNED else ""
