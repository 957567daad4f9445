"""Between the city and the axis above: what is not for here is sent on, and its state there is brought back.

Each step is committed before the next; whoever dies in between does it again with identical bytes (edxml.md §7.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from vanthu.axis.models import AxisEvent, Message, Parcel
from vanthu.axis.operations.take_over import report_back, take_over
from vanthu.axis.operations.upstream_directory import introduce
from vanthu.axis.queries.contents import bytes_of
from vanthu.axis.rules.states import EventKind, MessageKind, ParcelState, Route
from vanthu.axis.rules.upstream import ABOVE_NAME
from vanthu.axis.upstream import upstream
from vanthu.exchange.channels.vxp.client import Gateway, LineTrouble
from vanthu.exchange.operations.line_watch import Elapsing
from vanthu.exchange.rules.diagnoses import Diagnosis, Kind
from vanthu.foundation.operation import steps

AT_ONCE = 200
"""Messages that one round sends on; the next round follows."""
LOOK_AGAIN = timedelta(hours=1)
WATCHED = timedelta(days=30)
GONE = "Nội dung đã hết hạn lưu trên trục trước khi chuyển được."
KNOWN_THERE = "Trục cấp trên đã có gói tin này."
NAMED = frozenset({Diagnosis.RECEIVER_UNKNOWN, Diagnosis.RECEIVER_LOCKED})
FOREIGN = frozenset({Diagnosis.SENDER_UNKNOWN, Diagnosis.SENDER_MISMATCH})
_CODE = re.compile(r"[0-9A-Za-z.]+")


@dataclass(slots=True)
class PassedOn:
    """What one round did: messages sent on, parcels settled, messages taken over, reports told."""

    sent: int = 0
    settled: int = 0
    taken: int = 0
    told: int = 0
    trouble: str = ""


@steps("each message is sent and noted by itself; nothing of it is an act of a person")
def pass_on(*, now: datetime) -> PassedOn | None:
    """One round with the axis above; None where there is none."""
    settings = upstream()
    if settings is None:
        return None
    clock = Elapsing(now)
    gateway, done = Gateway(settings, clock=clock), PassedOn()
    try:
        done.sent = _send_on(gateway, clock)
        done.settled = _look_after(gateway, clock)
        done.taken = take_over(gateway, clock=clock)
        done.told = report_back(gateway, clock=clock)
    except LineTrouble as trouble:
        done.trouble = str(trouble.diagnosis)
        _note_line(trouble, clock())
    return done


def _note_line(trouble: LineTrouble, now: datetime) -> None:
    """That the axis above was out of reach; once an hour for each reason."""
    told = AxisEvent.objects.filter(
        message_id="", kind=EventKind.FORWARD_FAILED, outcome=trouble.diagnosis.value[:20]
    )
    if not told.filter(at__gt=now - LOOK_AGAIN).exists():
        _tell(None, "", EventKind.FORWARD_FAILED, trouble.diagnosis, trouble.detail, now)


def _send_on(gateway: Gateway, clock: Elapsing) -> int:
    due = Parcel.objects.filter(route=Route.FORWARD, state=ParcelState.INITIAL, next_at__lte=clock())
    ids = dict.fromkeys(due.order_by("next_at", "doc_id").values_list("message_id", flat=True)[: AT_ONCE * 5])
    return sum(_send_message(gateway, message_id, clock) for message_id in list(ids)[:AT_ONCE])


def _send_message(gateway: Gateway, message_id: str, clock: Elapsing, *, introduced: bool = False) -> int:
    parcels = _claimed(message_id, clock(), gateway.line.timeout * 2)
    if not parcels:
        return 0
    message = parcels[0].message
    data = bytes_of(message.pk)
    if data is None:
        _settle(parcels, ParcelState.FAIL, GONE, clock())
        return 0
    try:
        upstream_id = _found_there(gateway, message, parcels) or gateway.send(
            message.kind, data, sender=message.sender_code, to=_restriction(message, parcels)
        )
    except LineTrouble as trouble:
        if trouble.diagnosis in FOREIGN and not introduced and introduce(gateway, message.sender_code):
            # The sender is one of ours that the axis above had not heard of.
            return _again(gateway, parcels, clock, introduced=True)
        return _not_sent(gateway, parcels, trouble, clock)
    _note_sent(parcels, upstream_id, clock())
    return 1


def _claimed(message_id: str, now: datetime, lasting: timedelta) -> list[Parcel]:
    """The parcels of a message that are ours to send for a while; the attempt counts before it is made."""
    with transaction.atomic():
        due = Parcel.objects.select_for_update(of=("self",)).filter(
            message_id=message_id, route=Route.FORWARD, state=ParcelState.INITIAL, next_at__lte=now
        )
        parcels = list(due.select_related("message").order_by("doc_id"))
        for parcel in parcels:
            parcel.attempts, parcel.next_at = parcel.attempts + 1, now + lasting
            parcel.save(update_fields=["attempts", "next_at"])
    return parcels


def _restriction(message: Message, parcels: Sequence[Parcel]) -> str:
    """The header `to`: needed where the file also names others, whom this axis serves itself."""
    if message.kind == MessageKind.STATUS or message.parcels.count() == len(parcels):
        return ""
    return ",".join(parcel.to_code for parcel in parcels)


def _found_there(gateway: Gateway, message: Message, parcels: Sequence[Parcel]) -> str:
    """The id of the message on the axis above if an earlier attempt reached it after all.

    Only new documents can be told by what the list shows; everything else is sent again as it is.
    """
    if message.kind != MessageKind.EDOC or message.business or parcels[0].attempts == 1:
        return ""
    wanted = {parcel.to_code for parcel in parcels}
    for item in gateway.sent(message.kind):
        same = (item.notation, item.title, item.sender) == (
            message.notation,
            message.title,
            message.sender_code,
        )
        if same and item.receiver in wanted:
            return item.doc_id
    return ""


def _note_sent(parcels: Sequence[Parcel], upstream_id: str, now: datetime) -> None:
    if not upstream_id:
        _settle(parcels, ParcelState.DONE, KNOWN_THERE, now)
        return
    with transaction.atomic():
        for parcel in parcels:
            parcel.upstream_id, parcel.state = upstream_id, ParcelState.PROCESSING
            parcel.fetched_at, parcel.updated_at, parcel.next_at = now, now, now
            parcel.save(update_fields=["upstream_id", "state", "fetched_at", "updated_at", "next_at"])
            _tell(parcel, "sendEdoc", EventKind.FORWARDED, "0", upstream_id, now)


def _not_sent(gateway: Gateway, parcels: Sequence[Parcel], trouble: LineTrouble, clock: Elapsing) -> int:
    """Wait and try again; or settle those that the axis above will never take, and send the others at once."""
    if trouble.kind is not Kind.PERMANENT:
        _wait(gateway, parcels, trouble, clock())
        return 0
    named = (
        set(_CODE.findall(trouble.answer.text)) if trouble.answer and trouble.diagnosis in NAMED else set()
    )
    refused = [parcel for parcel in parcels if parcel.to_code in named] or list(parcels)
    _settle(refused, ParcelState.FAIL, trouble.detail, clock())
    left = [parcel for parcel in parcels if parcel not in refused]
    return _again(gateway, left, clock, introduced=True) if left else 0


def _again(gateway: Gateway, parcels: Sequence[Parcel], clock: Elapsing, *, introduced: bool) -> int:
    Parcel.objects.filter(pk__in=[parcel.pk for parcel in parcels]).update(next_at=clock())
    return _send_message(gateway, parcels[0].message_id, clock, introduced=introduced)


def _wait(gateway: Gateway, parcels: Sequence[Parcel], trouble: LineTrouble, now: datetime) -> None:
    with transaction.atomic():
        for parcel in parcels:
            wait = gateway.line.wait_after(parcel.attempts) or gateway.line.backoff[-1]
            Parcel.objects.filter(pk=parcel.pk).update(next_at=now + wait)
            _tell(parcel, "sendEdoc", EventKind.FORWARD_FAILED, trouble.diagnosis, trouble.detail, now)


def _look_after(gateway: Gateway, clock: Elapsing) -> int:
    """Bring the states of what was sent on back to those who sent it; the longer it takes, the rarer we ask."""
    due = Parcel.objects.filter(
        route=Route.FORWARD, state=ParcelState.PROCESSING, next_at__lte=clock(), upstream_id__gt=""
    )
    by_id: dict[str, list[Parcel]] = {}
    for parcel in due.order_by("next_at")[: AT_ONCE * 5]:
        by_id.setdefault(parcel.upstream_id, []).append(parcel)
    return sum(_look(gateway, parcels, clock) for parcels in list(by_id.values())[:AT_ONCE])


def _look(gateway: Gateway, parcels: Sequence[Parcel], clock: Elapsing) -> int:
    items = {item.receiver: item for item in gateway.sent(parcels[0].kind, parcels[0].upstream_id)}
    settled = 0
    for parcel in parcels:
        item = items.get(parcel.to_code)
        state = item.receive_status.upper() if item else ""
        if item and state in {ParcelState.DONE, ParcelState.FAIL}:
            _settle([parcel], ParcelState(state), item.receive_text, clock())
            settled += 1
        else:
            _ask_later(parcel, gateway.line.poll, clock())
    return settled


def _ask_later(parcel: Parcel, poll: timedelta, now: datetime) -> None:
    since = now - (parcel.fetched_at or parcel.created_at)
    wait = min(max(since / 4, poll), LOOK_AGAIN)
    Parcel.objects.filter(pk=parcel.pk).update(next_at=now + wait if since < WATCHED else None)


def _settle(parcels: Sequence[Parcel], state: ParcelState, words: str, now: datetime) -> None:
    """What became of parcels on the axis above; their sender reads it in getSentEdocList."""
    with transaction.atomic():
        for parcel in parcels:
            parcel.state, parcel.description, parcel.next_at = state, words[:500], None
            parcel.updated_at = parcel.settled_at = now
            parcel.save(update_fields=["state", "description", "next_at", "updated_at", "settled_at"])
            _tell(parcel, "getSentEdocList", EventKind.SETTLED, state, words, now)


def _tell(
    parcel: Parcel | None, call: str, kind: EventKind, outcome: str, detail: str, now: datetime
) -> None:
    AxisEvent.objects.create(
        at=now,
        kind=kind,
        message_id=parcel.message_id if parcel else "",
        parcel_id=parcel.pk if parcel else "",
        system_code=ABOVE_NAME,
        call=call,
        outcome=str(outcome)[:20],
        detail=detail[:500],
    )
