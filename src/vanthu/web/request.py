"""What every view finds on its request."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from vanthu.kernel.actor import Actor
from vanthu.organizations.queries import Capacity
from vanthu.queues.queries import counters
from vanthu.queues.rules.catalogue import Queue


class PersonRequest(HttpRequest):
    """A request of a person who signed in: the capacity he acts in, and the instant it was read."""

    actor: Actor
    capacities: tuple[Capacity, ...]
    now: datetime
    htmx: HtmxDetails
    waiting: dict[Queue, int]


def waiting_in(request: PersonRequest) -> dict[Queue, int]:
    """How much waits in each queue of the desk: asked once, shown in the rail, over the list and in the walker."""
    if not hasattr(request, "waiting"):
        request.waiting = counters(request.actor)
    return request.waiting
