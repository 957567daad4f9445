"""Packages that come in, and the statuses that go back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.cast import CLOSED, Cast
from tests.factories.exchange import an_arrival, an_envelope
from tests.factories.registry import an_issued_document
from tests.proof import audited, database_state, demand_true_counters, queues_with, refused
from vanthu.documents.models import Document, QuarantinedPackage
from vanthu.exchange import operations as exchange
from vanthu.exchange.channel import StatusMessage
from vanthu.exchange.models import Arrival, Delivery, StatusIn, StatusOut, StatusState
from vanthu.exchange.operations import receive_envelope, receive_status
from vanthu.exchange.operations.receive import CannotReceive
from vanthu.exchange.queries import answers_sent, deliveries_of
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.foundation import worker
from vanthu.foundation.models import Job
from vanthu.kernel.actor import system_actor
from vanthu.queues.rules.catalogue import Queue


def test_a_package_is_taken_in_once_however_often_it_is_sent(cast: Cast, now: datetime) -> None:
    envelope = an_envelope(cast)
    receive_envelope(envelope, now=now)
    before = database_state()
    with audited() as log:
        receive_envelope(envelope, now=now + timedelta(hours=1))
    assert log.events == []
    assert database_state() == before


def test_a_package_arrives_as_the_system_account_of_the_receiver(cast: Cast, now: datetime) -> None:
    envelope = an_envelope(cast)
    with audited() as log:
        receive_envelope(envelope, now=now)
    event = log.by("exchange.envelope.receive")
    assert (event.chain, event.actor_id) == (cast.b.id, None)
    assert event.detail == {"message": envelope.message_id, "sender": cast.a.code}
    demand_true_counters()


def test_a_file_that_nobody_checked_is_checked_by_a_job(cast: Cast, now: datetime) -> None:
    an_arrival(cast, verdict=None)
    assert Job.objects.filter(kind="registry.verify").count() == 1
    an_arrival(cast)
    assert Job.objects.filter(kind="registry.verify").count() == 1


def test_an_old_verdict_is_not_trusted(cast: Cast, now: datetime) -> None:
    """Revocation may have come since."""
    an_arrival(cast)
    receive_envelope(an_envelope(cast), now=now + timedelta(hours=25))
    assert Job.objects.filter(kind="registry.verify").count() == 1


def test_a_closed_agency_takes_nothing_and_names_its_successor(cast: Cast, now: datetime) -> None:
    envelope = replace(an_envelope(cast), recipient_code=CLOSED)
    with refused("exchange.recipient.closed", kind=CannotReceive):
        receive_envelope(envelope, now=now)
    with pytest.raises(CannotReceive) as refusal:
        receive_envelope(envelope, now=now)
    assert refusal.value.details["successors"] == cast.ward.row.name


def test_an_unknown_agency_takes_nothing(cast: Cast, now: datetime) -> None:
    envelope = replace(an_envelope(cast), recipient_code="H26.KHONG")
    with refused("exchange.recipient.unknown", kind=CannotReceive):
        receive_envelope(envelope, now=now)


def test_what_is_marked_secret_goes_into_quarantine_unopened(cast: Cast, now: datetime) -> None:
    """D44: digest, sender and time remain; no record is made of it; the sender is told."""
    envelope = an_envelope(cast, subject="Kế hoạch (MẬT)")
    documents = Document.objects.count()
    with audited() as log:
        receive_envelope(envelope, now=now)
        receive_envelope(envelope, now=now)

    assert Document.objects.count() == documents
    (package,) = QuarantinedPackage.objects.all()
    assert (package.sha256, package.at) == (envelope.files[0].sha256, now)
    assert cast.a.code in package.sender
    arrival = Arrival.objects.get()
    assert arrival.document_id is None
    assert [row.code for row in StatusOut.objects.filter(arrival=arrival)] == [StatusCode.REFUSED]
    assert log.verbs.count("documents.package.quarantine") == 1


def test_an_answer_is_owed_in_the_transaction_and_sent_once(cast: Cast, now: datetime) -> None:
    sent = an_issued_document(cast)
    worker.run_all(now=lambda: now)
    received = Arrival.objects.get().document_id or 0
    exchange.answer(
        actor=cast.b.clerk, document_id=received, code=StatusCode.ACCEPTED, description="Số đến 7", now=now
    )
    assert [(row.code, row.description) for row in answers_sent(received)] == [
        (StatusCode.ACCEPTED, "Số đến 7")
    ]
    status = StatusOut.objects.get()
    assert status.state == StatusState.DUE

    exchange.deliver_status(status_id=status.pk, now=now)
    status.refresh_from_db()
    assert status.state == StatusState.SENT
    with audited() as log:
        exchange.deliver_status(status_id=status.pk, now=now)
    assert log.events == []
    (row,) = deliveries_of(sent)
    assert row.state is DeliveryState.ACCEPTED


@pytest.fixture
def message(cast: Cast, now: datetime) -> StatusMessage:
    """B's acceptance of a document that A sent."""
    an_issued_document(cast)
    delivery = Delivery.objects.get()
    return StatusMessage(delivery.message_id, cast.a.code, cast.b.code, StatusCode.ACCEPTED, "", now)


