"""Facts that routing tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HandlingMoved:
    """The handling of a document stands elsewhere; `leader_post_id` is the leader it was laid before."""

    document_id: int
    agency_id: int
    state: str
    leader_post_id: int
    urgency: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskMoved:
    """One assignment stands elsewhere; queues follow it."""

    document_id: int
    agency_id: int
    assignment_id: int
    part: str
    state: str
    is_of_unit: bool
    post_id: int
    giver_post_id: int
    handed_on: bool
    """True when the unit's head has assigned it on to somebody."""
    urgency: int
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class DirectionGiven:
    """Status 04 for the sender."""

    document_id: int
    agency_id: int
    lead_unit_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkStarted:
    """Status 05 for the sender."""

    document_id: int
    agency_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkCompleted:
    """Status 06 for the sender; `description` says how (result, reply number, filed for information)."""

    document_id: int
    agency_id: int
    description: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawalNoted:
    """The leader has taken note that the sender took the document back."""

    document_id: int
    agency_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnedToClerk:
    """The leader gave the document back to the records office."""

    document_id: int
    agency_id: int
    reason: str
    at: datetime
