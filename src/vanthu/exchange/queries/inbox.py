"""What came over the line: facts of an arrival, packets set aside for the clerk, and how the line itself stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min, Q, QuerySet

from vanthu.exchange.models import Arrival, Inbound, InboundState, LineWatch, PacketKind, SetAside
from vanthu.exchange.rules.inbox import AsideReason, AsideState, may_decide
from vanthu.kernel.actor import Actor

PARKED_NOTICE = timedelta(hours=24)
"""A status that has waited so long for its document is shown to whoever looks after the line."""
STORED_NOTICE = timedelta(minutes=10)
DOWN_NOTICE = timedelta(minutes=15)
SHOWN = 50


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the sender's message said of an arrival; warnings are (kind, element, raw text)."""

    channel: str
    sender_code: str
    document_id: str
    addressed_codes: tuple[str, ...]
    axis_id: str
    fetched_at: datetime | None
    warnings: tuple[tuple[str, str, str], ...]


def line_facts(document_id: int) -> LineFacts | None:
    """Of a document that the caller may see; None where it did not come over a line."""
    arrivals = Arrival.objects.filter(document_id=document_id).exclude(inbound=None)
    row = arrivals.select_related("inbound").first()
    if row is None:
        return None
    inbound = row.inbound
    return LineFacts(
        row.channel,
        row.sender_code,
        row.their_document_id,
        tuple(row.addressed_codes),
        inbound.axis_id if inbound else "",
        inbound.fetched_at if inbound else None,
        tuple((kind, element, raw) for kind, element, raw in inbound.warnings) if inbound else (),
    )


@dataclass(frozen=True, slots=True)
class AsideRow:
    """Gói tin để riêng as the clerk sees it; `earlier_id` is the record that has the same id already."""

    id: int
    reason: AsideReason
    detail: str
    sender_code: str
    sender_name: str
    their_code: str
    subject: str
    state: AsideState
    created_at: datetime
    decided_at: datetime | None
    decided_by: str
    decision: str
    earlier_id: int | None


def open_asides(actor: Actor) -> int:
    """How many packets wait for this clerk's decision."""
    return _asides_of(actor).filter(state=AsideState.OPEN).count() if may_see(actor) else 0


def may_see(actor: Actor) -> bool:
    return actor.agency_id is not None and bool(may_decide(actor, actor.agency_id))


def asides(actor: Actor) -> tuple[AsideRow, ...]:
    """Open ones first, the oldest of them first; then the last that were decided. Refuses: not the clerk."""
    assert actor.agency_id is not None
    may_decide(actor, actor.agency_id).or_refuse()
    rows = _asides_of(actor).select_related("inbound")
    opened = list(rows.filter(state=AsideState.OPEN).order_by("id")[:SHOWN])
    decided = list(rows.exclude(state=AsideState.OPEN).order_by("-decided_at", "-id")[:SHOWN])
    return tuple(_aside_row(row) for row in (*opened, *decided))


def _asides_of(actor: Actor) -> QuerySet[SetAside]:
    return SetAside.objects.filter(agency_id=actor.agency_id or 0)


def _aside_row(row: SetAside) -> AsideRow:
    return AsideRow(
        row.pk,
        AsideReason(row.reason),
        row.detail,
        row.sender_code,
        row.sender_name,
        row.their_code,
        row.subject,
        AsideState(row.state),
        row.created_at,
        row.decided_at,
        row.decided_by,
        row.decision,
        _earlier(row) if row.reason == AsideReason.OTHER_BYTES else None,
    )


def _earlier(row: SetAside) -> int | None:
    arrivals = Arrival.objects.filter(
        agency_id=row.agency_id,
        their_document_id=row.inbound.edxml_document_id,
        document__isnull=False,
    )
    return (
        arrivals.exclude(inbound=row.inbound_id).order_by("id").values_list("document_id", flat=True).first()
    )


@dataclass(frozen=True, slots=True)
class LineHealth:
    """Đường truyền và hộp thư đến: `down_since` and `diagnosis` where the line does not answer."""

    well_at: datetime | None
    down_since: datetime | None
    diagnosis: str
    detail: str
    stored: int
    oldest_stored: datetime | None
    parked: int
    oldest_parked: datetime | None
    unacknowledged: int
    asides: int
    is_silent: bool
    """Nobody has asked the line for long: no worker runs."""
    is_down: bool
    left_behind: str
    """Why some packet that the axis lists could not be brought, while the line itself answers."""
    is_stuck: bool
    is_parked_long: bool


def line_health(*, now: datetime) -> LineHealth | None:
    """How the line stands; None where this installation has none."""
    if not settings.VANTHU_LINE_URL:
        return None
    watch = LineWatch.objects.first() or LineWatch()
    stored = Inbound.objects.filter(state=InboundState.STORED)
    parked = Inbound.objects.filter(state=InboundState.PARKED)
    oldest_stored = stored.aggregate(at=Min("fetched_at"))["at"]
    oldest_parked = parked.aggregate(at=Min("fetched_at"))["at"]
    heard = max((at for at in (watch.well_at, watch.down_since) if at), default=None)
    return LineHealth(
        watch.well_at,
        watch.down_since,
        watch.diagnosis,
        watch.detail,
        stored.count(),
        oldest_stored,
        parked.count(),
        oldest_parked,
        Inbound.objects.filter(is_acknowledged=False).exclude(state=InboundState.STORED).count(),
        SetAside.objects.filter(state=AsideState.OPEN).count(),
        is_silent=watch.down_since is None and (heard is None or heard < now - DOWN_NOTICE),
        is_down=watch.down_since is not None and watch.down_since < now - DOWN_NOTICE,
        left_behind=watch.detail if watch.down_since is None else "",
        is_stuck=oldest_stored is not None and oldest_stored < now - STORED_NOTICE,
        is_parked_long=oldest_parked is not None and oldest_parked < now - PARKED_NOTICE,
    )


@dataclass(frozen=True, slots=True)
class TroubledRow:
    """A packet that whoever looks after the line should know of."""

    id: int
    axis_id: str
    kind: PacketKind
    state: InboundState
    sender_code: str
    receiver_code: str
    document_id: str
    error_code: str
    last_error: str
    attempts: int
    fetched_at: datetime


def troubled_packets(*, now: datetime) -> tuple[TroubledRow, ...]:
    """What could not be taken in, what has waited long for its document, and what was refused, the newest first."""
    long_parked = Q(state=InboundState.PARKED, fetched_at__lt=now - PARKED_NOTICE)
    stuck = Q(state=InboundState.STORED) & ~Q(error_code="")
    rows = Inbound.objects.filter(long_parked | stuck | Q(state=InboundState.REFUSED))
    return tuple(
        TroubledRow(
            row.pk,
            row.axis_id,
            PacketKind(row.kind),
            InboundState(row.state),
            row.sender_code,
            row.receiver_code,
            row.edxml_document_id,
            row.error_code,
            row.last_error,
            row.attempts,
            row.fetched_at,
        )
        for row in rows.order_by("-id")[:SHOWN]
    )
