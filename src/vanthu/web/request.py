"""What every view finds on its request."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from vanthu.documents.queries import DocumentCard
from vanthu.kernel.actor import Actor
from vanthu.organizations.queries import Capacity
from vanthu.queues.queries import counters
from vanthu.queues.rules.catalogue import Queue
from vanthu.signing.queries import verdict_for
from vanthu.signing.rules.verdicts import FileVerdict


class PersonRequest(HttpRequest):
    """A request of a person who signed in: the capacity he acts in, and the instant it was read."""

    actor: Actor
    capacities: tuple[Capacity, ...]
    now: datetime
    htmx: HtmxDetails
    waiting: dict[Queue, int]
    verdicts: dict[int, FileVerdict | None]


def waiting_in(request: PersonRequest) -> dict[Queue, int]:
    """How much waits in each queue of the desk: asked once, shown in the rail, over the list and in the walker."""
    if not hasattr(request, "waiting"):
        request.waiting = counters(request.actor)
    return request.waiting


def verdict_on(request: PersonRequest, card: DocumentCard) -> FileVerdict | None:
    """The verdict on a record's main file, in its sender's name: asked once, for the panel and the face beside it."""
    if not hasattr(request, "verdicts"):
        request.verdicts = {}
    if card.id not in request.verdicts:
        known = verdict_for(card.main_sha256, sender_code=card.issuer_code) if card.main_sha256 else None
        request.verdicts[card.id] = known
    return request.verdicts[card.id]
