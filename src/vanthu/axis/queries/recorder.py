"""Hộp đen of the axis: which messages went through, and everything that happened to one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from vanthu.axis.models import AxisAgency, AxisEvent, Message, Parcel
from vanthu.axis.queries.desk import has_upstream
from vanthu.axis.rules.states import EventKind, MessageKind, ParcelState, Route
from vanthu.axis.rules.troubles import ParcelTimes, Trouble, trouble_of

_DOC_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """What the list is narrowed to; empty values narrow nothing. `day` runs from midnight `since` to `until`."""

    text: str = ""
    system: str = ""
    state: str = ""
    agency: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in the list: `states` counts its parcels by state."""

    doc_id: str
    kind: MessageKind
    sender_code: str
    sender_name: str
    notation: str
    title: str
    status_code: str
    business: int
    urgency: int
    size: int
    created_at: datetime
    receivers: tuple[str, ...]
    states: tuple[tuple[ParcelState, int], ...]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened to a message."""

    at: datetime
    kind: EventKind
    system_code: str
    call: str
    outcome: str
    detail: str
    remote: str


@dataclass(frozen=True, slots=True)
class ParcelRecord:
    """One receiver's way through the axis."""

    doc_id: str
    to_code: str
    to_name: str
    system_code: str
    route: Route
    state: ParcelState
    description: str
    created_at: datetime
    fetched_at: datetime | None
    settled_at: datetime | None
    next_at: datetime | None
    attempts: int
    upstream_id: str
    system_seen_at: datetime | None
    trouble: Trouble | None
    events: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """Hộp đen of one message: its parcels, what happened to it as a whole, and what was reported about its document."""

    row: MessageRow
    system_code: str
    system_name: str
    edxml_document_id: str
    sha256: str
    forgotten_at: datetime | None
    parcels: tuple[ParcelRecord, ...]
    events: tuple[EventRow, ...]
    reports: tuple[MessageRow, ...]


def messages(chosen: MessageFilter, *, after: str = "", limit: int = 51) -> tuple[MessageRow, ...]:
    """One page of messages, newest first, behind the message `after` (a DocId)."""
    rows = _narrowed(Message.objects.all(), chosen)
    last = Message.objects.filter(pk=after).values_list("created_at", flat=True).first() if after else None
    if last is not None:
        rows = rows.filter(Q(created_at__lt=last) | Q(created_at=last, pk__lt=after))
    found = list(rows.defer("content").order_by("-created_at", "-pk")[:limit])
    return _listed(found)


def _narrowed(rows: QuerySet[Message], chosen: MessageFilter) -> QuerySet[Message]:
    mine = Parcel.objects.filter(message=OuterRef("pk"))
    if chosen.text:
        rows = rows.filter(_named(chosen.text))
    if chosen.system:
        rows = rows.filter(Q(system__code=chosen.system) | Exists(mine.filter(system__code=chosen.system)))
    if chosen.agency:
        rows = rows.filter(Q(sender_code=chosen.agency) | Exists(mine.filter(to_code=chosen.agency)))
    if chosen.state:
        rows = rows.filter(Exists(mine.filter(state=chosen.state)))
    if chosen.since and chosen.until:
        rows = rows.filter(created_at__gte=chosen.since, created_at__lt=chosen.until)
    return rows


def _named(text: str) -> Q:
    """A package by its id or that of a receiver, a document by its id or its number and notation: each by an index."""
    if _DOC_ID.fullmatch(text):
        return Q(pk__in=[text, *Parcel.objects.filter(pk=text).values_list("message_id", flat=True)])
    return Q(edxml_document_id=text) if "," in text else Q(notation=text)


def _listed(found: list[Message]) -> tuple[MessageRow, ...]:
    parcels: dict[str, list[Parcel]] = {row.pk: [] for row in found}
    for parcel in Parcel.objects.filter(message_id__in=parcels).order_by("to_code"):
        parcels[parcel.message_id].append(parcel)
    names = names_of({row.sender_code for row in found})
    return tuple(_message_row(row, parcels[row.pk], names) for row in found)


