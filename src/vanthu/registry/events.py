"""Facts that the records office tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OutgoingMoved:
    """A document to be issued stands at another step of the records office."""

    document_id: int
    agency_id: int
    state: str
    urgency: int
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class OutgoingIssued:
    """The document has left for good; deliveries are planned in the same transaction."""

    document_id: int
    agency_id: int
    urgency: int
    at: datetime


@dataclass(frozen=True, slots=True)
class IncomingMoved:
    """An arrival stands at another step of the records office; a new one lay on no desk before."""

    document_id: int
    agency_id: int
    state: str
    urgency: int
    due_at: datetime
    at: datetime
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """The clerk asks the office chief whether a doubtful signature may be accepted (D40)."""

    document_id: int
    agency_id: int
    chief_post_id: int
    urgency: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    document_id: int
    agency_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class IncomingRefused:
    """The sender is to learn of it, with the reason (status 02)."""

    document_id: int
    agency_id: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IncomingAccepted:
    """The sender is told (status 03); the description carries the số đến when there is one already (D25)."""

    document_id: int
    agency_id: int
    arrival_number: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class IncomingSubmitted:
    """A registered document is laid before a leader."""

    document_id: int
    agency_id: int
    leader_post_id: int
    urgency: int
    proposal: str
    actor_name: str
    at: datetime
