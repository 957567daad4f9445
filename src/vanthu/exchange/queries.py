"""Reads of deliveries and statuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vanthu.exchange.models import Arrival, Delivery, StatusIn, StatusOut
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode


@dataclass(frozen=True, slots=True)
class StatusRow:
    code: StatusCode
    at: datetime
    description: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One recipient of an issued document, with every status it answered."""

    id: int
    recipient_code: str
    recipient_name: str
    channel: str
    state: DeliveryState
    attempts: int
    last_error: str
    sent_at: datetime | None
    is_acknowledged: bool
    statuses: tuple[StatusRow, ...]


def deliveries_of(document_id: int, *, limit: int = 500) -> tuple[DeliveryRow, ...]:
    """The deliveries of a document the caller may see, by name; two queries."""
    rows = list(Delivery.objects.filter(document_id=document_id).order_by("recipient_name")[:limit])
    found: dict[int, list[StatusRow]] = {row.pk: [] for row in rows}
    for status in StatusIn.objects.filter(delivery__in=rows).order_by("at", "id"):
        found[status.delivery_id].append(StatusRow(StatusCode(status.code), status.at, status.description))
    return tuple(
        DeliveryRow(
            row.pk,
            row.recipient_code,
            row.recipient_name,
            row.channel,
            DeliveryState(row.state),
            row.attempts,
            row.last_error,
            row.sent_at,
            row.is_acknowledged,
            tuple(found[row.pk]),
        )
        for row in rows
    )


def answers_sent(document_id: int) -> tuple[StatusRow, ...]:
    """The statuses this agency has answered about a received document."""
    rows = StatusOut.objects.filter(arrival__document_id=document_id).order_by("at", "id")
    return tuple(StatusRow(StatusCode(row.code), row.at, row.description) for row in rows)


def came_by(document_id: int) -> str:
    """The channel by which a received document came; empty when it did not come by one."""
    return Arrival.objects.filter(document_id=document_id).values_list("channel", flat=True).first() or ""


def has_open_refusals(document_id: int) -> bool:
    bad = [DeliveryState.REFUSED, DeliveryState.RETURNED_LATE, DeliveryState.FAILED]
    return Delivery.objects.filter(document_id=document_id, state__in=bad, is_acknowledged=False).exists()
