"""A packet's way to the axis: claim, look where the outcome is unknown, call, record; each step committed on its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from vanthu.documents.queries import record_of
from vanthu.edxml.message import Business
from vanthu.exchange.channels.vxp.client import Gateway, LineTrouble
from vanthu.exchange.channels.vxp.settings import line
from vanthu.exchange.models import Ask, Delivery, Packet, PacketKind, PacketState, StatusOut, StatusState
from vanthu.exchange.operations.failing import UNSENT, alarm, all_clear
from vanthu.exchange.operations.line import NoLine, open_line
from vanthu.exchange.operations.posting import remind
from vanthu.exchange.operations.recall import alarm_of, show_recall
from vanthu.exchange.rules.carrying import FOR_ONE_RECEIVER, Sought, after_trouble, find_sent
from vanthu.exchange.rules.diagnoses import WORDS, Diagnosis, Kind
from vanthu.exchange.rules.recall import after_answer
from vanthu.exchange.rules.resending import TAKEN_FOR_ANOTHER
from vanthu.exchange.rules.states import AskMove, AskState
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation import jobs
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import nothing_changed, operation, record, steps, unit_of_work
from vanthu.foundation.refusals import spoken
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import agency

OPEN = (PacketState.TO_SEND, PacketState.SENDING, PacketState.UNKNOWN)
WAITING = (*UNSENT, DeliveryState.FAILED)
SLOW = 256 * 1024
"""Bytes a second at which a packet is still being sent, before it is taken for one whose worker died."""
NO_LINE_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to try a packet once. `must_ask`: an earlier try may have brought it to the axis.

    `is_answered`: a receiver has answered, so it is there; `is_wanted`: somebody still waits for it.
    """

    packet_id: int
    agency_id: int
    sender: str
    kind: PacketKind
    sha256: str
    attempt: int
    must_ask: bool
    is_answered: bool
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stood against a try, in words for a person."""

    code: str
    kind: Kind
    said: str
    detail: str = ""
    """What the axis said itself."""


@steps("claim, call, record in three short steps: never a transaction over the line (architecture.md §2.5)")
def send_packet(*, packet_id: int, now: datetime) -> None:
    """Try to bring one packet to the axis; nothing where it is there or was given up.

    A worker that dies at any line leaves a packet that the next one takes up: it asks the axis before it sends again.
    """
    claim = _claim(packet_id, now)
    if claim is None:
        return
    actor = system_actor(claim.agency_id)
    try:
        axis_id = _bring(claim, now)
    except NoLine:
        _put_off(actor=actor, packet_id=packet_id, must_ask=claim.must_ask, now=now)
    except LineTrouble as trouble:
        found = Trouble(trouble.diagnosis, trouble.kind, words_for(trouble.diagnosis), trouble.detail)
        _record_trouble(actor=actor, claim=claim, trouble=found, now=now)
    except NotTaken as refusal:
        found = Trouble(refusal.code, Kind.PERMANENT, str(spoken(refusal.violations[0])))
        _record_trouble(actor=actor, claim=claim, trouble=found, now=now)
    else:
        record_taken(actor=actor, packet_id=packet_id, axis_id=axis_id, now=now)


class NotTaken(NotReady):
    """The packet will not be taken, or need not be: a person has the last word."""


def _bring(claim: Claim, now: datetime) -> str:
    """The axis' id of the packet, empty where it only says that it has it. Raises `LineTrouble`, `NotTaken`."""
    if claim.is_answered:
        return ""
    gateway = open_line(now=now, packet_id=claim.packet_id)
    if claim.must_ask and (found := _sought(claim, gateway)):
        return found
    if not claim.is_wanted:
        raise NotTaken([Violation("exchange.packet.unwanted")])
    axis_id = gateway.send(claim.kind, blobs().read(claim.sha256), sender=claim.sender)
    if axis_id or claim.must_ask or _is_only_one(claim.packet_id):
        return axis_id
    raise NotTaken([Violation(TAKEN_FOR_ANOTHER)])


