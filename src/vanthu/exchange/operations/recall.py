"""The sender's side: lấy lại, thu hồi, bớt nơi nhận. One row to each recipient, which `asking` sends.

Norm: NĐ30 Đ.18.3–4, PL VI (M17); QĐ28 Đ.9; decisions.md D27.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vanthu.documents.queries import record_of, require_visible, urgency_of
from vanthu.exchange.events import AskDeclined
from vanthu.exchange.models import Ask, Delivery
from vanthu.exchange.rules.recall import (
    NEVER_CAME,
    UNGRANTED,
    AskedRecipient,
    AskFacts,
    RecallState,
    after_answer,
    may_ask,
    recall_state,
    settled_by,
    unmet_for_asking,
)
from vanthu.exchange.rules.states import AskKind, AskMove, AskState
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.foundation import jobs
from vanthu.foundation.db import load_all_locked
from vanthu.foundation.operation import operation, publish, record
from vanthu.kernel.actor import LEADING, Actor
from vanthu.kernel.errors import NotReady, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import posts_with_role
from vanthu.registry.queries import outgoing_state
from vanthu.registry.rules.states import OutgoingState

KIND = "documents.document"
BATCH = 50
"""Asks per job."""


@dataclass(frozen=True, slots=True)
class RecallOrder:
    """Whom to ask, why, and at whose word: a post of those who lead."""

    delivery_ids: tuple[int, ...]
    reason: str
    leader_post_id: int | None


@operation("exchange.recall.ask")
def ask_back(*, actor: Actor, document_id: int, order: RecallOrder, now: datetime) -> int:
    """Lấy lại văn bản gửi nhầm: a 13 to each chosen recipient; how many. Norm: law.md (a) R1, b.3; D27.

    Refuses: not the clerk, not issued or ended already, nobody chosen, no reason, no leader, asked already.
    """
    return _order(actor, document_id, AskKind.TAKE_BACK, order, now)


@operation("exchange.recall.remove")
def remove_recipients(*, actor: Actor, document_id: int, order: RecallOrder, now: datetime) -> int:
    """Bớt nơi nhận: the chosen recipients cancel what they received (edXML type 2); how many. Refuses: as `ask_back`."""
    return _order(actor, document_id, AskKind.REMOVE, order, now)


def _order(actor: Actor, document_id: int, kind: AskKind, order: RecallOrder, now: datetime) -> int:
    require_visible(actor, document_id)
    agency_id = record_of(document_id).agency_id
    may_ask(actor, agency_id).or_refuse()
    if outgoing_state(document_id) is not OutgoingState.ISSUED:
        raise NotReady([Violation("exchange.recall.not-in-force")])
    chosen = Delivery.objects.filter(document_id=document_id, pk__in=order.delivery_ids)
    rows = (
        load_all_locked(Delivery, sorted(chosen.values_list("pk", flat=True))) if order.delivery_ids else []
    )
    word = word_of(agency_id, order.leader_post_id, now)
    refuse_if(unmet_for_asking(chosen=[_asked(row) for row in rows], reason=order.reason, ordered_by=word))
    _ask(rows, kind, order.reason.strip()[:500], word, None, now)
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=agency_id,
        kind=kind,
        ordered_by=word,
        recipients=[row.recipient_code for row in rows],
        reason=order.reason[:200],
    )
    return len(rows)


def word_of(agency_id: int, post_id: int | None, now: datetime) -> str:
    """Who of those who lead gave the word; empty for anybody else."""
    leaders = posts_with_role(agency_id, *sorted(LEADING), now=now)
    return next((f"{row.person_name}, {row.title}" for row in leaders if row.id == post_id), "")


def _asked(row: Delivery) -> AskedRecipient:
    return AskedRecipient(row.recipient_name, DeliveryState(row.state), RecallState(row.recall))


@operation("exchange.recall.revoke")
def revoke_deliveries(*, actor: Actor, document_id: int, notice_id: int, now: datetime) -> int:
    """Thu hồi: the notice goes to everybody who received the document by a wire; how many. Norm: NĐ30 Đ.18.4; D27.

    Called in the transaction that issues the notice. Recipients on paper are listed; their paper comes back by hand.
    """
    notice = record_of(notice_id)
    ids = Delivery.objects.filter(document_id=document_id).exclude(state__in=NEVER_CAME)
    rows = load_all_locked(Delivery, sorted(ids.values_list("pk", flat=True))) if ids.exists() else []
    word = f"{notice.signer_name}, {notice.signer_position}"
    _ask(
        rows,
        AskKind.REVOKE,
        f"Thông báo thu hồi số {notice.full_number}: {notice.subject}"[:500],
        word,
        notice_id,
        now,
    )
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=notice.agency_id,
        notice=notice_id,
        recipients=len(rows),
    )
    return len(rows)


def _ask(
    rows: Sequence[Delivery], kind: AskKind, reason: str, word: str, notice_id: int | None, now: datetime
) -> None:
    asks = Ask.objects.bulk_create(
        [
            Ask(
                delivery=row,
                agency_id=row.agency_id,
                message_id=str(uuid.uuid4()),
                kind=kind,
                reason=reason,
                ordered_by=word[:200],
                notice_id=notice_id,
                asked_at=now,
            )
            for row in rows
        ],
        batch_size=500,
    )
    for row in rows:
        show_recall(row)
    ids = [ask.pk for ask in asks]
    batches = [{"ask_ids": ids[start : start + BATCH]} for start in range(0, len(ids), BATCH)]
    jobs.named("exchange.send_asks").enqueue_many(batches, now=now, priority=20)


def _facts(delivery: Delivery) -> list[AskFacts]:
    rows = Ask.objects.filter(delivery=delivery).order_by("id").values_list("pk", "kind", "state")
    return [AskFacts(pk, AskKind(kind), AskState(state)) for pk, kind, state in rows]


def show_recall(delivery: Delivery) -> None:
    """What the recipient's line says follows from everything that was asked of it."""
    delivery.recall = recall_state(_facts(delivery))
    delivery.save(update_fields=["recall"])


def settle_asks(delivery: Delivery, code: StatusCode, description: str, now: datetime) -> None:
    """Inside the act that takes a status in, the delivery locked: what 15 or 16 settles (D25: own transitions)."""
    moves = settled_by(_facts(delivery), code)
    for ask_id, move in moves:
        ask = Ask.objects.get(pk=ask_id)
        ask.state = after_answer(AskState(ask.state), move)
        ask.answered_at, ask.answer = now, description[:500]
        ask.save(update_fields=["state", "answered_at", "answer"])
    if moves:
        show_recall(delivery)
    if any(move is AskMove.DECLINE for _, move in moves):
        alarm_of(delivery, now)


def alarm_of(delivery: Delivery, now: datetime) -> None:
    urgency = urgency_of(delivery.document_id)
    publish(AskDeclined(delivery.document_id, delivery.agency_id, urgency, now))


def acknowledge_declined(document_id: int) -> int:
    """Inside the clerk's act: he has taken note of who keeps what was asked back; how many."""
    kept = Ask.objects.filter(delivery__document_id=document_id, state__in=UNGRANTED, is_acknowledged=False)
    return kept.update(is_acknowledged=True)
