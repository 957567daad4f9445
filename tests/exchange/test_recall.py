"""Lấy lại (13) and thu hồi (type 1) between two agencies of one installation: both sides, every state, any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.factories.recall import (
    Stage,
    a_notice,
    a_sent_document,
    an_order,
    ask_back,
    play,
    run,
)
from tests.factories.registry import an_issued_document
from tests.proof import audited, database_state, demand_true_counters, queues_with, refused
from vanthu.documents.queries import enclosures_of, ending_of, files_of
from vanthu.documents.rules.kinds import RelationKind
from vanthu.exchange import operations as exchange
from vanthu.exchange.channel import StatusMessage
from vanthu.exchange.models import Arrival, Ask, Delivery, Demand, StatusIn
from vanthu.exchange.operations import RecallOrder, receive_envelope, receive_status
from vanthu.exchange.operations.business import receive_take_back
from vanthu.exchange.queries import answers_sent
from vanthu.exchange.rules.recall import RecallState
from vanthu.exchange.rules.states import AskKind, AskState, DemandState
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.foundation.models import Job
from vanthu.kernel.errors import IllegalMove, NotPermitted, NotReady, NotVisible
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry.queries import incoming_card, incoming_state, outgoing_card
from vanthu.registry.rules.states import IncomingState, OutgoingState
from vanthu.routing import operations as routing
from vanthu.routing.queries import handling_card, tasks_of
from vanthu.routing.rules.states import CLOSED, State, TaskState


def agree(cast: Cast, document_id: int, now: datetime) -> None:
    demand = Demand.objects.filter(arrival__document_id=document_id, state=DemandState.OPEN).first()
    assert demand is not None
    exchange.agree_to_demand(actor=cast.b.clerk, document_id=document_id, demand_id=demand.pk, now=now)
    run(now)


def decline(cast: Cast, document_id: int, now: datetime, reason: str = "Đã có kết quả giải quyết") -> None:
    demand = Demand.objects.get(arrival__document_id=document_id, state=DemandState.OPEN)
    exchange.decline_demand(
        actor=cast.b.clerk, document_id=document_id, demand_id=demand.pk, reason=reason, now=now
    )
    run(now)


def codes_of(delivery: Delivery) -> list[str]:
    return list(StatusIn.objects.filter(delivery=delivery).order_by("id").values_list("code", flat=True))


@pytest.mark.parametrize("stage", Stage)
def test_a_document_asked_back_is_withdrawn_in_every_state(cast: Cast, now: datetime, stage: Stage) -> None:
    """D27: results stay, open tasks end, the sender is answered 15, the leader told."""
    sent = a_sent_document(cast, stage=stage)
    before = incoming_card(sent.received_id)
    files = files_of(sent.received_id)
    assert before is not None
    ask_back(cast, sent.sent_id)
    assert sent.delivery.recall == RecallState.TAKING_BACK
    assert Queue.TO_RECALL in queues_with(sent.received_id)

    agree(cast, sent.received_id, now)

    after = incoming_card(sent.received_id)
    assert after is not None
    assert (after.state, after.recalled_at) == (IncomingState.RECALLED, now)
    assert after.arrival_number == before.arrival_number
    assert files_of(sent.received_id) == files
    assert all(task.state in CLOSED for task in tasks_of(sent.received_id))
    assert answers_sent(sent.received_id)[-1].code == StatusCode.AGREED
    assert sent.delivery.recall == RecallState.TAKEN_BACK
    assert Ask.objects.get().state == AskState.AGREED
    told = {Queue.RECALLED} if stage >= Stage.SUBMITTED else set()
    assert queues_with(sent.received_id) == told
    demand_true_counters()


def test_results_of_completed_work_stay(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast, stage=Stage.COMPLETED)
    ask_back(cast, sent.sent_id)
    agree(cast, sent.received_id, now)
    handling = handling_card(sent.received_id)
    assert handling is not None
    assert (handling.state, handling.completed_at, handling.on_time) == (State.RECALLED, now, True)
    states = {task.state for task in tasks_of(sent.received_id)}
    assert states == {TaskState.APPROVED, TaskState.WAIVED}
    assert "Đã làm xong." in {task.result for task in tasks_of(sent.received_id)}
    assert codes_of(sent.delivery) == ["01", "03", "04", "05", "06", "15"]
    assert sent.delivery.state == DeliveryState.DONE


def test_the_leader_notes_that_it_was_taken_back(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast, stage=Stage.ASSIGNED)
    with refused("routing.handling.not-withdrawn", kind=NotReady):
        routing.note_withdrawal(actor=cast.b.leader, document_id=sent.received_id, now=now)
    ask_back(cast, sent.sent_id)
    agree(cast, sent.received_id, now)
    with refused("routing.handling.not-leader", kind=NotPermitted):
        routing.note_withdrawal(actor=cast.b.head, document_id=sent.received_id, now=now)
    routing.note_withdrawal(actor=cast.b.leader, document_id=sent.received_id, now=now)
    assert queues_with(sent.received_id) == set()
    demand_true_counters()


def test_a_declined_request_leaves_everything_and_tells_the_sender_why(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast, stage=Stage.ASSIGNED)
    desks = queues_with(sent.received_id)
    ask_back(cast, sent.sent_id)
    decline(cast, sent.received_id, now)
    assert incoming_state(sent.received_id) is IncomingState.SUBMITTED
    assert queues_with(sent.received_id) == desks
    assert (sent.delivery.recall, sent.delivery.state) == (RecallState.NONE, DeliveryState.ASSIGNED)
    ask = Ask.objects.get()
    assert (ask.state, ask.answer) == (AskState.DECLINED, "Đã có kết quả giải quyết")
    assert queues_with(sent.sent_id) == {Queue.REFUSED}

    exchange.acknowledge_refusals(actor=cast.a.clerk, document_id=sent.sent_id, now=now)
    assert queues_with(sent.sent_id) == set()
    with refused("exchange.delivery.not-refused", kind=NotReady):
        exchange.acknowledge_refusals(actor=cast.a.clerk, document_id=sent.sent_id, now=now)


def test_after_a_refusal_it_may_be_asked_again(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    ask_back(cast, sent.sent_id)
    decline(cast, sent.received_id, now)
    later = now + timedelta(minutes=5)
    ask_back(cast, sent.sent_id, now=later)
    agree(cast, sent.received_id, later)
    assert sent.delivery.recall == RecallState.TAKEN_BACK
    assert sorted(Ask.objects.values_list("state", flat=True)) == [AskState.AGREED, AskState.DECLINED]


def test_work_that_goes_on_while_a_request_is_open_shows_after_its_refusal(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    ask_back(cast, sent.sent_id)
    play(cast.b, sent.received_id, Stage.DIRECTED)
    run(now)
    assert sent.delivery.recall == RecallState.TAKING_BACK
    assert codes_of(sent.delivery) == ["01", "03", "04"]
    decline(cast, sent.received_id, now)
    assert (sent.delivery.recall, sent.delivery.state) == (RecallState.NONE, DeliveryState.ASSIGNED)


def test_a_request_crosses_the_acceptance(cast: Cast, now: datetime) -> None:
    """13 leaves before 03 comes back: both are kept, the answer decides."""
    sent = a_sent_document(cast)
    order = an_order(cast, sent.sent_id)
    exchange.ask_back(actor=cast.a.clerk, document_id=sent.sent_id, order=order, now=now)
    play(cast.b, sent.received_id, Stage.REGISTERED)
    run(now)
    assert (sent.delivery.state, sent.delivery.recall) == (DeliveryState.ACCEPTED, RecallState.TAKING_BACK)
    agree(cast, sent.received_id, now)
    assert (sent.delivery.state, sent.delivery.recall) == (DeliveryState.ACCEPTED, RecallState.TAKEN_BACK)


def test_the_notice_of_revocation_ends_the_document_and_goes_to_every_receiver(
    cast: Cast, now: datetime
) -> None:
    """NĐ30 Đ.18.4: Đã thu hồi at issue of the notice; the receiver carries it out and cannot decline."""
    sent = a_sent_document(cast, stage=Stage.STARTED)
    frozen = files_of(sent.sent_id)
    with audited() as log:
        notice = a_notice(cast, sent.sent_id)
    card = outgoing_card(sent.sent_id)
    assert card is not None
    assert (card.state, card.ended_at) == (OutgoingState.RECALLED, now)
    assert files_of(sent.sent_id) == frozen
    assert [(kind, other.id) for kind, other in ending_of(sent.sent_id).by] == [
        (RelationKind.REVOKES, notice)
    ]
    assert log.by("registry.outgoing.end").detail["by"] == notice
    assert sent.delivery.recall == RecallState.REVOKING

    run(now)
    assert sent.demand.kind == AskKind.REVOKE
    assert "Thông báo thu hồi số" in sent.demand.reason
    assert [file.name for file in enclosures_of(sent.received_id)]
    assert Queue.TO_RECALL in queues_with(sent.received_id)
    with refused("exchange.recall.not-to-decline", kind=NotReady):
        decline(cast, sent.received_id, now)

    agree(cast, sent.received_id, now)
    assert incoming_state(sent.received_id) is IncomingState.RECALLED
    assert sent.delivery.recall == RecallState.REVOKED
    assert Ask.objects.get().notice_id == notice


def test_a_revocation_of_what_was_refused_is_answered_at_once(cast: Cast, now: datetime) -> None:
    """Nothing lies there any more; nobody is asked, the sender hears 15 (D27)."""
    from vanthu.registry import operations as registry
    from vanthu.registry.rules.states import RefusalReason

    sent = a_sent_document(cast)
    registry.refuse_arrival(
        actor=cast.b.clerk,
        document_id=sent.received_id,
        reason=RefusalReason.WRONG_RECIPIENT,
        text="Không thuộc thẩm quyền",
        now=now,
    )
    run(now)
    a_notice(cast, sent.sent_id)
    run(now)
    assert incoming_state(sent.received_id) is IncomingState.REFUSED
    assert sent.demand.state == DemandState.AGREED
    assert Queue.TO_RECALL not in queues_with(sent.received_id)
    assert (sent.delivery.state, sent.delivery.recall) == (DeliveryState.REFUSED, RecallState.REVOKED)


def test_revoking_settles_what_was_asked_back_before(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    ask_back(cast, sent.sent_id)
    a_notice(cast, sent.sent_id)
    run(now)
    assert Demand.objects.filter(state=DemandState.OPEN).count() == 2
    agree(cast, sent.received_id, now)
    assert set(Demand.objects.values_list("state", flat=True)) == {DemandState.AGREED}
    assert set(Ask.objects.values_list("state", flat=True)) == {AskState.AGREED}
    assert sent.delivery.recall == RecallState.REVOKED
    demand_true_counters()


def test_an_ended_document_is_not_ended_again(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    a_notice(cast, sent.sent_id)
    with pytest.raises(NotReady) as refusal:
        a_notice(cast, sent.sent_id)
    assert refusal.value.code == "registry.outgoing.concern-not-issued"
    with refused("exchange.recall.not-in-force", kind=NotReady):
        exchange.ask_back(
            actor=cast.a.clerk, document_id=sent.sent_id, order=an_order(cast, sent.sent_id), now=now
        )


def test_asking_back_names_what_is_missing_all_at_once(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    empty = RecallOrder((), " ", None)
    codes = ("exchange.recall.nobody", "exchange.recall.order-missing", "exchange.recall.reason-missing")
    with refused(*codes, kind=NotReady):
        exchange.ask_back(actor=cast.a.clerk, document_id=sent.sent_id, order=empty, now=now)
    not_a_leader = replace(an_order(cast, sent.sent_id), leader_post_id=cast.a.officer.post_id)
    with refused("exchange.recall.order-missing", kind=NotReady):
        exchange.ask_back(actor=cast.a.clerk, document_id=sent.sent_id, order=not_a_leader, now=now)


def test_nobody_is_asked_twice_at_a_time(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    ask_back(cast, sent.sent_id)
    with refused("exchange.recall.asked-already", kind=NotReady):
        exchange.ask_back(
            actor=cast.a.clerk, document_id=sent.sent_id, order=an_order(cast, sent.sent_id), now=now
        )


def test_only_the_clerks_of_the_two_agencies_act(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast, stage=Stage.SUBMITTED)
    order = an_order(cast, sent.sent_id)
    with refused("registry.not-clerk", kind=NotPermitted):
        exchange.ask_back(actor=cast.a.officer, document_id=sent.sent_id, order=order, now=now)
    for stranger in (cast.b.clerk, cast.outsider, cast.city_admin):
        with refused("document.not-found", kind=NotVisible):
            exchange.ask_back(actor=stranger, document_id=sent.sent_id, order=order, now=now)
    ask_back(cast, sent.sent_id)
    demand = sent.demand.pk
    with refused("registry.not-clerk", kind=NotPermitted):
        exchange.agree_to_demand(actor=cast.b.leader, document_id=sent.received_id, demand_id=demand, now=now)
    for stranger in (cast.a.clerk, cast.outsider):
        with refused("document.not-found", kind=NotVisible):
            exchange.agree_to_demand(actor=stranger, document_id=sent.received_id, demand_id=demand, now=now)


def test_a_request_is_carried_out_once(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    ask_back(cast, sent.sent_id)
    demand = sent.demand.pk
    agree(cast, sent.received_id, now)
    with refused("exchange.demand.illegal-move", kind=IllegalMove):
        exchange.agree_to_demand(actor=cast.b.clerk, document_id=sent.received_id, demand_id=demand, now=now)


def test_a_refusal_of_a_request_needs_a_reason(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    ask_back(cast, sent.sent_id)
    with refused("exchange.recall.answer-missing", kind=NotReady):
        decline(cast, sent.received_id, now, reason=" ")


def test_a_13_that_comes_twice_is_taken_in_once(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    ask_back(cast, sent.sent_id)
    message = StatusMessage(
        sent.delivery.message_id, cast.a.code, cast.b.code, "13", "Gửi nhầm nơi nhận", now
    )
    before = database_state()
    with audited() as log:
        receive_take_back(message, now=now + timedelta(minutes=1))
    assert log.events == []
    assert database_state() == before


def test_a_13_that_overtakes_its_document_waits_for_it(cast: Cast, now: datetime) -> None:
    sent_id = an_issued_document(cast)
    delivery = Delivery.objects.get(document_id=sent_id)
    message = StatusMessage(delivery.message_id, cast.a.code, cast.b.code, "13", "Gửi nhầm", now)
    receive_take_back(message, now=now)
    assert Demand.objects.get().state == DemandState.PARKED
    run(now)
    demand = Demand.objects.get()
    assert demand.state == DemandState.OPEN
    assert demand.arrival is not None
    assert queues_with(demand.arrival.document_id or 0) == {Queue.TO_RECEIVE, Queue.TO_RECALL}


def test_what_is_asked_back_before_it_has_left_follows_the_document(cast: Cast, now: datetime) -> None:
    """The job waits until the document is out; nothing is lost and nothing overtakes."""
    sent_id = an_issued_document(cast)
    order = an_order(cast, sent_id)
    exchange.ask_back(actor=cast.a.clerk, document_id=sent_id, order=order, now=now)
    run(now)
    run(now + timedelta(minutes=1))
    delivery = Delivery.objects.get(document_id=sent_id)
    assert (delivery.state, delivery.recall) == (DeliveryState.ARRIVED, RecallState.TAKING_BACK)
    assert Demand.objects.get().state == DemandState.OPEN


def test_a_worker_killed_between_call_and_record_asks_again_and_changes_nothing(
    cast: Cast, now: datetime
) -> None:
    sent = a_sent_document(cast)
    a_notice(cast, sent.sent_id)
    run(now)
    Ask.objects.update(state=AskState.DUE)
    before = database_state(but=("exchange.Ask", "audit.AuditEvent", "audit.ChainHead"))
    exchange.send_asks(ask_ids=[Ask.objects.get().pk], now=now)
    assert Ask.objects.get().state == AskState.SENT
    after = database_state(but=("exchange.Ask", "audit.AuditEvent", "audit.ChainHead"))
    assert after == before


def test_asks_whose_job_gave_up_are_owed_again(cast: Cast, now: datetime) -> None:
    from vanthu.kernel.actor import system_actor

    sent = a_sent_document(cast)
    exchange.ask_back(
        actor=cast.a.clerk, document_id=sent.sent_id, order=an_order(cast, sent.sent_id), now=now
    )
    Job.objects.filter(kind="exchange.send_asks").delete()
    assert exchange.remind_of_asks(actor=system_actor(None), now=now + timedelta(hours=1)) == 0
    assert exchange.remind_of_asks(actor=system_actor(None), now=now + timedelta(hours=3)) == 1
    run(now + timedelta(hours=3))
    assert sent.demand.state == DemandState.OPEN


@pytest.fixture
def asked(cast: Cast, now: datetime) -> StatusMessage:
    """B's answer to A's request, to be changed and repeated."""
    sent = a_sent_document(cast)
    ask_back(cast, sent.sent_id)
    return StatusMessage(sent.delivery.message_id, cast.a.code, cast.b.code, "15", "", now)


def test_an_answer_that_comes_twice_is_taken_in_once(cast: Cast, now: datetime, asked: StatusMessage) -> None:
    receive_status(asked, now=now)
    with audited() as log:
        receive_status(asked, now=now + timedelta(hours=1))
    assert log.events == []
    receive_status(replace(asked, at=now + timedelta(minutes=1)), now=now)
    assert Delivery.objects.get().recall == RecallState.TAKEN_BACK


def test_an_answer_that_nobody_asked_for_is_kept_and_changes_nothing(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    message = StatusMessage(sent.delivery.message_id, cast.a.code, cast.b.code, "15", "", now)
    receive_status(message, now=now)
    assert (sent.delivery.recall, codes_of(sent.delivery)) == (RecallState.NONE, ["01", "15"])


def test_whoever_declined_and_then_withdraws_after_all_is_believed(
    cast: Cast, now: datetime, asked: StatusMessage
) -> None:
    receive_status(replace(asked, code="16"), now=now)
    receive_status(replace(asked, at=now + timedelta(minutes=1)), now=now)
    assert Delivery.objects.get().recall == RecallState.TAKEN_BACK
    receive_status(replace(asked, code="16", at=now + timedelta(minutes=2)), now=now)
    assert Delivery.objects.get().recall == RecallState.TAKEN_BACK


def test_a_revocation_that_overtakes_its_document_waits_for_it(cast: Cast, now: datetime) -> None:
    """Two packages in the wrong order: the later one is known by the document's id."""
    from tests.factories.exchange import an_envelope
    from vanthu.edxml.message import Business, BusinessInfo

    document = an_envelope(cast, document_id="H26.1,2026/11/20,5/SNV-VP")
    business = BusinessInfo(Business.REVOKE, "Sai thẩm quyền", document.document_id)
    revocation = replace(document, message_id="thu-hoi", business=business, files=())
    receive_envelope(revocation, now=now)
    assert Arrival.objects.count() == 0
    receive_envelope(document, now=now)
    demand = Demand.objects.get()
    assert (demand.state, demand.kind) == (DemandState.OPEN, AskKind.REVOKE)
