"""What the axis above holds for the agencies of this one: fetched, stored, committed, acknowledged, delivered here.

The axis above hears `processing` once it is stored here, and `done` or `fail` when its receiver has settled it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from vanthu.axis.identifiers import new_doc_id
from vanthu.axis.models import AxisEvent, AxisSystem, Message, Parcel
from vanthu.axis.queries.calls import AgencyRow, agencies_by_code
from vanthu.axis.rules.facts import INLINE, facts_of
from vanthu.axis.rules.states import OPEN_STATES, EventKind, MessageKind, ParcelState, Route
from vanthu.axis.rules.upstream import ABOVE, ABOVE_NAME
from vanthu.edxml.answers import ReceivedItem
from vanthu.edxml.message import Unreadable
from vanthu.edxml.reading import Reading, glance
from vanthu.exchange.channels.vxp.client import Gateway, LineTrouble
from vanthu.exchange.operations.line_watch import Elapsing
from vanthu.exchange.rules.diagnoses import Kind
from vanthu.foundation.operation import steps
from vanthu.foundation.storage import axis_blobs, sha256_of

AT_ONCE = 200
TOLD_AGAIN = timedelta(hours=1)
"""A receiver that failed may still succeed: after so long its state is looked at again."""
NOT_HERE = "Don vi nhan khong co tren truc thanh pho: {code}"
CLOSED = "Don vi nhan da ngung hoat dong tren truc thanh pho: {code}"
UNREADABLE = "edXML khong doc duoc ({code})"
OPEN_WORDS = frozenset(state.value.lower() for state in OPEN_STATES) | {""}


@steps("each package is stored in a transaction of its own, then acknowledged")
def take_over(gateway: Gateway, *, clock: Elapsing) -> int:
    """Take over what waits on the axis above; how many packages. Raises `LineTrouble` where it is out of reach."""
    taken = 0
    for kind in MessageKind:
        for item in _unknown(gateway, kind):
            taken += _take(gateway, kind, item, clock)
    return taken


def _unknown(gateway: Gateway, kind: MessageKind) -> Iterator[ReceivedItem]:
    waiting = [item for item in gateway.received(kind.value) if item.status.lower() in OPEN_WORDS]
    ids = [item.doc_id[:64] for item in waiting]
    known: set[str] = set()
    for start in range(0, len(ids), 500):
        here = Parcel.objects.filter(route=Route.LOCAL, upstream_id__in=ids[start : start + 500])
        known |= set(here.filter(upstream_id__gt="").values_list("upstream_id", flat=True))
    return iter([item for item in waiting if item.doc_id not in known][:AT_ONCE])


def _take(gateway: Gateway, kind: MessageKind, item: ReceivedItem, clock: Elapsing) -> int:
    data = gateway.fetch(item.doc_id)
    try:
        reading = glance(data)
    except Unreadable as trouble:
        return _decline(gateway, item, UNREADABLE.format(code=trouble.code), clock())
    agency = agencies_by_code([item.receiver]).get(item.receiver)
    if agency is None or agency.system_id is None:
        return _decline(gateway, item, NOT_HERE.format(code=item.receiver[:60]), clock())
    if not agency.is_open:
        return _decline(gateway, item, CLOSED.format(code=item.receiver[:60]), clock())
    is_new = _store(kind, item, agency, data, reading, clock())
    gateway.acknowledge(item.doc_id, "processing" if is_new else "done")
    return int(is_new)


def _decline(gateway: Gateway, item: ReceivedItem, words: str, now: datetime) -> int:
    """What cannot be delivered here is said to be so, and seen by the operator."""
    AxisEvent.objects.create(
        at=now, kind=EventKind.REFUSED, system_code=ABOVE_NAME, call="getEdoc", outcome="18", detail=words
    )
    gateway.acknowledge(item.doc_id, "fail", words)
    return 0


def _store(
    kind: MessageKind, item: ReceivedItem, agency: AgencyRow, data: bytes, reading: Reading, now: datetime
) -> bool:
    """Durable when it returns; False where the receiver has had these bytes of this sender already."""
    sha256, is_inline = sha256_of(data), len(data) <= INLINE
    if not is_inline:
        axis_blobs().put(data)
    with transaction.atomic(durable=True):
        had = Parcel.objects.filter(
            to_code=item.receiver, route=Route.LOCAL, message__sha256=sha256, message__sender_code=item.sender
        )
        if had.exists():
            return False
        message, is_first = Message.objects.get_or_create(
            system=_above(now),
            sender_code=item.sender[:35],
            sha256=sha256,
            defaults={
                "doc_id": new_doc_id(now),
                "kind": kind,
                "size": len(data),
                "created_at": now,
                "content": data if is_inline else None,
                **facts_of(reading),
            },
        )
        if message.forgotten_at is not None:
            message.content, message.forgotten_at = (data if is_inline else None), None
            message.save(update_fields=["content", "forgotten_at"])
        _parcel(message, item, agency, now).save(force_insert=True)
        for each in [EventKind.ACCEPTED] if is_first else []:
            _tell(message, "", each, item.doc_id, now)
    if not is_inline:
        axis_blobs().put(data)  # once more after the commit: see retention.sweep_blobs
    return True


def _parcel(message: Message, item: ReceivedItem, agency: AgencyRow, now: datetime) -> Parcel:
    return Parcel(
        doc_id=new_doc_id(now),
        message=message,
        kind=message.kind,
        sender_code=message.sender_code,
        to_code=item.receiver,
        system_id=agency.system_id,
        route=Route.LOCAL,
        urgency=message.urgency,
        created_at=now,
        updated_at=now,
        next_at=now,
        upstream_id=item.doc_id[:64],
    )


def _above(now: datetime) -> AxisSystem:
    """The axis above as a sender; without a secret it cannot call."""
    row, _is_new = AxisSystem.objects.get_or_create(
        code=ABOVE,
        defaults={"name": ABOVE_NAME, "sealed_secret": "", "secret_set_at": now, "created_at": now},
    )
    return row


@steps("each report is one call, noted after it")
def report_back(gateway: Gateway, *, clock: Elapsing) -> int:
    """Tell the axis above what became of packages that were taken over from it; how many were told."""
    due = Parcel.objects.filter(
        route=Route.LOCAL,
        upstream_id__gt="",
        next_at__lte=clock(),
        state__in=[ParcelState.DONE, ParcelState.FAIL],
    )
    return sum(_report(gateway, parcel, clock) for parcel in due.order_by("next_at")[:AT_ONCE])


def _report(gateway: Gateway, parcel: Parcel, clock: Elapsing) -> int:
    failed = parcel.state == ParcelState.FAIL
    if failed and parcel.attempts:
        return _keep(parcel, clock())
    try:
        gateway.acknowledge(parcel.upstream_id, parcel.state.lower(), parcel.description)
    except LineTrouble as trouble:
        if trouble.kind is not Kind.PERMANENT:
            raise
        _tell(parcel.message, parcel.pk, EventKind.FORWARD_FAILED, trouble.detail, clock(), parcel.state)
        Parcel.objects.filter(pk=parcel.pk).update(next_at=None)
        return 0
    _tell(parcel.message, parcel.pk, EventKind.FORWARDED, parcel.description, clock(), parcel.state)
    Parcel.objects.filter(pk=parcel.pk, state=parcel.state).update(
        attempts=1 if failed else 0, next_at=clock() + TOLD_AGAIN if failed else None
    )
    return 1


def _keep(parcel: Parcel, now: datetime) -> int:
    """A failure that was told: looked at again for as long as contents are kept."""
    is_old = now - parcel.created_at > timedelta(days=settings.VANTHU_AXIS_KEEP_DAYS)
    Parcel.objects.filter(pk=parcel.pk).update(next_at=None if is_old else now + TOLD_AGAIN)
    return 0


def _tell(
    message: Message, parcel_id: str, kind: EventKind, detail: str, now: datetime, outcome: str = "0"
) -> None:
    AxisEvent.objects.create(
        at=now,
        kind=kind,
        message_id=message.pk,
        parcel_id=parcel_id,
        system_code=ABOVE_NAME,
        call="updateStatus" if parcel_id else "getEdoc",
        outcome=outcome,
        detail=detail[:500],
    )
