"""Hands a package to the receiver, and a status to the sender, each in that side's own transaction (decision D9)."""

from __future__ import annotations

from datetime import datetime

from vanthu.exchange.channel import Envelope, Outcome, Receipt, StatusMessage
from vanthu.kernel.errors import DomainError


class LocalChannel:
    """Both ends are records of one database; nothing is shared but the frozen bytes (decision D6)."""

    def send(self, envelope: Envelope, *, now: datetime) -> Receipt:
        """The receiver takes the package in, as R15; a package it has already is answered the same way."""
        from vanthu.exchange.operations.receive import receive_envelope

        try:
            receive_envelope(envelope, now=now)
        except DomainError as refusal:
            return Receipt(Outcome.REFUSED, now, refusal.code, tuple(sorted(refusal.details.items())))
        return Receipt(Outcome.ARRIVED, now)

    def send_status(self, status: StatusMessage, *, now: datetime) -> None:
        """The sender takes the status in, as R15; one it has already changes nothing."""
        from vanthu.exchange.operations.track import receive_status

        receive_status(status, now=now)
