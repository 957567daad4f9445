"""What passes through the axis: messages taken in, reports of receivers, notes; many calls in one transaction.

Who calls gets the answer after the commit, so several calls that wait share one (group commit). These are no acts of
persons: they are told to the axis' own events, not to the audit chain (ADR 14).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

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
        notes = [order for order in orders if isinstance(order, Note)]
        fetched = {note.parcel_id: note.at for note in notes if note.kind is EventKind.FETCHED}
        reports = [order for order in current if isinstance(order, ReportOrder)]
        reported = iter(_settle(reports, _locked(reports, fetched)))
        _mark_fetched(fetched)
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
    # By digest: two servers that take in the same messages at once must not wait for each other in turn.
    rows = [_message_of(order, times[order.doc_id]) for order in sorted(orders, key=lambda order: order.key)]
    insert_values(Message, MESSAGE, rows, ignore_conflicts=True)
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


def _locked(reports: list[ReportOrder], fetched: dict[str, datetime]) -> dict[str, Parcel]:
    """The parcels that are touched, locked in one order, so that two servers never wait for each other."""
    names = sorted({report.doc_id for report in reports} | set(fetched))
    if not names:
        return {}
    rows = Parcel.objects.select_for_update().filter(pk__in=names).order_by("pk")
    return {row.pk: row for row in rows}


def _settle(orders: list[ReportOrder], known: dict[str, Parcel]) -> list[Reported]:
    outcomes, events = [], []
    moved: dict[str, Parcel] = {}
    for order in orders:
        row = known.get(order.doc_id)
        is_known = row is not None and row.system_id == order.system_id
        outcomes.append(Reported(is_known))
        if row is None or not is_known or row.state == order.state:
            continue  # a report that says nothing new leaves no trace
        before = ParcelState(row.state)
        row.state = after_report(before, order.state)
        if row.state is not before:
            row.description, row.updated_at = order.description, order.at
            row.settled_at = order.at if row.state in SETTLED else None
            moved[row.pk] = row
        events.append(_report_of(row, order, before))
    rows = [
        (
            str(row.state),
            row.description,
            stored_instant(row.updated_at),
            stored_instant(row.settled_at) if row.settled_at else None,
            pk,
        )
        for pk, row in moved.items()
    ]
    _play(
        "UPDATE axis_parcel SET state = %s, description = %s, updated_at = %s, settled_at = %s WHERE doc_id = %s",
        rows,
    )
    _tell(events)
    return outcomes


def _report_of(row: Parcel, order: ReportOrder, before: ParcelState) -> Note:
    return Note(
        EventKind.SETTLED,
        order.at,
        message_id=row.message_id,
        parcel_id=row.pk,
        system_code=order.system_code,
        call="updateStatus",
        outcome=order.state.value,
        detail=order.description if row.state is not before else f"giữ nguyên {before.value}",
        remote=order.remote,
    )


def _mark_fetched(fetched: dict[str, datetime]) -> None:
    rows = [(stored_instant(fetched[parcel_id]), parcel_id) for parcel_id in sorted(fetched)]
    _play("UPDATE axis_parcel SET fetched_at = %s WHERE doc_id = %s AND fetched_at IS NULL", rows)


def _play(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


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
