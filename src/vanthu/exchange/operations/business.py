"""What a package does beside bringing a document: it revokes, updates or replaces one (edXML types 1–3; status 13)."""

from __future__ import annotations

from datetime import datetime

from vanthu.exchange.channel import Envelope
from vanthu.foundation.operation import nothing_changed, operation
from vanthu.kernel.actor import Actor
from vanthu.organizations.queries import AgencyRow


@operation("exchange.business.take")
def take_business(*, actor: Actor, envelope: Envelope, receiver: AgencyRow, now: datetime) -> bool:
    """Take in what a package of type 1 or 2 asks of the receiver; True when there is nothing else to take in.

    Called inside the act that takes the package in, before an arrival is made. False: a package that brings a document
    (new, replacing, or added to its receivers by an update): receive it, then call `note_arrival`.
    """
    nothing_changed()
    return False


@operation("exchange.business.note-arrival")
def note_arrival(*, actor: Actor, arrival_id: int, envelope: Envelope, now: datetime) -> None:
    """Call after an arrival with a document was inserted, in the same act.

    Links it with what it replaces (type 3), and applies what was asked about it before it came: a 13 or a revocation
    that overtook its document waits here, not in the inbox.
    """
    nothing_changed()