def test_a_status_is_taken_in_once(cast: Cast, now: datetime, message: StatusMessage) -> None:
    """D25: equal by document, agency, code and time."""
    receive_status(message, now=now)
    with audited() as log:
        receive_status(message, now=now + timedelta(hours=1))
    assert log.events == []
    assert StatusIn.objects.count() == 1

    receive_status(replace(message, at=now + timedelta(minutes=1)), now=now)
    assert StatusIn.objects.count() == 2


def test_a_status_is_written_into_the_senders_chain(
    cast: Cast, now: datetime, message: StatusMessage
) -> None:
    with audited() as log:
        receive_status(message, now=now)
    event = log.by("exchange.status.receive")
    assert (event.chain, event.detail) == (cast.a.id, {"code": "03", "recipient": cast.b.code})


def test_a_late_status_is_kept_but_changes_nothing(cast: Cast, now: datetime, message: StatusMessage) -> None:
    receive_status(replace(message, code=StatusCode.DONE), now=now)
    receive_status(message, now=now)
    assert Delivery.objects.get().state == DeliveryState.DONE
    assert StatusIn.objects.count() == 2


def test_a_return_after_acceptance_alerts_the_senders_clerk(
    cast: Cast, now: datetime, message: StatusMessage
) -> None:
    receive_status(message, now=now)
    refusal = replace(message, code=StatusCode.REFUSED, description="Sai thể thức")
    receive_status(refusal, now=now)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == (DeliveryState.RETURNED_LATE, "Sai thể thức")
    assert queues_with(delivery.document_id) == {Queue.REFUSED}
    demand_true_counters()


def test_a_refusal_that_overtook_the_acceptance_is_a_return_and_is_told_once(
    cast: Cast, now: datetime, message: StatusMessage
) -> None:
    """The line reorders; the receiver's clock says what happened first."""
    late = now + timedelta(minutes=1)
    receive_status(replace(message, code=StatusCode.REFUSED, description="Sai thể thức", at=late), now=late)
    document_id = Delivery.objects.get().document_id
    exchange.acknowledge_refusals(actor=cast.a.clerk, document_id=document_id, now=late)
    receive_status(message, now=late)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == (DeliveryState.RETURNED_LATE, "Sai thể thức")
    assert delivery.is_acknowledged
    assert queues_with(document_id) == set()


def test_a_status_of_an_unknown_package_is_a_mistake_of_the_line(
    cast: Cast, now: datetime, message: StatusMessage
) -> None:
    with pytest.raises(Delivery.DoesNotExist):
        receive_status(replace(message, message_id="khong-co"), now=now)


def test_a_code_that_nobody_knows_is_shown_and_changes_nothing(
    cast: Cast, now: datetime, message: StatusMessage
) -> None:
    before = Delivery.objects.get().state
    receive_status(replace(message, code="99"), now=now)
    receive_status(replace(message, code="99"), now=now)
    delivery = Delivery.objects.get()
    assert delivery.state == before
    assert [row.code for row in deliveries_of(delivery.document_id)[0].statuses] == ["99"]


def test_a_status_that_cannot_be_delivered_is_tried_again(cast: Cast, now: datetime) -> None:
    """The arrival's sender is unknown here: the line fails, the status stays owed."""
    received = an_arrival(cast)
    exchange.answer(actor=system_actor(cast.b.id), document_id=received, code=StatusCode.DONE, now=now)
    worker.run_all(now=lambda: now)
    assert StatusOut.objects.get().state == StatusState.DUE
    job = Job.objects.get(kind="exchange.send_status")
    assert (job.state, job.attempts) == ("READY", 1)
    assert job.run_at > now
