"""Reads of deliveries and statuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q

from vanthu.exchange.models import Arrival, Ask, Delivery, PaperPosting, StatusIn, StatusOut
from vanthu.exchange.queries.resending import is_resendable
from vanthu.exchange.rules.paper import PaperWay
from vanthu.exchange.rules.recall import UNGRANTED, RecallState
from vanthu.exchange.rules.statuses import DeliveryState


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status as it was told; `code` may be one that nobody knows (`rules.statuses.code_label`)."""

    code: str
    at: datetime
    description: str


@dataclass(frozen=True, slots=True)
class PostedRow:
    """Bản giấy đã gửi: what the clerk wrote down."""

    posted_on: date
    way: PaperWay
    envelopes: int
    receipt: str
    note: str
    recorded_by: str


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
    posted: PostedRow | None = None
    recall: RecallState = RecallState.NONE
    is_added: bool = False
    can_be_resent: bool = False


def deliveries_of(document_id: int, *, limit: int = 500) -> tuple[DeliveryRow, ...]:
    """The deliveries of a document the caller may see, by name; two queries."""
    named = Delivery.objects.filter(document_id=document_id).select_related("paper_posting", "packet")
    rows = list(named.order_by("recipient_name", "id")[:limit])
    found: dict[int, list[StatusRow]] = {row.pk: [] for row in rows}
    for status in StatusIn.objects.filter(delivery__in=rows).order_by("at", "id"):
        found[status.delivery_id].append(StatusRow(status.code, status.at, status.description))
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
            _posted(row),
            RecallState(row.recall),
            row.is_added,
            is_resendable(row.state, row.packet),
        )
        for row in rows
    )


def _posted(row: Delivery) -> PostedRow | None:
    kept: PaperPosting | None = getattr(row, "paper_posting", None)
    if kept is None:
        return None
    return PostedRow(
        kept.posted_on, PaperWay(kept.way), kept.envelopes, kept.receipt, kept.note, kept.recorded_by
    )


def answers_sent(document_id: int) -> tuple[StatusRow, ...]:
    """The statuses this agency has answered about a received document."""
    rows = StatusOut.objects.filter(arrival__document_id=document_id).order_by("at", "id")
    return tuple(StatusRow(row.code, row.at, row.description) for row in rows)


def came_by(document_id: int) -> str:
    """The channel by which a received document came; empty when it did not come by one."""
    return Arrival.objects.filter(document_id=document_id).values_list("channel", flat=True).first() or ""


def has_open_refusals(document_id: int) -> bool:
    bad = [DeliveryState.REFUSED, DeliveryState.RETURNED_LATE, DeliveryState.FAILED]
    if Delivery.objects.filter(document_id=document_id, state__in=bad, is_acknowledged=False).exists():
        return True
    kept = Ask.objects.filter(delivery__document_id=document_id, state__in=UNGRANTED, is_acknowledged=False)
    return kept.exists()


@dataclass(frozen=True, slots=True)
class PostalLine:
    """One line of the Sổ gửi văn bản đi bưu điện. Norm: NĐ30 PL.IV."""

    id: int
    document_id: int
    full_number: str
    recipient_name: str
    because: str
    posted: PostedRow


def postal_register(agency_id: int, *, since: date, until: date, limit: int = 1000) -> tuple[PostalLine, ...]:
    """What the agency wrote down as sent on paper from `since` up to and without `until`, oldest first; one query."""
    kept = PaperPosting.objects.filter(agency_id=agency_id, posted_on__gte=since, posted_on__lt=until)
    rows = kept.select_related("delivery__document").order_by("posted_on", "id")[:limit]
    return tuple(
        PostalLine(
            row.pk,
            row.delivery.document_id,
            row.delivery.document.full_number,
            row.delivery.recipient_name,
            row.delivery.last_error,
            PostedRow(
                row.posted_on, PaperWay(row.way), row.envelopes, row.receipt, row.note, row.recorded_by
            ),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class PaperReceiver:
    """How often a receiver got paper in a period, and how often nothing has been posted yet."""

    recipient_code: str
    recipient_name: str
    deliveries: int
    waiting: int


def paper_receivers(*, since: datetime, until: datetime) -> tuple[PaperReceiver, ...]:
    """Who got paper for documents planned in the period, most first; one query. For the city's administrators."""
    on_paper = Delivery.objects.filter(state=DeliveryState.PAPER, planned_at__gte=since, planned_at__lt=until)
    counted = on_paper.values("recipient_code").annotate(
        name=Max("recipient_name"),
        deliveries=Count("id"),
        waiting=Count("id", filter=Q(paper_posting__isnull=True)),
    )
    return tuple(
        PaperReceiver(row["recipient_code"], row["name"], row["deliveries"], row["waiting"])
        for row in counted.order_by("-deliveries", "recipient_code")
    )