def _message_row(row: Message, parcels: list[Parcel], names: dict[str, str]) -> MessageRow:
    counts = [(state, sum(parcel.state == state for parcel in parcels)) for state in ParcelState]
    return MessageRow(
        doc_id=row.pk,
        kind=MessageKind(row.kind),
        sender_code=row.sender_code,
        sender_name=names.get(row.sender_code, ""),
        notation=row.notation,
        title=row.title,
        status_code=row.status_code,
        business=row.business,
        urgency=row.urgency,
        size=row.size,
        created_at=row.created_at,
        receivers=tuple(parcel.to_code for parcel in parcels),
        states=tuple((state, number) for state, number in counts if number),
    )


def names_of(codes: set[str]) -> dict[str, str]:
    """Names of agencies by any of their three codes."""
    known: dict[str, str] = {}
    rows = AxisAgency.objects.filter(Q(code__in=codes) | Q(old_code__in=codes) | Q(code102__in=codes))
    for row in rows:
        known |= {code: row.name for code in (row.code, row.old_code, row.code102) if code in codes}
    return known


def message_record(doc_id: str, *, now: datetime) -> MessageRecord | None:
    """Everything that the axis wrote down about a message; also found by the id of one of its parcels."""
    row = (
        Message.objects.select_related("system")
        .defer("content")
        .filter(Q(pk=doc_id) | Exists(Parcel.objects.filter(message=OuterRef("pk"), pk=doc_id)))
        .first()
    )
    if row is None:
        return None
    parcels = list(Parcel.objects.filter(message=row).select_related("system").order_by("to_code"))
    events = list(AxisEvent.objects.filter(message_id=row.pk).order_by("id"))
    names = names_of({row.sender_code, *(parcel.to_code for parcel in parcels)})
    return MessageRecord(
        row=_message_row(row, parcels, names),
        system_code=row.system.code,
        system_name=row.system.name,
        edxml_document_id=row.edxml_document_id,
        sha256=row.sha256,
        forgotten_at=row.forgotten_at,
        parcels=tuple(_parcel_record(parcel, events, names, now) for parcel in parcels),
        events=tuple(_event_row(event) for event in events if not event.parcel_id),
        reports=_reports_about(row),
    )


def _parcel_record(
    parcel: Parcel, events: list[AxisEvent], names: dict[str, str], now: datetime
) -> ParcelRecord:
    times = ParcelTimes(
        state=ParcelState(parcel.state),
        route=Route(parcel.route),
        created_at=parcel.created_at,
        fetched_at=parcel.fetched_at,
        is_system_active=parcel.system.is_active if parcel.system else True,
        system_seen_at=parcel.system.seen_at if parcel.system else None,
        attempts=parcel.attempts,
        has_upstream=has_upstream(),
    )
    return ParcelRecord(
        doc_id=parcel.pk,
        to_code=parcel.to_code,
        to_name=names.get(parcel.to_code, ""),
        system_code=parcel.system.code if parcel.system else "",
        route=times.route,
        state=times.state,
        description=parcel.description,
        created_at=parcel.created_at,
        fetched_at=parcel.fetched_at,
        settled_at=parcel.settled_at,
        next_at=parcel.next_at,
        attempts=parcel.attempts,
        upstream_id=parcel.upstream_id,
        system_seen_at=times.system_seen_at,
        trouble=trouble_of(times, now=now),
        events=tuple(_event_row(event) for event in events if event.parcel_id == parcel.pk),
    )


def _event_row(event: AxisEvent) -> EventRow:
    return EventRow(
        event.at,
        EventKind(event.kind),
        event.system_code,
        event.call,
        event.outcome,
        event.detail,
        event.remote,
    )


def _reports_about(row: Message) -> tuple[MessageRow, ...]:
    """The statuses that were reported about the document of a message, oldest first."""
    if row.kind != MessageKind.EDOC or not row.edxml_document_id:
        return ()
    found = Message.objects.filter(kind=MessageKind.STATUS, edxml_document_id=row.edxml_document_id)
    return _listed(list(found.defer("content").order_by("created_at", "pk")[:200]))
