"""Documents in the records office: leaving with number and seal, or come in and registered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.cast import Agency, Cast
from tests.conftest import FIXED_NOW
from tests.factories.drafting import a_signed_document, is_plain
from tests.factories.exchange import an_arrival
from tests.factories.photographs import plant
from vanthu.registry import operations as registry
from vanthu.registry.operations import RegistrationOrder


def a_numbered_document(
    cast: Cast, *, sender: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    if is_plain(cast, sender, now, changes) and (planted := plant("numbered")):
        return planted
    sender = sender or cast.a
    document_id = a_signed_document(cast, sender=sender, now=now, **changes)
    registry.give_number(actor=sender.clerk, document_id=document_id, now=now)
    return document_id


def a_filled_document(
    cast: Cast, *, sender: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Number and date stand in the file."""
    if is_plain(cast, sender, now, changes) and (planted := plant("filled")):
        return planted
    sender = sender or cast.a
    document_id = a_numbered_document(cast, sender=sender, now=now, **changes)
    registry.fill_outgoing(actor=sender.clerk, document_id=document_id, now=now)
    return document_id


def a_sealed_document(
    cast: Cast, *, sender: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Signed by the agency, not sent yet."""
    if is_plain(cast, sender, now, changes) and (planted := plant("sealed")):
        return planted
    sender = sender or cast.a
    document_id = a_filled_document(cast, sender=sender, now=now, **changes)
    registry.seal_outgoing(actor=sender.clerk, document_id=document_id, now=now)
    return document_id


def an_issued_document(
    cast: Cast, *, sender: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Issued; its deliveries are planned, no worker has run."""
    if is_plain(cast, sender, now, changes) and (planted := plant("issued")):
        return planted
    sender = sender or cast.a
    document_id = a_sealed_document(cast, sender=sender, now=now, **changes)
    registry.issue_outgoing(actor=sender.clerk, document_id=document_id, now=now)
    return document_id


def an_accepted_document(
    cast: Cast, *, receiver: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Accepted by B (or `receiver`), without a số đến yet."""
    receiver = receiver or cast.b
    document_id = an_arrival(cast, receiver=receiver, now=now, **changes)
    registry.accept_arrival(actor=receiver.clerk, document_id=document_id, now=now)
    return document_id


def a_registered_document(
    cast: Cast, *, receiver: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Registered under a số đến."""
    receiver = receiver or cast.b
    document_id = an_accepted_document(cast, receiver=receiver, now=now, **changes)
    registry.register_arrival(
        actor=receiver.clerk, document_id=document_id, order=RegistrationOrder(), now=now
    )
    return document_id


def a_submitted_document(
    cast: Cast, *, receiver: Agency | None = None, now: datetime = FIXED_NOW, **changes: Any
) -> int:
    """Laid before the leader."""
    receiver = receiver or cast.b
    document_id = a_registered_document(cast, receiver=receiver, now=now, **changes)
    leader = receiver.leader.post_id
    assert leader is not None
    registry.submit_incoming(actor=receiver.clerk, document_id=document_id, leader_post_id=leader, now=now)
    return document_id
