"""Hands a package to the receiver, and a status to the sender, each in that side's own transaction (decision D9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from vanthu.exchange.channel import Envelope, Outcome, Receipt, StatusMessage
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.kernel.errors import DomainError
from vanthu.organizations.queries import AgencyRow, agencies_by_code
from vanthu.signing.queries import fresh_verdict


class LocalChannel:
    """Both ends are records of one database; nothing is shared but the frozen bytes (decision D6)."""

    def __init__(self) -> None:
        self._directory: Mapping[str, AgencyRow] = {}
        self._checked: dict[tuple[str, str], str] = {}

    def expect(self, recipient_codes: Sequence[str]) -> None:
        """Look the receivers up at once, instead of each in its own transaction's time."""
        self._directory = agencies_by_code(recipient_codes)

    def send(self, envelope: Envelope, *, now: datetime) -> Receipt:
        """The receiver takes the package in, as R15; a package it has already is answered the same way."""
        from vanthu.exchange.operations.receive import receive_envelope

        receiver = self._directory.get(envelope.recipient_code)
        checked = self._verdict_on(envelope, now) if envelope.files else ""
        try:
            receive_envelope(envelope, receiver=receiver, checked=checked, now=now)
        except DomainError as refusal:
            return Receipt(Outcome.REFUSED, now, refusal.code, tuple(sorted(refusal.details.items())))
        return Receipt(Outcome.ARRIVED, now)

    def _verdict_on(self, envelope: Envelope, now: datetime) -> str:
        """A batch carries one file from one sender; its verdict is read once."""
        sent = envelope.main.sha256, envelope.sender_code
        if sent not in self._checked:
            self._checked[sent] = fresh_verdict(sent[0], sender_code=sent[1], now=now)
        return self._checked[sent]

    def send_status(self, status: StatusMessage, *, now: datetime) -> tuple[int, ...]:
        """The other side takes the status in, as R15; one it has already changes nothing. 13 goes to the receiver."""
        from vanthu.exchange.operations.business import receive_take_back
        from vanthu.exchange.operations.track import receive_status

        receive = receive_take_back if status.code == StatusCode.TAKE_BACK else receive_status
        receive(status, now=now)
        return ()
