"""Facts that exchange tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DeliveryRefused:
    """A recipient refused or returned the document (02), or it can't be sent: the sender's clerk must know."""

    document_id: int
    agency_id: int
    urgency: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RefusalAcknowledged:
    """The sender's clerk has taken note of every refusal of the document."""

    document_id: int
    agency_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AskDeclined:
    """A recipient keeps what was asked back (16), or the question can't reach it: the sender's clerk must know."""

    document_id: int
    agency_id: int
    urgency: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DemandOpened:
    """The sender of a received document revokes it, asks it back, or changes it: the clerk must act."""

    document_id: int
    agency_id: int
    urgency: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DemandsSettled:
    """Nothing that the sender asked about the document is open any more."""

    document_id: int
    agency_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DocumentWithdrawn:
    """A received document is cancelled as its sender asked: its place in the house ends, what was done stays (D27)."""

    document_id: int
    agency_id: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaperOwed:
    """A receiver gets paper: somebody must print and post it."""

    document_id: int
    agency_id: int
    urgency: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PaperPosted:
    """Every receiver on paper has been written down as served."""

    document_id: int
    agency_id: int
    at: datetime
