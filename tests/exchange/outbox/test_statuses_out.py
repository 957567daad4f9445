"""Statuses over the axis: one message for each code that was addressed, in their order, spelt as the sender spelt it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.cast import Cast
from tests.exchange.outbox.gateway import ScriptedGateway
from tests.factories.exchange import an_envelope
from tests.factories.registry import an_issued_document
from vanthu.exchange import operations as exchange
from vanthu.exchange.channel import StatusMessage
from vanthu.exchange.channels import VXP
from vanthu.exchange.models import Arrival, Delivery, Packet, PacketState, StatusOut, StatusState
from vanthu.exchange.operations import receive_envelope
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.foundation import worker
from vanthu.kernel.actor import system_actor
from vanthu.kernel.due import local

THEIRS = "77/BTN - VP "


def run(at: datetime) -> None:
    worker.run_all(now=lambda: at)


@pytest.fixture
def arrival(cast: Cast, now: datetime) -> Arrival:
    """A document of a ministry that came over the axis to B, addressed by an old code too."""
    envelope = an_envelope(cast, sender_code="G99", sender_name="Bộ Thử nghiệm", channel=VXP)
    receive_envelope(envelope, now=now)
    arrival = Arrival.objects.get(message_id=envelope.message_id)
    arrival.their_code, arrival.their_issued_on = THEIRS, "2026/11/10"
    arrival.their_document_id = "G99,2026/11/10,77/BTN-VP"
    arrival.addressed_codes = [cast.b.code]
    arrival.save()
    StatusOut.objects.all().delete()
    return arrival


def say(arrival: Arrival, code: StatusCode, at: datetime, description: str = "") -> None:
    assert arrival.document_id is not None
    exchange.answer(
        actor=system_actor(arrival.agency_id),
        document_id=arrival.document_id,
        code=code,
        description=description,
        now=at,
    )


def test_a_status_answers_character_for_character(
    cast: Cast, now: datetime, line: ScriptedGateway, arrival: Arrival
) -> None:
    say(arrival, StatusCode.ACCEPTED, now, "Số đến 7")
    run(now)
    (status,) = line.sent("status")
    assert status.sender == cast.b.code == status.text("From/OrganId")
    assert status.text("ResponseFor/OrganId") == "G99"
    assert status.text("ResponseFor/Code") == THEIRS
    assert status.text("ResponseFor/DocumentId") == "G99,2026/11/10,77/BTN-VP"
    assert status.text("ResponseFor/PromulgationDate") == "2026/11/10"
    assert (status.text("StatusCode"), status.text("Description")) == ("03", "Số đến 7")
    assert status.text("Timestamp") == f"{local(now):%Y/%m/%d %H:%M:%S}"
    assert status.text("StaffInfo/Department")
    assert StatusOut.objects.get().state == StatusState.SENT


def test_each_code_that_was_addressed_is_answered(
    cast: Cast, now: datetime, line: ScriptedGateway, arrival: Arrival
) -> None:
    Arrival.objects.update(addressed_codes=[cast.b.code, "000.00.15.H26"])
    say(arrival, StatusCode.ARRIVED, now)
    run(now)
    assert sorted(row.text("From/OrganId") for row in line.sent("status")) == sorted(
        [cast.b.code, "000.00.15.H26"]
    )
    assert StatusOut.objects.get().state == StatusState.SENT


def test_statuses_of_one_document_leave_in_their_order(
    cast: Cast, now: datetime, line: ScriptedGateway, arrival: Arrival
) -> None:
    """01 is lost on the way: 03 and 05 wait for it."""
    line.script = ["gone"]
    for minute, code in enumerate((StatusCode.ARRIVED, StatusCode.ACCEPTED, StatusCode.IN_PROGRESS)):
        say(arrival, code, now + timedelta(minutes=minute))
    run(now + timedelta(minutes=3))
    assert line.taken == []
    assert StatusOut.objects.filter(state=StatusState.DUE).count() == 3
    run(now + timedelta(minutes=4))
    run(now + timedelta(minutes=5))
    assert [row.text("StatusCode") for row in line.sent("status")] == ["01", "03", "05"]
    assert not StatusOut.objects.filter(state=StatusState.DUE).exists()


def test_a_trace_that_exists_is_a_status_that_came(
    cast: Cast, now: datetime, line: ScriptedGateway, arrival: Arrival
) -> None:
    line.script = ["fail:9999:Exist trace on esb G99"]
    say(arrival, StatusCode.ACCEPTED, now)
    run(now)
    assert StatusOut.objects.get().state == StatusState.SENT
    assert Packet.objects.get().state == PacketState.TAKEN


def test_a_repeated_05_is_another_status(
    cast: Cast, now: datetime, line: ScriptedGateway, arrival: Arrival
) -> None:
    say(arrival, StatusCode.IN_PROGRESS, now)
    say(arrival, StatusCode.IN_PROGRESS, now + timedelta(hours=1))
    run(now + timedelta(hours=1))
    assert [row.text("StatusCode") for row in line.sent("status")] == ["05", "05"]


def test_a_worker_that_died_after_posting_does_not_post_twice(
    cast: Cast, now: datetime, line: ScriptedGateway, arrival: Arrival
) -> None:
    say(arrival, StatusCode.ACCEPTED, now)
    status = StatusOut.objects.get()
    exchange.deliver_status(status_id=status.pk, now=now)
    StatusOut.objects.update(packet=None)
    exchange.deliver_status(status_id=status.pk, now=now + timedelta(minutes=1))
    run(now + timedelta(minutes=2))
    assert len(line.sent("status")) == 1
    status.refresh_from_db()
    assert status.state == StatusState.SENT


@pytest.mark.usefixtures("outside")
def test_what_is_asked_back_names_the_receiver_and_our_own_document(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    """13 goes the other way: From = we, ResponseFor/OrganId = the receiver, DocumentId = ours (edxml.md §4)."""
    an_issued_document(cast, to=("G99",))
    run(now)
    delivery = Delivery.objects.get()
    message = StatusMessage(delivery.message_id, cast.a.code, "G99", "13", "Gửi nhầm nơi nhận", now)
    exchange.post_status(message, now=now)
    run(now)
    (status,) = line.sent("status")
    issued = line.sent("edoc")[0]
    assert (status.text("From/OrganId"), status.text("ResponseFor/OrganId")) == (cast.a.code, "G99")
    assert status.text("ResponseFor/DocumentId") == issued.text("DocumentId")
    assert status.text("ResponseFor/Code") == issued.text("Code/CodeNumber") + "/" + issued.text(
        "Code/CodeNotation"
    )
    assert status.text("ResponseFor/PromulgationDate") == f"{date(2026, 11, 20):%Y/%m/%d}"
    assert (status.text("StatusCode"), status.text("Description")) == ("13", "Gửi nhầm nơi nhận")
