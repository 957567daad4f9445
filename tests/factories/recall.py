"""Documents that were sent and are asked back, revoked or replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from tests.cast import Agency, Cast
from tests.conftest import FIXED_NOW
from tests.factories.registry import an_issued_document
from tests.factories.routing import a_direction, officer_task, unit_task
from vanthu.documents.rules.kinds import Concern, RelationKind
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import Arrival, Delivery, Demand
from vanthu.exchange.operations import RecallOrder
from vanthu.foundation import worker
from vanthu.registry import operations as registry
from vanthu.registry.operations import RegistrationOrder
from vanthu.routing import operations as routing


class Stage(IntEnum):
    """How far the receiver has come."""

    ARRIVED = 0
    ACCEPTED = 1
    REGISTERED = 2
    SUBMITTED = 3
    DIRECTED = 4
    ASSIGNED = 5
    STARTED = 6
    REPORTED = 7
    COMPLETED = 8


@dataclass(frozen=True)
class Sent:
    """One document of A and what B has of it."""

    sent_id: int
    received_id: int

    @property
    def delivery(self) -> Delivery:
        return Delivery.objects.get(document_id=self.sent_id)

    @property
    def demand(self) -> Demand:
        return Demand.objects.get(arrival__document_id=self.received_id)


def run(now: datetime = FIXED_NOW) -> None:
    """Let the workers do what is due."""
    worker.run_all(now=lambda: now)


def received_of(sent_id: int, code: str) -> int:
    """The record that a receiver has of a document sent to him."""
    message = Delivery.objects.get(document_id=sent_id, recipient_code=code).message_id
    found = Arrival.objects.get(message_id=message, recipient_code=code).document_id
    assert found is not None
    return int(found)


def a_sent_document(cast: Cast, *, stage: Stage = Stage.ARRIVED, now: datetime = FIXED_NOW) -> Sent:
    """The plain letter of A, arrived at B, who has come as far as `stage` with it."""
    sent_id = an_issued_document(cast)
    run(now)
    received_id = received_of(sent_id, cast.b.code)
    play(cast.b, received_id, stage, now)
    run(now)
    return Sent(sent_id, received_id)


def play(receiver: Agency, document_id: int, stage: Stage, now: datetime = FIXED_NOW) -> None:
    """Bring an arrival as far as `stage`."""
    for step in list(Stage)[1 : stage + 1]:
        _STEPS[step](receiver, document_id, now)


def _accept(receiver: Agency, document_id: int, now: datetime) -> None:
    registry.accept_arrival(actor=receiver.clerk, document_id=document_id, now=now)


def _register(receiver: Agency, document_id: int, now: datetime) -> None:
    order = RegistrationOrder()
    registry.register_arrival(actor=receiver.clerk, document_id=document_id, order=order, now=now)


def _submit(receiver: Agency, document_id: int, now: datetime) -> None:
    leader = receiver.leader.post_id
    assert leader is not None
    registry.submit_incoming(actor=receiver.clerk, document_id=document_id, leader_post_id=leader, now=now)


def _direct(receiver: Agency, document_id: int, now: datetime) -> None:
    order = a_direction(receiver, cooperating_unit_ids=(receiver.partner_unit.id,))
    routing.direct_and_assign(actor=receiver.leader, document_id=document_id, order=order, now=now)


def _assign(receiver: Agency, document_id: int, now: datetime) -> None:
    assert receiver.officer.post_id is not None
    routing.sub_assign(
        actor=receiver.head,
        assignment_id=unit_task(document_id).id,
        post_id=receiver.officer.post_id,
        now=now,
    )


def _start(receiver: Agency, document_id: int, now: datetime) -> None:
    routing.start_work(actor=receiver.officer, assignment_id=officer_task(document_id).id, now=now)


def _report(receiver: Agency, document_id: int, now: datetime) -> None:
    task = officer_task(document_id).id
    routing.submit_result(actor=receiver.officer, assignment_id=task, result="Đã làm xong.", now=now)


def _complete(receiver: Agency, document_id: int, now: datetime) -> None:
    task = officer_task(document_id).id
    routing.complete_task(actor=receiver.head, assignment_id=task, waive=True, now=now)


_STEPS = {
    Stage.ACCEPTED: _accept,
    Stage.REGISTERED: _register,
    Stage.SUBMITTED: _submit,
    Stage.DIRECTED: _direct,
    Stage.ASSIGNED: _assign,
    Stage.STARTED: _start,
    Stage.REPORTED: _report,
    Stage.COMPLETED: _complete,
}


def an_order(cast: Cast, sent_id: int, *receivers: Agency, reason: str = "Gửi nhầm nơi nhận") -> RecallOrder:
    """A's leader lets the clerk ask these receivers (none named: everybody)."""
    rows = Delivery.objects.filter(document_id=sent_id)
    if receivers:
        rows = rows.filter(recipient_code__in=[row.code for row in receivers])
    return RecallOrder(tuple(rows.values_list("pk", flat=True)), reason, cast.a.leader.post_id)


def ask_back(cast: Cast, sent_id: int, *, now: datetime = FIXED_NOW) -> None:
    exchange.ask_back(actor=cast.a.clerk, document_id=sent_id, order=an_order(cast, sent_id), now=now)
    run(now)


def a_notice(
    cast: Cast,
    sent_id: int,
    *,
    kind: RelationKind = RelationKind.REVOKES,
    to: tuple[str, ...] | None = None,
    now: datetime = FIXED_NOW,
) -> int:
    """A document of A that revokes (or replaces) another one, issued."""
    changes = {} if to is None else {"to": to}
    concern = Concern(kind, sent_id)
    return an_issued_document(cast, now=now, subject="thu hồi văn bản", concern=concern, **changes)
