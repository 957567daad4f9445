"""Planning deliveries, sending them, and what becomes of a line that fails."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.factories.registry import a_sealed_document, an_issued_document
from tests.proof import audited, demand_true_counters, queues_with, refused
from vanthu.documents.queries import document_card, record_of
from vanthu.documents.rules.kinds import FileRole
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import Arrival, Delivery, StatusIn
from vanthu.exchange.operations.send import claim_deliveries, envelope_of
from vanthu.exchange.queries import answers_sent, came_by, deliveries_of, has_open_refusals
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.foundation import worker
from vanthu.foundation.models import Job
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Urgency
from vanthu.kernel.errors import NotPermitted, NotReady, NotVisible
from vanthu.organizations.models import Agency, AgencyStatus
from vanthu.organizations.operations import set_receiving_ability
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry import operations as registry
from vanthu.signing.rules.verdicts import Verdict


def ids_of(document_id: int) -> list[int]:
    return [row.id for row in deliveries_of(document_id)]


def test_each_recipient_gets_a_delivery_and_the_batch_a_job(cast: Cast) -> None:
    document_id = an_issued_document(cast, to=(cast.b.code, cast.ward.row.code), urgency=Urgency.EXPRESS)
    rows = deliveries_of(document_id)
    assert {row.recipient_code for row in rows} == {cast.b.code, cast.ward.row.code}
    assert {row.state for row in rows} == {DeliveryState.TO_SEND}
    (job,) = Job.objects.filter(kind="exchange.deliver")
    assert sorted(job.args["delivery_ids"]) == sorted(row.id for row in rows)
    assert job.priority == 30


def test_who_cannot_receive_electronically_gets_paper_and_the_list_says_why(
    cast: Cast, now: datetime
) -> None:
    set_receiving_ability(
        actor=cast.city_admin, agency_id=cast.ward.row.id, able=False, reason="Chưa có đường truyền", now=now
    )
    document_id = an_issued_document(cast, to=(cast.b.code, cast.ward.row.code))
    states = {row.recipient_code: (row.state, row.last_error) for row in deliveries_of(document_id)}
    assert states == {
        cast.b.code: (DeliveryState.TO_SEND, ""),
        cast.ward.row.code: (DeliveryState.PAPER, "Chưa có đường truyền"),
    }
    worker.run_all(now=lambda: now)
    assert not Arrival.objects.filter(recipient_code=cast.ward.row.code).exists()


def test_a_delivery_arrives_once_in_the_receivers_own_record(cast: Cast, now: datetime) -> None:
    """D6, D9: the receiver's transaction, the same bytes, nothing else in common."""
    document_id = an_issued_document(cast)
    with audited() as log:
        worker.run_all(now=lambda: now)

    (row,) = deliveries_of(document_id)
    assert (row.state, row.attempts, row.sent_at) == (DeliveryState.ARRIVED, 1, now)
    assert [status.code for status in row.statuses] == [StatusCode.ARRIVED]
    arrival = Arrival.objects.get()
    received = document_card(actor=cast.b.clerk, document_id=arrival.document_id or 0)
    sent = record_of(document_id)
    assert received.id != sent.id
    assert (received.agency_id, received.direction) == (cast.b.id, "INCOMING")
    assert (received.main_sha256, received.full_number) == (sent.main_sha256, sent.full_number)
    assert (received.issuer_code, received.verdict) == (cast.a.code, Verdict.VALID)
    assert came_by(received.id) == "local"
    chains = {event.chain for event in log.events if event.verb == "exchange.envelope.receive"}
    assert chains == {cast.b.id}
    demand_true_counters()


def test_sending_again_changes_nothing(cast: Cast, now: datetime) -> None:
    document_id = an_issued_document(cast)
    worker.run_all(now=lambda: now)
    with audited() as log:
        exchange.send_deliveries(delivery_ids=ids_of(document_id), now=now)
    assert log.events == []
    assert Arrival.objects.count() == 1


