"""Packages on their way, and arrivals in the records office."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

from tests.cast import Agency, Cast
from tests.conftest import FIXED_NOW
from tests.factories.signing import a_verdict, the_letter
from vanthu.exchange.channel import Envelope, EnvelopeFile
from vanthu.exchange.models import Arrival
from vanthu.exchange.operations import receive_envelope
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import system_actor
from vanthu.signing.operations import record_check
from vanthu.signing.rules.verdicts import Verdict

_serial = itertools.count(1000)
"""No two packages of a run share an id or a number, unless a test says so."""


def an_envelope(
    cast: Cast, *, receiver: Agency | None = None, data: bytes | None = None, **changes: Any
) -> Envelope:
    """A package from A to B (or `receiver`) with the issued letter, or with `data`, as its main file."""
    content = the_letter().issued if data is None else data
    serial = next(_serial)
    fields: dict[str, Any] = {
        "message_id": f"goi-tin-{serial}",
        "sender_code": cast.a.code,
        "sender_name": cast.a.row.name,
        "recipient_code": (receiver or cast.b).code,
        "type_code": "cong_van",
        "subject": "phối hợp phòng cháy, chữa cháy",
        "number": serial,
        "notation": "SNV-TCBC",
        "full_number": f"{serial}/SNV-TCBC",
        "issued_on": date(2026, 11, 20),
        "signer_name": cast.a.leader.name,
        "signer_position": cast.a.leader.title,
        "urgency": 0,
        "page_count": 1,
        "verdict": "",
        "files": (
            EnvelopeFile("van-ban.pdf", "application/pdf", len(content), blobs().put(content), "MAIN"),
        ),
    }
    return Envelope(**(fields | changes))


def an_arrival(
    cast: Cast,
    *,
    verdict: Verdict | None = Verdict.VALID,
    receiver: Agency | None = None,
    now: datetime = FIXED_NOW,
    **changes: Any,
) -> int:
    """A package that came to B (or `receiver`), its file checked with that verdict; None: not checked."""
    receiver = receiver or cast.b
    envelope = an_envelope(cast, receiver=receiver, **changes)
    if verdict is not None:
        check = a_verdict(verdict, sha256=envelope.files[0].sha256, checked_at=now)
        record_check(actor=system_actor(receiver.id), verdict=check, now=now)
    receive_envelope(envelope, now=now)
    document_id = Arrival.objects.get(message_id=envelope.message_id).document_id
    assert document_id is not None
    return int(document_id)
