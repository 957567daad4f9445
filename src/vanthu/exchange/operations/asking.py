"""Carrying what is asked back: look whether the document itself is out, call the line, record; repeated until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from vanthu.documents.queries import record_of
from vanthu.edxml.message import Business, BusinessInfo, Organization, Receiver
from vanthu.exchange.channel import Envelope, Outcome, Receipt, StatusMessage
from vanthu.exchange.channels import VXP, channel, status_line
from vanthu.exchange.models import Ask
from vanthu.exchange.operations.posting import post_business
from vanthu.exchange.operations.recall import alarm_of, show_recall
from vanthu.exchange.operations.send import envelope_of
from vanthu.exchange.rules.recall import NEVER_CAME, after_answer
from vanthu.exchange.rules.states import AskKind, AskMove, AskState
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.foundation import jobs
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.foundation.refusals import spoken
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.errors import Violation
from vanthu.kernel.refs import ObjectRef

PATIENCE = timedelta(hours=2)
"""The job that was made with an ask tries for so long."""
MOST = 500
NOT_OUT = (DeliveryState.TO_SEND, DeliveryState.SENDING)


class NotOutYet(Exception):
    """The document itself is still on its way out: what is asked back about it follows it."""


@steps("calls the line for what is owed, then records each by one act; what is asked twice is taken in once")
def send_asks(*, ask_ids: Sequence[int], now: datetime) -> None:
    """Send what is still owed of these asks. Trouble on the line is raised and the job retries."""
    trouble: list[Exception] = []
    rows = Ask.objects.filter(pk__in=ask_ids, state=AskState.DUE).select_related("delivery").order_by("id")
    for group in _together([row for row in rows if not _never_came(row, now)]):
        try:
            _send(group, now)
        except Exception as error:  # the line may fail in any way; the asks stay owed and are retried
            trouble.append(error)
    if trouble:
        raise trouble[0]


def _never_came(ask: Ask, now: datetime) -> bool:
    """What never reached a recipient by a wire need not be asked back."""
    if ask.delivery.state not in NEVER_CAME:
        return False
    why = Violation("exchange.recall.never-came")
    _give_up(actor=system_actor(ask.agency_id), ask_id=ask.pk, why=why, is_trouble=False, now=now)
    return True


def _together(rows: Sequence[Ask]) -> list[list[Ask]]:
    """What one message may say to several recipients: a revocation over the axis. Everything else goes one by one."""
    shared = [row for row in rows if row.delivery.channel == VXP and row.kind == AskKind.REVOKE]
    out = [row for row in shared if row.delivery.state not in NOT_OUT]
    singles = [[row] for row in rows if row not in out]
    return [out, *singles] if out else singles


def _send(asks: Sequence[Ask], now: datetime) -> None:
    first, delivery = asks[0], asks[0].delivery
    actor = system_actor(first.agency_id)
    if delivery.state in NOT_OUT:
        raise NotOutYet(first.pk)
    if first.kind == AskKind.TAKE_BACK:
        packets = status_line(delivery.channel).send_status(_thirteen(first), now=now)
        _mark_sent(actor=actor, ask_ids=[first.pk], packet_id=next(iter(packets), None), now=now)
    elif delivery.channel == VXP:
        package = _package(first)
        packet_id = post_business(
            document_id=delivery.document_id,
            business=package.business,
            recipients=[
                Organization(ask.delivery.recipient_code, ask.delivery.recipient_name) for ask in asks
            ],
            enclosed=package.files,
            at=first.asked_at,
            now=now,
        )
        _mark_sent(actor=actor, ask_ids=[ask.pk for ask in asks], packet_id=packet_id, now=now)
    else:
        receipt = channel(delivery.channel).send(_package(first), now=now)
        if receipt.outcome is Outcome.REFUSED:
            _give_up(actor=actor, ask_id=first.pk, why=_said(receipt), is_trouble=True, now=now)
        else:
            _mark_sent(actor=actor, ask_ids=[first.pk], packet_id=None, now=now)


def _said(receipt: Receipt) -> Violation:
    return Violation(receipt.code, receipt.details)


def _thirteen(ask: Ask) -> StatusMessage:
    """13 goes from the sender to the receiver (edxml.md §4); equal by document, receiver, code and time."""
    sender = record_of(ask.delivery.document_id).issuer_code
    return StatusMessage(
        ask.delivery.message_id,
        sender,
        ask.delivery.recipient_code,
        StatusCode.TAKE_BACK,
        ask.reason,
        ask.asked_at,
    )


def _package(ask: Ask) -> Envelope:
    """Type 1 with the notice enclosed, or type 2 that strikes a receiver out: about the document, without its content."""
    about = envelope_of(ask.delivery.document_id)
    notice = envelope_of(ask.notice_id) if ask.notice_id else None
    return replace(
        about,
        message_id=ask.message_id,
        recipient_code=ask.delivery.recipient_code,
        files=notice.files if notice else (),
        page_count=notice.page_count if notice else 0,
        business=_business(ask, about.document_id),
    )


def _business(ask: Ask, document_id: str) -> BusinessInfo:
    if ask.kind == AskKind.REVOKE:
        return BusinessInfo(Business.REVOKE, ask.reason, document_id)
    struck = (Receiver(ask.delivery.recipient_code, is_added=False),)
    return BusinessInfo(
        Business.UPDATE,
        ask.reason,
        document_id,
        content_changed=False,
        receivers_changed=True,
        receivers=struck,
    )


@operation("exchange.ask.sent")
def _mark_sent(*, actor: Actor, ask_ids: Sequence[int], packet_id: int | None, now: datetime) -> None:
    """Nothing where the answer has come before the receipt."""
    rows = Ask.objects.filter(pk__in=ask_ids)
    rows.filter(packet=None).update(packet=packet_id)
    changed = rows.filter(state=AskState.DUE).update(state=AskState.SENT)
    if not changed:
        nothing_changed()
        return
    record(ObjectRef.of("exchange.ask", ask_ids[0]), agency_id=actor.agency_id, sent=changed)


@operation("exchange.ask.give-up")
def _give_up(*, actor: Actor, ask_id: int, why: Violation, is_trouble: bool, now: datetime) -> None:
    ask = load_locked(Ask.objects.select_related("delivery"), pk=ask_id)
    if ask.state != AskState.DUE:
        nothing_changed()
        return
    ask.state = after_answer(AskState.DUE, AskMove.GIVE_UP)
    ask.answered_at, ask.answer, ask.is_acknowledged = now, str(spoken(why))[:500], not is_trouble
    ask.save(update_fields=["state", "answered_at", "answer", "is_acknowledged"])
    show_recall(ask.delivery)
    record(ObjectRef.of("exchange.ask", ask_id), agency_id=ask.agency_id, why=why.code)
    if is_trouble:
        alarm_of(ask.delivery, now)


@operation("exchange.ask.remind")
def remind_of_asks(*, actor: Actor, now: datetime) -> int:
    """Owe the sending of asks anew whose job gave up while the line was down; how many."""
    late = Ask.objects.filter(state=AskState.DUE, asked_at__lt=now - PATIENCE).order_by("id")
    ids = list(late.values_list("pk", flat=True)[:MOST])
    for ask_id in ids:
        jobs.named("exchange.send_asks").enqueue(
            now=now, key=f"ask:{ask_id}@{now:%Y-%m-%d %H}", ask_ids=[ask_id]
        )
    nothing_changed()
    return len(ids)