def test_a_worker_that_died_after_the_call_does_not_make_it_arrive_twice(cast: Cast, now: datetime) -> None:
    document_id = an_issued_document(cast)
    worker.run_all(now=lambda: now)
    Delivery.objects.update(state=DeliveryState.SENDING)

    exchange.send_deliveries(delivery_ids=ids_of(document_id), now=now + timedelta(minutes=3))
    assert Arrival.objects.count() == 1
    assert deliveries_of(document_id)[0].state is DeliveryState.ARRIVED


def test_the_envelope_says_what_the_issued_document_says(cast: Cast) -> None:
    document_id = an_issued_document(cast)
    envelope, document = envelope_of(document_id), record_of(document_id)
    assert (envelope.sender_code, envelope.full_number) == (cast.a.code, document.full_number)
    assert (envelope.issued_on, envelope.signer_name) == (document.issued_on, cast.a.leader.name)
    assert [(file.role, file.sha256) for file in envelope.files] == [(FileRole.MAIN, document.main_sha256)]
    assert blobs().has(envelope.files[0].sha256)


def test_claiming_counts_the_attempts(cast: Cast) -> None:
    document_id = an_issued_document(cast)
    assert [row.attempts for row in claim_deliveries(ids_of(document_id))] == [1]
    assert [row.attempts for row in claim_deliveries(ids_of(document_id))] == [2]
    assert deliveries_of(document_id)[0].state is DeliveryState.SENDING


def test_a_receiver_closed_on_the_way_fails_for_good_and_the_clerk_learns_it(
    cast: Cast, now: datetime
) -> None:
    document_id = an_issued_document(cast)
    Agency.objects.filter(code=cast.b.code).update(status=AgencyStatus.CLOSED, closed_on=now.date())
    worker.run_all(now=lambda: now)

    (row,) = deliveries_of(document_id)
    assert row.state is DeliveryState.FAILED
    assert "Gửi cơ quan kế thừa" in row.last_error
    assert has_open_refusals(document_id)
    assert queues_with(document_id) == {Queue.REFUSED}
    assert not Arrival.objects.exists()
    demand_true_counters()


def test_a_refusal_is_acknowledged_once_by_the_senders_clerk(cast: Cast, now: datetime) -> None:
    document_id = an_issued_document(cast)
    with refused("exchange.delivery.not-refused", kind=NotReady):
        exchange.acknowledge_refusals(actor=cast.a.clerk, document_id=document_id, now=now)
    Agency.objects.filter(code=cast.b.code).update(status=AgencyStatus.CLOSED, closed_on=now.date())
    worker.run_all(now=lambda: now)
    with refused("registry.not-clerk", kind=NotPermitted):
        exchange.acknowledge_refusals(actor=cast.a.leader, document_id=document_id, now=now)
    with refused("document.not-found", kind=NotVisible):
        exchange.acknowledge_refusals(actor=cast.b.clerk, document_id=document_id, now=now)

    with audited() as log:
        exchange.acknowledge_refusals(actor=cast.a.clerk, document_id=document_id, now=now)
    assert log.by("exchange.refusal.acknowledge").detail["refusals"] == 1
    assert queues_with(document_id) == set()
    assert not has_open_refusals(document_id)
    demand_true_counters()


@pytest.mark.parametrize("count", [1, 3])
def test_a_document_to_many_is_issued_in_one_act(cast: Cast, now: datetime, count: int) -> None:
    everybody = (cast.b.code, cast.ward.row.code, "H26")
    document_id = a_sealed_document(cast, to=everybody[:count])
    registry.issue_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    worker.run_all(now=lambda: now)
    assert Arrival.objects.count() == count == StatusIn.objects.filter(code=StatusCode.ARRIVED).count()


def test_a_paper_document_owes_nobody_an_answer(cast: Cast, now: datetime) -> None:
    document_id = an_issued_document(cast)
    with audited() as log:
        exchange.answer(actor=cast.a.clerk, document_id=document_id, code=StatusCode.ACCEPTED, now=now)
    assert log.events == []
    assert answers_sent(document_id) == ()
