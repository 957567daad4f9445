"""Packets on their way to the axis, for whoever looks after the line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from vanthu.exchange.models import LineCall, Packet, PacketState

UNSETTLED = (PacketState.FAILED, PacketState.UNKNOWN, PacketState.SENDING, PacketState.TO_SEND)
LISTING = ("getAgenciesListQD20", "getAgenciesList")


@dataclass(frozen=True, slots=True)
class PacketLine:
    """A packet that the axis has not taken, or has: what it is, how often it was tried, what was said last."""

    id: int
    kind: str
    state: PacketState
    agency_code: str
    document: str
    axis_id: str
    attempts: int
    next_at: datetime | None
    error_code: str
    last_error: str
    created_at: datetime
    receivers: int


def packets(*, state: str = "", limit: int = 100) -> tuple[PacketLine, ...]:
    """What is not settled (failed first), or what is in one state; newest last. One query."""
    states = [state] if state else list(UNSETTLED)
    rows = Packet.objects.filter(state__in=states).select_related("agency")
    rows = rows.annotate(receivers=Count("deliveries")).order_by("state", "id")
    return tuple(
        PacketLine(
            row.pk,
            row.kind,
            PacketState(row.state),
            row.agency.code,
            row.edxml_document_id,
            row.axis_id,
            row.attempts,
            row.next_at,
            row.error_code,
            row.last_error,
            row.created_at,
            getattr(row, "receivers", 0),
        )
        for row in rows[:limit]
    )


def packet_counts() -> dict[str, int]:
    """How many packets are in each state."""
    counted = Packet.objects.values("state").annotate(n=Count("id")).order_by("state")
    return {row["state"]: row["n"] for row in counted}


@dataclass(frozen=True, slots=True)
class ListingCall:
    """The last time the axis was asked for its list of agencies."""

    at: datetime
    diagnosis: str
    answer: str


def last_listing() -> ListingCall | None:
    row = LineCall.objects.filter(call__in=LISTING).order_by("-id").first()
    return ListingCall(row.at, row.diagnosis, row.answer) if row else None
