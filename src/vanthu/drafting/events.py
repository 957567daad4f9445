"""Facts that drafting tells: ids and values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DraftMoved:
    """A draft lies before another post now, or came back to its author; `holder_post_id` None: the life here is over."""

    document_id: int
    agency_id: int
    state: str
    holder_post_id: int | None
    urgency: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftSigned:
    """The competent person has signed; the records office takes over."""

    document_id: int
    agency_id: int
    type_code: str
    notation: str
    urgency: int
    signed_at: datetime
    at: datetime