def _claim(packet_id: int, now: datetime) -> Claim | None:
    """Mark the packet as being sent; what a killed worker left so is taken up as unknown."""
    with unit_of_work():
        row = load_locked(Packet.objects.all(), pk=packet_id)
        if row.state not in OPEN or _waits(row, now):
            return None
        must_ask = row.state != PacketState.TO_SEND
        row.state, row.attempts = PacketState.SENDING, row.attempts + 1
        row.next_at = now + _patience(row.size)
        row.save(update_fields=["state", "attempts", "next_at"])
        mine = Delivery.objects.filter(packet=row)
        states = set(mine.values_list("state", flat=True))
        mine.filter(state__in=UNSENT).update(state=DeliveryState.SENDING)
        mine.filter(state__in=WAITING).update(attempts=F("attempts") + 1, next_at=None)
        return Claim(
            row.pk,
            row.agency_id,
            agency(row.agency_id).code,
            PacketKind(row.kind),
            row.sha256,
            row.attempts,
            must_ask,
            is_answered=bool(states - {*WAITING, DeliveryState.PAPER, DeliveryState.SENT}),
            is_wanted=not states or bool(states & set(WAITING)),
        )


def _patience(size: int) -> timedelta:
    """How long a try may take before the packet counts as left behind by its worker."""
    the_line = line()
    if the_line is None:
        return NO_LINE_WAIT
    return 2 * the_line.timeout + _first_wait() + timedelta(seconds=size / SLOW)


def _waits(row: Packet, now: datetime) -> bool:
    """Whether the packet's turn has not come; it is reminded of for when it may have."""
    if row.next_at is not None and row.next_at > now:
        remind(row, now=now, run_at=row.next_at)
        return True
    ahead = Packet.objects.filter(
        agency_id=row.agency_id,
        kind=row.kind,
        edxml_document_id=row.edxml_document_id,
        pk__lt=row.pk,
        state__in=OPEN,
    ).first()
    if ahead is None:
        return False
    # Settling the one ahead wakes this one; the reminder stands for the moment between two transactions.
    remind(row, now=now, run_at=max(now + _first_wait(), ahead.next_at or now))
    return True


def _first_wait() -> timedelta:
    the_line = line()
    return the_line.backoff[0] if the_line and the_line.backoff else NO_LINE_WAIT


def _sought(claim: Claim, gateway: Gateway) -> str:
    """The axis' id of a packet that may have come there; empty: not there, or the list can't tell."""
    row = Packet.objects.get(pk=claim.packet_id)
    if row.kind == PacketKind.STATUS or row.document_id is None:
        return ""  # the list does not tell statuses apart; one that is sent twice is taken in once
    siblings = Packet.objects.filter(agency_id=row.agency_id, edxml_document_id=row.edxml_document_id)
    siblings = siblings.filter(kind=row.kind, state=PacketState.TAKEN).exclude(pk=row.pk)
    known = list(siblings.values_list("axis_id", flat=True))
    if not all(known):
        return ""  # an entry could be that of a packet whose id we were never told
    card = record_of(row.document_id)
    receivers = Delivery.objects.filter(packet=row).values_list("recipient_code", flat=True)
    sought = Sought(claim.sender, frozenset(receivers), card.full_number, card.subject, frozenset(known))
    return find_sent(sought, gateway.sent(claim.kind))


def _is_only_one(packet_id: int) -> bool:
    """An answer of having it already, to a first try is believed only where no other packet carries the same document."""
    row = Packet.objects.get(pk=packet_id)
    if row.kind == PacketKind.STATUS or row.business != Business.NEW:
        return True
    same = Packet.objects.filter(
        kind=row.kind, edxml_document_id=row.edxml_document_id, business=row.business
    )
    return not same.exclude(pk=row.pk).exists()


@operation("exchange.packet.taken")
def record_taken(*, actor: Actor, packet_id: int, axis_id: str, now: datetime) -> None:
    """The axis has the packet: its deliveries are on their way, its statuses told, the next of the document goes."""
    row = load_locked(Packet.objects.all(), pk=packet_id)
    if row.state == PacketState.TAKEN:
        nothing_changed()
        return
    had_trouble = bool(row.error_code)
    row.state, row.axis_id, row.taken_at, row.next_at = PacketState.TAKEN, axis_id, now, None
    row.error_code, row.last_error = "", ""
    row.save(update_fields=["state", "axis_id", "taken_at", "next_at", "error_code", "last_error"])
    sent = Delivery.objects.filter(packet=row, state__in=WAITING).update(
        state=DeliveryState.SENT, sent_at=now, next_at=None, last_error="", is_acknowledged=True
    )
    StatusOut.objects.filter(packet=row, state=StatusState.DUE).update(state=StatusState.SENT)
    record(
        ObjectRef.of("exchange.packet", row.pk),
        agency_id=row.agency_id,
        document=row.document_id,
        axis_id=axis_id,
        attempts=row.attempts,
        sent=sent,
    )
    if had_trouble and row.document_id is not None:
        all_clear(row.document_id, row.agency_id, now)
    if sent and (minutes := settings.VANTHU_LINE_WATCH_MINUTES):
        later = now + timedelta(minutes=minutes)
        jobs.named("exchange.watch_packet").enqueue(now=now, run_at=later, packet_id=row.pk)
    _wake_next(row, now)


