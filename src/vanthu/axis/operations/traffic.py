"""What passes through the axis: messages taken in, reports of receivers, notes; many calls in one transaction.

Who calls gets the answer after the commit, so several calls that wait share one (group commit). These are no acts of
persons: they are told to the axis' own events, not to the audit chain (ADR 14).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction

from vanthu.axis.models import AxisEvent, AxisSystem, Message, Parcel
from vanthu.axis.queries.calls import directory_number
from vanthu.axis.rules.orders import (
    Accepted,
    MessageOrder,
    Note,
    Order,
    Outcome,
    Outdated,
    ParcelOrder,
    Reported,
    ReportOrder,
    Seen,
)
from vanthu.axis.rules.states import EventKind, ParcelState, after_report
from vanthu.foundation.db import insert_values, stored_instant

MESSAGE = (
    "doc_id", "kind", "system_id", "sender_code", "sha256", "size", "edxml_document_id", "notation", "title",
    "status_code", "business", "urgency", "created_at", "forgotten_at", "content",
)  # fmt: skip
PARCEL = (
    "doc_id", "message_id", "kind", "sender_code", "to_code", "system_id", "route", "urgency", "state", "description",
    "created_at", "updated_at", "fetched_at", "settled_at", "attempts", "next_at", "upstream_id",
)  # fmt: skip
EVENT = ("at", "kind", "message_id", "parcel_id", "system_code", "call", "outcome", "detail", "remote")
SETTLED = (ParcelState.DONE, ParcelState.FAIL)


def write_all(orders: Sequence[Order]) -> list[Outcome]:
    """Store everything that the calls ask for, durably and together; one outcome for each, in their order."""
    with transaction.atomic(durable=True):
        number = directory_number()
        current = [order for order in orders if getattr(order, "directory", number) == number]
        accepted = iter(_take_in([order for order in current if isinstance(order, MessageOrder)]))
        reported = iter(_settle([order for order in current if isinstance(order, ReportOrder)]))
        notes = [order for order in orders if isinstance(order, Note)]
        _mark_fetched(notes)
        _mark_seen([order for order in orders if isinstance(order, Seen)])
        _tell(notes)
        return [_outcome(order, number, accepted, reported) for order in orders]


def _outcome(
    order: Order, number: int, accepted: Iterator[Accepted], reported: Iterator[Reported]
) -> Outcome:
    if not isinstance(order, MessageOrder | ReportOrder):
        return None
    if order.directory != number:
        return Outdated()
    return next(accepted) if isinstance(order, MessageOrder) else next(reported)


def _take_in(orders: list[MessageOrder]) -> list[Accepted]:
    if not orders:
        return []
    times = {order.doc_id: stored_instant(order.at) for order in orders}
    insert_values(
        Message, MESSAGE, [_message_of(order, times[order.doc_id]) for order in orders], ignore_conflicts=True
    )
    ours = set(Message.objects.filter(pk__in=[order.doc_id for order in orders]).values_list("pk", flat=True))
    parcels = [
        _parcel_of(order, parcel, times[order.doc_id])
        for order in orders
        if order.doc_id in ours
        for parcel in order.parcels
    ]
    insert_values(Parcel, PARCEL, parcels, ignore_conflicts=True)
    outcomes = [
        Accepted(order.doc_id, False) if order.doc_id in ours else Accepted(_first_id_of(order), True)
        for order in orders
    ]
    _tell([_reception_of(order, outcome) for order, outcome in zip(orders, outcomes, strict=True)])
    return outcomes


def _first_id_of(order: MessageOrder) -> str:
    """The id under which the same bytes of the same sender were taken in before (D26)."""
    system_id, sender_code, sha256 = order.key
    found = Message.objects.filter(system_id=system_id, sender_code=sender_code, sha256=sha256)
    return found.values_list("pk", flat=True).get()


def _message_of(order: MessageOrder, at: object) -> tuple[object, ...]:
    return (
        order.doc_id,
        order.kind.value,
        order.system_id,
        order.sender_code,
        order.sha256,
        order.size,
        order.edxml_document_id,
        order.notation,
        order.title,
        order.status_code,
        order.business,
        order.urgency,
        at,
        None,
        order.content,
    )


def _parcel_of(order: MessageOrder, parcel: ParcelOrder, at: object) -> tuple[object, ...]:
    return (
        parcel.doc_id,
        order.doc_id,
        order.kind.value,
        order.sender_code,
        parcel.to_code,
        parcel.system_id,
        parcel.route.value,
        order.urgency,
        ParcelState.INITIAL.value,
        "",
        at,
        at,
        None,
        None,
        0,
        at if parcel.system_id is None else None,
        "",
    )


def _reception_of(order: MessageOrder, outcome: Accepted) -> Note:
    return Note(
        EventKind.REPEATED if outcome.is_repeated else EventKind.ACCEPTED,
        order.at,
        message_id=outcome.doc_id,
        system_code=order.system_code,
        call="sendEdoc",
        outcome="0",
        remote=order.remote,
    )


def _settle(orders: list[ReportOrder]) -> list[Reported]:
    if not orders:
        return []
    rows = Parcel.objects.select_for_update().filter(pk__in=sorted({order.doc_id for order in orders}))
    known = {row.pk: row for row in rows.order_by("pk")}
    outcomes, events = [], []
    for order in orders:
        row = known.get(order.doc_id)
        if row is None or row.system_id != order.system_id:
            outcomes.append(Reported(False))
            continue
        outcomes.append(Reported(True))
        events.append(_report_on(row, order))
    _tell([event for event in events if event is not None])
    return outcomes


def _report_on(row: Parcel, order: ReportOrder) -> Note | None:
    """Move the parcel, unless it stands there or further already; a report that says nothing new leaves no trace."""
    current = ParcelState(row.state)
    after = after_report(current, order.state)
    if current is order.state:
        return None
    if after is not current:
        row.state, row.description, row.updated_at = after, order.description, order.at
        row.settled_at = order.at if after in SETTLED else None
        row.save(update_fields=["state", "description", "updated_at", "settled_at"])
    return Note(
        EventKind.SETTLED,
        order.at,
        message_id=row.message_id,
        parcel_id=row.pk,
        system_code=order.system_code,
        call="updateStatus",
        outcome=order.state.value,
        detail=order.description if after is not current else f"giữ nguyên {current.value}",
        remote=order.remote,
    )


def _mark_fetched(notes: list[Note]) -> None:
    fetched = {note.parcel_id: note.at for note in notes if note.kind is EventKind.FETCHED}
    for parcel_id in sorted(fetched):
        Parcel.objects.filter(pk=parcel_id, fetched_at=None).update(fetched_at=fetched[parcel_id])


def _mark_seen(orders: list[Seen]) -> None:
    for order in orders:
        AxisSystem.objects.filter(pk=order.system_id).update(seen_at=order.at)


def _tell(notes: list[Note]) -> None:
    rows = [
        (
            stored_instant(note.at),
            note.kind.value,
            note.message_id,
            note.parcel_id,
            note.system_code,
            note.call,
            note.outcome,
            note.detail[:500],
            note.remote,
        )
        for note in notes
    ]
    insert_values(AxisEvent, EVENT, rows)
