"""What every view finds on its request."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from vanthu.kernel.actor import Actor


class PersonRequest(HttpRequest):
    """A request of a person who signed in: the capacity he acts in, and the instant it was read."""

    actor: Actor
    now: datetime
    htmx: HtmxDetails