def _wake_next(row: Packet, now: datetime) -> None:
    following = Packet.objects.filter(
        agency_id=row.agency_id,
        kind=row.kind,
        edxml_document_id=row.edxml_document_id,
        pk__gt=row.pk,
        state=PacketState.TO_SEND,
        next_at=None,
    )
    after = following.order_by("pk").first()
    if after is not None:
        remind(after, now=now)


@operation("exchange.packet.trouble")
def _record_trouble(*, actor: Actor, claim: Claim, trouble: Trouble, now: datetime) -> None:
    """What went wrong, when it is tried again; a person is told when waiting does not help (b.3: LOI_GUI)."""
    row = load_locked(Packet.objects.all(), pk=claim.packet_id)
    if row.state != PacketState.SENDING or row.attempts != claim.attempt:
        nothing_changed()  # somebody took it over, or it arrived meanwhile
        return
    the_line = line()
    follows = after_trouble(
        trouble.kind,
        attempt=claim.attempt,
        must_ask=claim.must_ask,
        backoff=the_line.backoff if the_line else (NO_LINE_WAIT,),
    )
    if follows.wait is None:
        row.state, row.next_at = PacketState.FAILED, None
    else:
        row.state = PacketState.UNKNOWN if follows.must_ask else PacketState.TO_SEND
        row.next_at = now + follows.wait
        remind(row, now=now, run_at=row.next_at)
    row.error_code, row.last_error = trouble.code[:60], trouble.said[:400]
    row.save(update_fields=["state", "next_at", "error_code", "last_error"])
    deliveries = Delivery.objects.filter(packet=row, state__in=WAITING)
    deliveries.filter(state=DeliveryState.SENDING).update(state=DeliveryState.TO_SEND)
    deliveries.update(next_at=row.next_at, last_error=row.last_error)
    if trouble.code in FOR_ONE_RECEIVER and deliveries.count() > 1:
        jobs.named("exchange.split_packet").enqueue(now=now, packet_id=row.pk, said=trouble.detail[:1000])
    elif follows.alarms:
        alarm(list(deliveries), trouble.said, now)
    record(
        ObjectRef.of("exchange.packet", row.pk),
        agency_id=row.agency_id,
        document=row.document_id,
        attempts=row.attempts,
        diagnosis=trouble.code,
        state=row.state,
    )
    if row.state == PacketState.FAILED:
        _tell_askers(row, trouble.said, now)
        _wake_next(row, now)


def _tell_askers(row: Packet, said: str, now: datetime) -> None:
    """What was asked back by a packet that nobody takes never reaches its receivers."""
    for ask in Ask.objects.filter(packet=row, state=AskState.SENT).select_related("delivery"):
        ask.state = after_answer(AskState(ask.state), AskMove.GIVE_UP)
        ask.answered_at, ask.answer = now, said[:500]
        ask.save(update_fields=["state", "answered_at", "answer"])
        show_recall(ask.delivery)
        alarm_of(ask.delivery, now)


def words_for(diagnosis: Diagnosis) -> str:
    """Cause and remedy, as a clerk reads them beside a receiver."""
    words = WORDS[diagnosis]
    return f"{words.cause} {words.remedy}"


@operation("exchange.packet.put-off")
def _put_off(*, actor: Actor, packet_id: int, must_ask: bool, now: datetime) -> None:
    """There is no line any more: the packet waits for one."""
    row = load_locked(Packet.objects.all(), pk=packet_id)
    row.state = PacketState.UNKNOWN if must_ask else PacketState.TO_SEND
    row.next_at, row.last_error = now + NO_LINE_WAIT, str(spoken(Violation("exchange.line.none")))[:400]
    row.save(update_fields=["state", "next_at", "last_error"])
    Delivery.objects.filter(packet=row, state=DeliveryState.SENDING).update(
        state=DeliveryState.TO_SEND, next_at=row.next_at, last_error=row.last_error
    )
    remind(row, now=now, run_at=row.next_at)
    record(ObjectRef.of("exchange.packet", row.pk), agency_id=row.agency_id, state=row.state)
