"""What the server hands to its writer, as plain values: everything of one call that must be stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vanthu.axis.rules.states import EventKind, MessageKind, ParcelState, Route


@dataclass(frozen=True, slots=True)
class ParcelOrder:
    """One receiver of a message; `system_id` None: not local."""

    doc_id: str
    to_code: str
    system_id: int | None
    route: Route


@dataclass(frozen=True, slots=True)
class MessageOrder:
    """A message to be taken in. `content` None: its bytes lie in the blob store already; `size` in bytes."""

    doc_id: str
    kind: MessageKind
    system_id: int
    system_code: str
    sender_code: str
    sha256: str
    size: int
    parcels: tuple[ParcelOrder, ...]
    at: datetime
    directory: int
    """The state of the directory by which sender and receivers were judged."""
    content: bytes | None = None
    edxml_document_id: str = ""
    notation: str = ""
    title: str = ""
    status_code: str = ""
    business: int = 0
    urgency: int = 0
    remote: str = ""

    @property
    def key(self) -> tuple[int, str, str]:
        """What makes two sendings the same message (D26)."""
        return (self.system_id, self.sender_code, self.sha256)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a message: the id it has, and whether it had been taken in before."""

    doc_id: str
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """A receiver's report on a parcel of its own."""

    doc_id: str
    system_id: int
    system_code: str
    state: ParcelState
    description: str
    at: datetime
    directory: int
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of a report; `is_known` False: the parcel is not this system's."""

    is_known: bool


@dataclass(frozen=True, slots=True)
class Outdated:
    """Nothing was stored: systems or agencies changed since the call was judged; judge it again."""


@dataclass(frozen=True, slots=True)
class Note:
    """An event that nobody waits for."""

    kind: EventKind
    at: datetime
    message_id: str = ""
    parcel_id: str = ""
    system_code: str = ""
    call: str = ""
    outcome: str = ""
    detail: str = ""
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A system called; said once a minute."""

    system_id: int
    at: datetime


Order = MessageOrder | ReportOrder | Note | Seen
Outcome = Accepted | Reported | Outdated | None
