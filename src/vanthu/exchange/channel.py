"""The contract of every channel: what leaves, what is answered, and whether the line is up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from vanthu.documents.rules.kinds import FileRole
from vanthu.edxml.message import BusinessInfo

NEW_PACKAGE = BusinessInfo()


@dataclass(frozen=True, slots=True)
class EnvelopeFile:
    """A file of the package, by its digest."""

    name: str
    media_type: str
    size: int
    sha256: str
    role: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """Gói tin: one issued document on its way to one recipient. The id is the same at every retry.

    `document_id` is the sender's, as edXML writes it (`rules.identity`); `business` says whether the package is new, or
    revokes, updates or replaces one; `addressed_codes` are the codes of ours that it named, `inbound_id` the packet it
    came in.
    """

    message_id: str
    sender_code: str
    sender_name: str
    recipient_code: str
    type_code: str
    subject: str
    number: int | None
    notation: str
    full_number: str
    issued_on: date | None
    signer_name: str
    signer_position: str
    urgency: int
    page_count: int
    verdict: str
    files: tuple[EnvelopeFile, ...]
    channel: str = "local"
    document_id: str = ""
    business: BusinessInfo = NEW_PACKAGE
    due_on: date | None = None
    type_name: str = ""
    addressed_codes: tuple[str, ...] = ()
    inbound_id: int | None = None
    issued_on_raw: str = ""

    @property
    def issued_on_as_written(self) -> str:
        """The date as the sender wrote it: an answer repeats it character for character (edxml.md §4)."""
        written = f"{self.issued_on:%Y/%m/%d}" if self.issued_on else ""
        return self.issued_on_raw or written

    @property
    def main(self) -> EnvelopeFile:
        """The document itself, among its annexes."""
        return next(file for file in self.files if file.role == FileRole.MAIN)


class Outcome(StrEnum):
    """What the other side said to a package."""

    ARRIVED = "ARRIVED"  # it is there, in somebody's queue
    SENT = "SENT"  # the line took it; the other side will answer
    REFUSED = "REFUSED"  # it will never be taken


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a package; trouble on the line is an exception and is retried."""

    outcome: Outcome
    at: datetime
    code: str = ""
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """Trạng thái: what happened to a package at its recipient. Equal by (message, recipient, code, at)."""

    message_id: str
    sender_code: str
    recipient_code: str
    code: str
    description: str
    at: datetime


class StatusLine(Protocol):
    """Carries a status back. Idempotent: a status sent twice is taken in once."""

    def send_status(self, status: StatusMessage, *, now: datetime) -> tuple[int, ...]:
        """The packets that carry the status from here on; none where the other side has it already."""


class Channel(StatusLine, Protocol):
    """Sending is idempotent by (message_id, recipient): a package sent twice arrives once.

    One object carries one batch; `expect` tells it beforehand whom the batch goes to.
    """

    def expect(self, recipient_codes: Sequence[str]) -> None: ...

    def send(self, envelope: Envelope, *, now: datetime) -> Receipt: ...
